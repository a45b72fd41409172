import Framing
import NIOCore
import Settings

/// Multistatus bodies for clients that take gzip: XML that says the same things thousands of times.
///
/// Nothing else is compressed. A card is small and often holds a picture; and a multistatus holds no
/// secret beside what its client sends along, which could be guessed from lengths (BREACH).
extension RequestHandler {
    /// Whether an answer's form hangs on `Accept-Encoding`.
    private func isCompressible(_ head: ResponseHead) -> Bool {
        head.status == 207 && connection.policy.answers.compresses
            && head.headers.contains { field in
                field.name == "content-type"
                    && (field.value.hasPrefix("application/xml")
                        || field.value.hasPrefix("text/xml"))
            }
            && !head.headers.contains { $0.name == "content-encoding" }
    }

    /// Looks at an answer's head before it is written.
    ///
    /// - Returns: The head to write; `nil` where the first of the body decides.
    func compressing(_ head: ResponseHead, of request: ForwardedRequest) -> ResponseHead? {
        guard isCompressible(head), !request.isAnswerBodiless else { return head }
        let varying = head.adding(
            [HeaderField("vary", "Accept-Encoding")],
            bodyBytes: head.bodyBytes
        )
        let least = connection.policy.answers.compressedFromBytes
        let isSmall = head.bodyBytes.map { $0 < UInt64(least) } ?? false
        guard !isSmall, request.head.knowsChunks,
            AcceptEncoding.takesGzip(request.fields.acceptEncoding)
        else { return varying }
        request.heldHead = varying
        return nil
    }

    /// Writes the head that was held back, and begins to compress where the first of the body is long
    /// enough. A longer body comes in long pieces.
    func releaseHead(first: Int, of request: ForwardedRequest) {
        guard let head = request.heldHead else { return }
        request.heldHead = nil
        let answers = connection.policy.answers
        let bytes = max(head.bodyBytes.map { Int(clamping: $0) } ?? 0, first)
        guard bytes >= answers.compressedFromBytes else { return writeAnswer(head, of: request) }
        do throws(GzipStream.NoMemory) {
            request.gzip = try GzipStream(level: answers.compressionLevel)
        } catch {
            return writeAnswer(head, of: request)
        }
        writeAnswer(
            head.adding([HeaderField("content-encoding", "gzip")], bodyBytes: nil),
            of: request
        )
    }
}

extension ResponseHead {
    fileprivate func adding(_ fields: [HeaderField], bodyBytes: UInt64?) -> ResponseHead {
        ResponseHead(status: status, headers: headers + fields, bodyBytes: bodyBytes)
    }
}
