public import WebDAV

/// A multistatus as a client reads it.
public struct Multistatus {
    /// One response.
    public struct Response {
        /// The resource.
        public let href: String
        /// The status of the resource itself, where it has one.
        public let status: String?
        /// The propstats: the status line, and the properties under it.
        public let propstats: [(status: String, properties: [XMLElement])]
        /// The `error` inside the response.
        public let error: XMLElement?

        /// A property that was found.
        public func property(_ name: QualifiedName) -> XMLElement? {
            propstats.first { $0.status == "HTTP/1.1 200 OK" }?.properties.first { $0.name == name }
        }

        /// The names of properties that are not there.
        public var missing: [QualifiedName] {
            propstats.first { $0.status.contains(" 404 ") }?.properties.map(\.name) ?? []
        }
    }

    /// What was answered.
    public let answer: HTTPAnswer
    /// The responses, in order.
    public let responses: [Response]
    /// The token of a sync report.
    public let syncToken: String?

    /// Reads an answer.
    ///
    /// - Throws: Where it is no multistatus.
    public init(_ answer: HTTPAnswer) throws {
        self.answer = answer
        guard answer.status == 207, answer["content-type"] == "application/xml; charset=utf-8"
        else {
            throw HTTPTrouble.malformed("\(answer.status): \(answer.text)")
        }
        // What a server takes from anybody bounds a client that asked for a large book no more.
        var limits = XMLLimits()
        limits.bytes = .max
        limits.elements = .max
        let reader = XMLReader(limits: limits)
        // libxml2 takes no more than 10 MB at once.
        for start in stride(from: 0, to: answer.body.count, by: 1 << 20) {
            try reader.feed(Array(answer.body[start..<min(start + 1 << 20, answer.body.count)]))
        }
        guard let root = try reader.finish(), root.name == .dav("multistatus") else {
            throw HTTPTrouble.malformed(answer.text)
        }
        syncToken = root.first(.dav("sync-token"))?.text
        responses = root.all(.dav("response")).map { response in
            Response(
                href: response.first(.dav("href"))?.text ?? "",
                status: response.first(.dav("status"))?.text,
                propstats: response.all(.dav("propstat")).map { propstat in
                    (
                        propstat.first(.dav("status"))?.text ?? "",
                        propstat.first(.dav("prop"))?.children ?? []
                    )
                },
                error: response.first(.dav("error"))
            )
        }
    }

    /// The response for a resource.
    public subscript(_ href: String) -> Response? { responses.first { $0.href == href } }
}

/// Cards for tests.
public enum TestCard {
    /// A small card of version 3.0.
    public static func text(
        _ name: String,
        uid: String?,
        _ more: String...
    ) -> String {
        text(name, uid: uid, more)
    }

    /// A small card of version 3.0, with more lines.
    public static func text(_ name: String, uid: String?, _ more: [String]) -> String {
        var lines = ["BEGIN:VCARD", "VERSION:3.0", "FN:\(name)", "N:\(name);;;;"]
        if let uid { lines.append("UID:\(uid)") }
        return (lines + more + ["END:VCARD", ""]).joined(separator: "\r\n")
    }
}
