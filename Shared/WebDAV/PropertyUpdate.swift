/// The body of `PROPPATCH` (RFC 4918 §14.19).
public struct PropertyUpdate: Sendable {
    /// One step of an update.
    public enum Instruction: Sendable {
        /// Gives a property the value in the element.
        case set(XMLElement)
        /// Takes a property away.
        case remove(QualifiedName)
    }

    /// The steps, in the order that they are to be done (RFC 4918 §9.2).
    public let instructions: [Instruction]

    /// Reads a body.
    ///
    /// - Throws: ``Refusal`` with status 400 for another root, nothing in it, or more than
    ///   ``PropertyRequest/maximumProperties`` steps.
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
        guard !instructions.isEmpty else {
            throw Refusal(400, reason: "PROPPATCH sets or removes at least one property")
        }
        self.instructions = try PropertyRequest.limited(instructions)
    }
}
