/// What a request is answered with.
struct Response {
    /// The content of an answer.
    enum Content {
        case none
        case bytes([UInt8])
        /// Written while it is made; the closure is called once the head is out.
        case stream((any ResponseBody) throws -> Void)
    }

    /// The status code.
    var status: Int
    /// The header fields, lower-case names; `content-length` is added where it is known.
    var fields: [(name: String, value: String)]
    /// The content.
    var content: Content

    init(
        _ status: Int,
        _ fields: [(name: String, value: String)] = [],
        content: Content = .none
    ) {
        self.status = status
        self.fields = fields
        self.content = content
    }

    /// A body of XML. Clients reject a multistatus of any other type (Evolution, DAVx5).
    static func xml(_ status: Int, _ bytes: [UInt8]) -> Response {
        Response(status, [xmlType], content: .bytes(bytes))
    }

    /// The media type of every XML answer.
    static let xmlType = (name: "content-type", value: "application/xml; charset=utf-8")
}

/// Where the content of an answer goes, a piece at a time.
protocol ResponseBody: AnyObject {
    /// Takes a piece; blocks while the client is slow.
    func write(_ bytes: [UInt8]) throws

    /// Sends what was taken so far, for somebody who watches.
    func flush() throws
}
