import AddressBooks
import WebDAV

/// What `PROPPATCH` and extended `MKCOL` do to a book's properties: all of it, in order, or nothing
/// (RFC 4918 §9.2, RFC 5689 §3).
struct PropertyChanges {
    /// Why a property is not changed.
    struct Fault: Hashable {
        let status: Int
        var condition: QualifiedName?

        /// RFC 4918 §9.2.1: the property is the server's own.
        static let protected = Fault(
            status: 403,
            condition: .dav("cannot-modify-protected-property")
        )
        /// RFC 4918 §9.2.1: the property cannot be kept here.
        static let forbidden = Fault(status: 403)
        /// RFC 4918 §9.2.1: there is no room for it.
        static let noRoom = Fault(status: 507)
        /// RFC 5689 §3.3.
        static let resourceType = Fault(status: 403, condition: .dav("valid-resourcetype"))
    }

    /// Thrown where not all can be done.
    struct Failure: Error {
        /// The properties, each once, in the order that they came, with what is wrong of it.
        let verdicts: [(name: QualifiedName, fault: Fault?)]

        /// The status of the first that is wrong.
        var status: Int { verdicts.lazy.compactMap(\.fault).first?.status ?? 403 }

        /// Joins what each step came to.
        init(_ steps: [(name: QualifiedName, fault: Fault?)]) {
            var faults: [QualifiedName: Fault] = [:]
            for step in steps where faults[step.name] == nil { faults[step.name] = step.fault }
            var seen = Set<QualifiedName>()
            verdicts = steps.filter { seen.insert($0.name).inserted }
                .map { ($0.name, faults[$0.name]) }
        }
    }

    /// Namespaces whose names the RFCs give out: what is no live property of theirs here is not for
    /// a client to invent.
    private static let reservedNamespaces: Set = [
        QualifiedName.Namespace.dav, QualifiedName.Namespace.carddav,
    ]

    let instructions: [PropertyUpdate.Instruction]

    /// The properties that are named, each once.
    var names: [QualifiedName] {
        var seen = Set<QualifiedName>()
        return instructions.map(\.name).filter { seen.insert($0).inserted }
    }

    /// Does all of it.
    ///
    /// - Throws: ``Failure`` where a property cannot be changed; what is half done is then of no use.
    func apply(
        to properties: inout BookProperties,
        _ dead: inout DeadProperties
    ) throws(Failure) {
        var steps: [(name: QualifiedName, fault: Fault?)] = []
        for instruction in instructions {
            let fault = Self.apply(instruction, to: &properties, &dead)
            steps.append((instruction.name, fault))
        }
        guard steps.allSatisfy({ $0.fault == nil }) else { throw Failure(steps) }
    }

    /// Refuses all of it, on a resource that keeps nothing.
    func refusal() -> Failure {
        Failure(
            instructions.map { instruction in
                (instruction.name, Self.isReserved(instruction.name) ? .protected : .forbidden)
            }
        )
    }

    private static func isReserved(_ name: QualifiedName) -> Bool {
        PropertyTable.live[name] != nil || reservedNamespaces.contains(name.namespace)
    }

    private static func apply(
        _ instruction: PropertyUpdate.Instruction,
        to properties: inout BookProperties,
        _ dead: inout DeadProperties
    ) -> Fault? {
        if let property = PropertyTable.live[instruction.name] {
            return apply(instruction, property, to: &properties)
        }
        if isReserved(instruction.name) { return .protected }
        switch instruction {
        case .remove(let name): dead.remove(namespace: name.namespace, name: name.localName)
        case .set(let element):
            guard let markup = element.markup else { return .noRoom }
            do throws(AddressBookError) {
                try dead.set(
                    DeadProperty(
                        namespace: element.name.namespace,
                        name: element.name.localName,
                        xml: markup
                    )
                )
            } catch {
                return .noRoom
            }
        }
        return nil
    }

    private static func apply(
        _ instruction: PropertyUpdate.Instruction,
        _ property: Property,
        to properties: inout BookProperties
    ) -> Fault? {
        switch instruction {
        case .remove:
            guard let remove = property.remove else { return .protected }
            remove(&properties)
        case .set(let element):
            guard let write = property.write else { return .protected }
            do throws(Refusal) {
                try write(element, &properties)
            } catch {
                return Fault(status: error.status, condition: error.condition)
            }
        }
        return nil
    }
}

extension PropertyChanges.Failure {
    /// The propstats: first those that nothing is wrong with, with 424, then the others by what is
    /// wrong with them.
    func write(into xml: inout XMLBuffer) {
        let innocent = verdicts.filter { $0.fault == nil }.map(\.name)
        if !innocent.isEmpty { Propstat.write(innocent, status: 424, into: &xml) }
        var seen = Set<PropertyChanges.Fault>()
        for fault in verdicts.compactMap(\.fault) where seen.insert(fault).inserted {
            Propstat.write(
                verdicts.filter { $0.fault == fault }.map(\.name),
                status: fault.status,
                condition: fault.condition,
                into: &xml
            )
        }
    }
}

extension PropertyUpdate.Instruction {
    /// The property that the instruction is about.
    var name: QualifiedName {
        switch self {
        case .set(let element): element.name
        case .remove(let name): name
        }
    }
}
