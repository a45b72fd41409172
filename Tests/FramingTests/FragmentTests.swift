import Framing
import Testing

/// A stream of bytes has no seams: however it is cut, the same frames come out.
struct FragmentTests {
    private static let stream = Samples.frames.flatMap { FrameHeader.frame($0.type, $0.payload) }

    @Test(arguments: 1...stream.count)
    func `pieces of every size make the same frames`(pieceBytes: Int) throws {
        var decoder = FrameDecoder()
        var frames: [Frame] = []
        for start in stride(from: 0, to: Self.stream.count, by: pieceBytes) {
            decoder.append(Self.stream[start..<min(start + pieceBytes, Self.stream.count)])
            while let frame = try decoder.next() { frames.append(frame) }
        }

        #expect(frames == Samples.frames)
        #expect(decoder.isEmpty)
    }

    @Test func `a cut at every place makes the same frames, each as soon as it is whole`() throws {
        for cut in 0...Self.stream.count {
            var decoder = FrameDecoder()
            decoder.append(Self.stream[..<cut])
            var frames: [Frame] = []
            while let frame = try decoder.next() { frames.append(frame) }
            let wholeBytes = frames.reduce(0) { $0 + FrameHeader.byteCount + $1.payload.count }
            let next = Samples.frames.dropFirst(frames.count).first
            #expect(wholeBytes <= cut)
            if let next { #expect(cut < wholeBytes + FrameHeader.byteCount + next.payload.count) }
            #expect(decoder.isEmpty == (wholeBytes == cut), "cut at \(cut)")

            decoder.append(Self.stream[cut...])
            while let frame = try decoder.next() { frames.append(frame) }

            #expect(frames == Samples.frames, "cut at \(cut)")
        }
    }

    @Test func `nothing has come of an empty stream`() throws {
        var decoder = FrameDecoder()
        decoder.append([])

        #expect(try decoder.next() == nil)
        #expect(decoder.isEmpty)
    }

    @Test func `frames before a malformed one are still given, and nothing of it is`() throws {
        var decoder = FrameDecoder()
        decoder.append(FrameHeader.frame(.end)[...])
        decoder.append([0, 0, 0, 0, 99, 0, 0, 0, 0, 0])

        #expect(try decoder.next() == Frame(.end))
        #expect(throws: FramingError.unknownType(99)) { try decoder.next() }
    }
}
