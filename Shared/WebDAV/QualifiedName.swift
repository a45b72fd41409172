/// The name of an XML element or attribute: a namespace and a local name.
public struct QualifiedName: Hashable, Sendable, CustomStringConvertible {
    /// The namespace's URI; empty where there is none.
    public let namespace: String
    /// The name inside the namespace.
    public let localName: String

    /// Joins a namespace and a name.
    public init(_ namespace: String, _ localName: String) {
        self.namespace = namespace
        self.localName = localName
    }

    /// The namespaces that every answer declares.
    public enum Namespace {
        /// RFC 4918 §14.
        public static let dav = "DAV:"
        /// RFC 6352 §5.
        public static let carddav = "urn:ietf:params:xml:ns:carddav"
        /// Where `getctag` lies.
        public static let calendarServer = "http://calendarserver.org/ns/"
    }

    /// A name of RFC 4918 and its kin.
    public static func dav(_ localName: String) -> QualifiedName {
        QualifiedName(Namespace.dav, localName)
    }

    /// A name of RFC 6352.
    public static func carddav(_ localName: String) -> QualifiedName {
        QualifiedName(Namespace.carddav, localName)
    }

    /// A name of Apple's calendar server.
    public static func calendarServer(_ localName: String) -> QualifiedName {
        QualifiedName(Namespace.calendarServer, localName)
    }

    /// The name as people write it: `{DAV:}prop`.
    public var description: String { "{\(namespace)}\(localName)" }
}
