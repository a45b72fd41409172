import NIOCore
import NIOHTTP1

/// What has no head that could be read, and so is nobody's request.
extension RequestHandler {
    /// Refuses it, and ends the connection or the stream with that. It is counted and logged as any
    /// other.
    func answer(_ fault: RequestFault, method: HTTPMethod? = nil) {
        phase = .closing
        let unread = UnreadRequest(
            requestID: ForwardedRequest.text(of: takeID()),
            fault: fault,
            method: method,
            origin: connection.direct,
            isHTTP2: connection.isHTTP2,
            tlsVersion: connection.tlsVersion
        )
        var fields = [("content-type", "text/plain; charset=utf-8")]
        AnswerFields.add(to: &fields, for: unread)
        fields.append(("date", date.now()))
        fields.append(("content-length", String(unread.text.utf8.count)))
        if !unread.isHTTP2 { fields.append(("connection", "close")) }
        writeHead(fault.status, HTTPHeaders(fields), isSecure: unread.origin.isSecure)
        if unread.sentBytes > 0 { write(.body(.byteBuffer(ByteBuffer(string: unread.text)))) }
        finish(unread)
        writeLastEnd()
    }
}
