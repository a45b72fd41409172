/// Which properties a request wants.
public enum PropertyRequest: Sendable {
    /// All that come without being named, and these (RFC 4918 §14.2, §14.8).
    case all(include: [QualifiedName])
    /// The names of all (RFC 4918 §14.20).
    case names
    /// These, each with what is inside its element: `address-data` has a form (RFC 6352 §10.4).
    case some([XMLElement])

    /// The most properties that one request names.
    public static let maximumProperties = 256

    /// Reads the first `prop`, `allprop` or `propname` inside an element; `nil` where there is none.
    init?(in element: XMLElement) throws(Refusal) {
        for child in element.children {
            switch child.name {
            case .dav("allprop"):
                let include = element.first(.dav("include"))?.children.map(\.name) ?? []
                self = .all(include: Array(include.prefix(Self.maximumProperties)))
                return
            case .dav("propname"):
                self = .names
                return
            case .dav("prop"):
                guard child.children.count <= Self.maximumProperties else {
                    throw Refusal(
                        400, reason: "at most \(Self.maximumProperties) properties at once")
                }
                self = .some(child.children)
                return
            default: continue
            }
        }
        return nil
    }

    /// What a report asks for that names no properties: none, so that only hrefs are told.
    public init(report element: XMLElement) throws(Refusal) {
        self = try PropertyRequest(in: element) ?? .some([])
    }
}

/// The body of `PROPFIND` (RFC 4918 §14.20).
public struct Propfind: Sendable {
    /// Which properties are wanted.
    public let request: PropertyRequest

    /// Reads a body; none at all means `allprop` (RFC 4918 §9.1).
    ///
    /// - Throws: ``Refusal`` with status 400 for another root, or nothing in it.
    public init(_ body: XMLElement?) throws(Refusal) {
        guard let body else {
            request = .all(include: [])
            return
        }
        guard body.name == .dav("propfind"), let request = try PropertyRequest(in: body) else {
            throw Refusal(
                400, reason: "PROPFIND takes a DAV:propfind with prop, allprop or propname in it")
        }
        self.request = request
    }
}

/// The body of `PROPPATCH` (RFC 4918 §14.19).
public struct PropertyUpdate: Sendable {
    /// One step of an update.
    public enum Instruction: Sendable {
        /// Gives a property the value in the element.
        case set(XMLElement)
        /// Takes a property away.
        case remove(QualifiedName)
    }

    /// The steps, in the order that they are to be done.
    public let instructions: [Instruction]

    /// Reads a body.
    ///
    /// - Throws: ``Refusal`` with status 400 for another root, nothing in it, or too much.
    public init(_ body: XMLElement?) throws(Refusal) {
        guard let body, body.name == .dav("propertyupdate") else {
            throw Refusal(400, reason: "PROPPATCH takes a DAV:propertyupdate")
        }
        var instructions: [Instruction] = []
        for step in body.children {
            let properties = step.all(.dav("prop")).flatMap(\.children)
            switch step.name {
            case .dav("set"): instructions += properties.map { .set($0) }
            case .dav("remove"): instructions += properties.map { .remove($0.name) }
            default: continue
            }
        }
        guard (1...PropertyRequest.maximumProperties).contains(instructions.count) else {
            throw Refusal(
                400,
                reason: "PROPPATCH sets or removes 1 to \(PropertyRequest.maximumProperties) properties")
        }
        self.instructions = instructions
    }
}

/// The body of `MKCOL` (RFC 5689 §5.1).
public struct ExtendedMkcol: Sendable {
    /// What to set on the new collection, the resource type included.
    public let properties: [XMLElement]
    /// The types that the new collection is to have.
    public let resourceTypes: [QualifiedName]

    /// Reads a body; none at all is a plain MKCOL.
    ///
    /// - Throws: ``Refusal`` with status 400 for another root, or too many properties.
    public init(_ body: XMLElement?) throws(Refusal) {
        guard let body else {
            properties = []
            resourceTypes = [.dav("collection")]
            return
        }
        guard body.name == .dav("mkcol") else {
            throw Refusal(400, reason: "MKCOL takes a DAV:mkcol, or no body")
        }
        properties = body.all(.dav("set")).flatMap { $0.all(.dav("prop")) }.flatMap(\.children)
        guard properties.count <= PropertyRequest.maximumProperties else {
            throw Refusal(
                400, reason: "at most \(PropertyRequest.maximumProperties) properties at once")
        }
        let types = properties.filter { $0.name == .dav("resourcetype") }.flatMap(\.children)
        resourceTypes = types.isEmpty ? [.dav("collection")] : types.map(\.name)
    }
}

/// The body of the `sync-collection` report (RFC 6578 §6.1).
public struct SyncCollection: Sendable {
    /// The token that the client has; `nil` for one that has none yet.
    public let token: String?
    /// The most changes that the client takes at once (RFC 6578 §3.7 with RFC 5323 §5.17).
    public let limit: Int?
    /// Which properties of what changed are wanted.
    public let request: PropertyRequest

    /// Reads a body.
    ///
    /// A missing `sync-level` is taken for 1: books have no collections inside, so that infinite
    /// means the same.
    ///
    /// - Throws: ``Refusal`` with status 400 for a level that is none, or a limit that is no number.
    public init(_ body: XMLElement) throws(Refusal) {
        let level = body.first(.dav("sync-level"))?.trimmedText.lowercased()
        guard level == nil || level == "1" || level == "infinite" || level == "infinity" else {
            throw Refusal(400, reason: "sync-level is 1 or infinite")
        }
        let text = body.first(.dav("sync-token"))?.trimmedText ?? ""
        token = text.isEmpty ? nil : text
        limit = try Self.limit(body.first(.dav("limit")), name: .dav("nresults"))
        request = try PropertyRequest(report: body)
    }

    /// Reads a `limit` element: its `nresults`, not below zero.
    public static func limit(
        _ element: XMLElement?,
        name: QualifiedName
    ) throws(Refusal) -> Int? {
        guard let element else { return nil }
        guard let text = element.first(name)?.trimmedText, let limit = Int(text), limit >= 0 else {
            throw Refusal(400, reason: "nresults is a number, 0 or above")
        }
        return limit
    }
}
