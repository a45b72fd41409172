/// The `If` header (RFC 4918 §10.4): lists of conditions, one of which must hold as a whole.
///
/// There are no locks here, so that a state token, `DAV:no-lock` included, matches nothing.
public struct IfHeader: Sendable, Equatable {
    /// The most conditions in one header.
    public static let maximumConditions = 256

    /// What a condition looks for.
    enum State: Sendable, Equatable {
        case token
        case tag(ETag)
    }

    /// One condition of a list.
    struct Condition: Sendable, Equatable {
        let isNegated: Bool
        let state: State
    }

    /// Conditions that must all hold, of one resource.
    struct List: Sendable, Equatable {
        /// The resource as the header names it; `nil` for the one that the request is about.
        let resource: String?
        let conditions: [Condition]
    }

    let lists: [List]

    /// Reads the header's value.
    ///
    /// - Throws: ``Refusal`` with status 400 for what is no such list, or too much of it.
    public init(_ text: String) throws(Refusal) {
        var scanner = IfScanner(text)
        lists = try scanner.lists()
    }

    /// Whether one of the lists holds.
    ///
    /// - Parameter etag: The tag of a resource, `nil` where there is none; asked with the resource
    ///   as the header names it, or with `nil` for the one that the request is about.
    /// - Returns: Whether the request may go on. Tags are compared strongly (RFC 9110 §8.8.3.2).
    public func holds(_ etag: (String?) throws -> ETag?) rethrows -> Bool {
        for list in lists {
            let current = try etag(list.resource)
            let holds = list.conditions.allSatisfy { condition in
                let matches =
                    switch condition.state {
                    case .token: false
                    case .tag(let tag): tag == current && !tag.isWeak
                    }
                return matches != condition.isNegated
            }
            if holds { return true }
        }
        return false
    }
}

/// Walks through the header's value.
private struct IfScanner {
    private let text: String
    private let bytes: [UInt8]
    private var position = 0
    private var conditionCount = 0

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    private var refusal: Refusal {
        Refusal(400, reason: "not an If header: \(text.debugDescription)")
    }

    mutating func lists() throws(Refusal) -> [IfHeader.List] {
        var lists: [IfHeader.List] = []
        var resource: String?
        var needsList = true
        skipSpace()
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "<") {
                // Either every list has a resource, or none (RFC 4918 §10.4.2); each resource a list.
                guard lists.isEmpty ? resource == nil : resource != nil && !needsList else {
                    throw refusal
                }
                resource = try enclosed(until: UInt8(ascii: ">"))
                needsList = true
            } else {
                lists.append(IfHeader.List(resource: resource, conditions: try conditions()))
                needsList = false
            }
            skipSpace()
        }
        guard !needsList else { throw refusal }
        return lists
    }

    private mutating func conditions() throws(Refusal) -> [IfHeader.Condition] {
        guard take(UInt8(ascii: "(")) else { throw refusal }
        var conditions: [IfHeader.Condition] = []
        skipSpace()
        while !take(UInt8(ascii: ")")) {
            conditionCount += 1
            guard conditionCount <= IfHeader.maximumConditions else {
                throw Refusal(
                    400,
                    reason: "an If header has at most \(IfHeader.maximumConditions) conditions"
                )
            }
            let isNegated = takeNot()
            conditions.append(IfHeader.Condition(isNegated: isNegated, state: try state()))
            skipSpace()
        }
        guard !conditions.isEmpty else { throw refusal }
        return conditions
    }

    private mutating func state() throws(Refusal) -> IfHeader.State {
        guard position < bytes.count else { throw refusal }
        if bytes[position] == UInt8(ascii: "<") {
            guard try !enclosed(until: UInt8(ascii: ">")).isEmpty else { throw refusal }
            return .token
        }
        guard take(UInt8(ascii: "[")) else { throw refusal }
        let isWeak = take(UInt8(ascii: "W"))
        if isWeak, !take(UInt8(ascii: "/")) { throw refusal }
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw refusal }
        let opaque = try enclosed(until: UInt8(ascii: "\""))
        guard take(UInt8(ascii: "]")) else { throw refusal }
        return .tag(ETag(opaque: opaque, isWeak: isWeak))
    }

    private mutating func takeNot() -> Bool {
        let word = bytes[position...].prefix(3).map { $0 | 0x20 }
        guard word == Array("not".utf8) else { return false }
        position += 3
        skipSpace()
        return true
    }

    /// What stands between the byte here and the next of a kind.
    private mutating func enclosed(until end: UInt8) throws(Refusal) -> String {
        let start = position + 1
        guard let close = bytes[start...].firstIndex(of: end) else { throw refusal }
        position = close + 1
        return String(decoding: bytes[start..<close], as: UTF8.self)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 {
            position += 1
        }
    }
}
