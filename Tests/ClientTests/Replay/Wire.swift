import Foundation
import TestSupport
import WebDAV

/// Why a real client would give up on an answer.
struct Rejected: Error, CustomStringConvertible {
    let description: String

    init(_ reason: String) { description = reason }
}

/// A client's way to speak HTTP: its own header fields, and when it shows its credentials.
final class Wire {
    /// When credentials are sent.
    enum Credentials {
        /// With every request once the server has asked for them.
        case onceAsked
        /// Each request goes out bare first, with its body, and again with credentials.
        case askedEachTime
    }

    /// What went over the wire, for a test to look at.
    struct Exchange: Equatable {
        let method: String
        let path: String
        let status: Int
        let isAuthorized: Bool
    }

    private(set) var exchanges: [Exchange] = []
    let port: Int
    private let user: (String, String)
    private let fields: [(String, String)]
    private let credentials: Credentials
    private var isAsked = false
    private var connection: HTTPConnection?

    init(
        _ server: TestServer,
        user: (String, String) = TestServer.writer,
        _ credentials: Credentials,
        fields: [(String, String)]
    ) {
        port = server.port
        self.user = user
        self.credentials = credentials
        self.fields = fields
    }

    /// Sends a request, and once more with credentials where it is asked for them.
    ///
    /// - Throws: ``Rejected`` for a challenge that no client can meet.
    func send(
        _ method: String,
        _ path: String,
        _ more: [(String, String)] = [],
        body: String? = nil
    ) throws -> HTTPAnswer {
        if case .onceAsked = credentials, isAsked {
            return try exchange(method, path, more, body, isAuthorized: true)
        }
        let answer = try exchange(method, path, more, body, isAuthorized: false)
        guard answer.status == 401 else { return answer }
        guard answer["www-authenticate"]?.hasPrefix("Basic realm=\"") == true else {
            throw Rejected("a 401 without a Basic challenge")
        }
        isAsked = true
        return try exchange(method, path, more, body, isAuthorized: true)
    }

    /// Sends a request and follows redirects with the same method and body, five at the most.
    ///
    /// - Returns: The last answer, and the path that it came from.
    /// - Throws: ``Rejected`` where a redirect leads nowhere or to another origin.
    func sendFollowing(
        _ method: String,
        _ path: String,
        _ more: [(String, String)] = [],
        body: String? = nil
    ) throws -> (answer: HTTPAnswer, path: String) {
        var path = path
        for _ in 0...5 {
            let answer = try send(method, path, more, body: body)
            guard [301, 302, 307, 308].contains(answer.status) else { return (answer, path) }
            guard let location = answer["location"] else { throw Rejected("a redirect to nowhere") }
            path = try resolve(location, against: path)
        }
        throw Rejected("too many redirects")
    }

    /// The path that an href or a Location means.
    ///
    /// - Throws: ``Rejected`` for another origin: clients send no credentials there.
    func resolve(_ reference: String, against path: String) throws -> String {
        let origin = "http://localhost:\(port)"
        guard let base = URL(string: origin + path),
            let url = URL(string: reference, relativeTo: base)?.absoluteString,
            url.hasPrefix(origin + "/")
        else { throw Rejected("\(reference) is on another origin") }
        return String(url.dropFirst(origin.count))
    }

    /// The root element of a multistatus: 207 with a media type of XML, else every client gives up.
    static func multistatus(_ answer: HTTPAnswer) throws -> XMLElement {
        guard answer.status == 207 else {
            throw Rejected("\(answer.status) is no multistatus: \(answer.text)")
        }
        let type = answer["content-type"]?.prefix { $0 != ";" }
        guard type == "application/xml" || type == "text/xml" else {
            throw Rejected("a multistatus of type \(type ?? "none")")
        }
        guard let root = try xml(answer), root.name == .dav("multistatus") else {
            throw Rejected("a 207 without a multistatus")
        }
        return root
    }

    /// The root element of an answer's body.
    static func xml(_ answer: HTTPAnswer) throws -> XMLElement? {
        guard answer.body.starts(with: Array("<?xml".utf8)) else {
            throw Rejected("XML without a declaration")
        }
        let reader = XMLReader()
        try reader.feed(answer.body)
        return try reader.finish()
    }

    private func exchange(
        _ method: String,
        _ path: String,
        _ more: [(String, String)],
        _ body: String?,
        isAuthorized: Bool
    ) throws -> HTTPAnswer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\n"
        for (name, value) in fields + more { head += "\(name): \(value)\r\n" }
        if isAuthorized {
            let pair = Data("\(user.0):\(user.1)".utf8).base64EncodedString()
            head += "Authorization: Basic \(pair)\r\n"
        }
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        let answer = try exchange(Array("\(head)\r\n\(body ?? "")".utf8), isHead: method == "HEAD")
            .unpacked()
        if answer["connection"]?.lowercased() == "close" { connection = nil }
        exchanges.append(
            Exchange(method: method, path: path, status: answer.status, isAuthorized: isAuthorized)
        )
        return answer
    }

    /// A kept connection may have been closed meanwhile: then the request goes over a fresh one.
    private func exchange(_ bytes: [UInt8], isHead: Bool) throws -> HTTPAnswer {
        if let connection {
            do {
                try connection.send(bytes)
                return try connection.readAnswer(isHead: isHead)
            } catch HTTPTrouble.closed(let received) where received.isEmpty {
                self.connection = nil
            }
        }
        let fresh = try HTTPConnection(port: port)
        connection = fresh
        try fresh.send(bytes)
        return try fresh.readAnswer(isHead: isHead)
    }
}

extension XMLElement {
    /// The first descendant on a way of names.
    func first(_ way: [QualifiedName]) -> XMLElement? {
        var element: XMLElement? = self
        for name in way { element = element?.first(name) }
        return element
    }

    /// The `response` elements of a multistatus.
    var responses: [XMLElement] { all(.dav("response")) }

    /// The text of the first `href` inside.
    var href: String { first(.dav("href"))?.trimmedText ?? "" }

    /// A property out of whichever propstat was successful, as most clients read a response.
    func found(_ name: QualifiedName) -> XMLElement? {
        for propstat in all(.dav("propstat")) {
            guard let status = propstat.first(.dav("status"))?.text.split(separator: " "),
                status.count >= 2, status[0].hasPrefix("HTTP/"), status[1].hasPrefix("2")
            else { continue }
            if let property = propstat.first([.dav("prop"), name]) { return property }
        }
        return nil
    }

    /// Whether a response's `resourcetype` has a type.
    func isOfType(_ type: QualifiedName) -> Bool {
        found(.dav("resourcetype"))?.first(type) != nil
    }

    /// The privileges of a response's `current-user-privilege-set`, each by its local name.
    var privileges: Set<String> {
        let set = found(.dav("current-user-privilege-set"))?.all(.dav("privilege")) ?? []
        return Set(set.flatMap { $0.children.map(\.name.localName) })
    }
}
