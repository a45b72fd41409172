import Foundation

/// One answer among the bytes of a connection.
struct WireAnswer {
    let status: Int
    /// The header fields, names in lower case.
    let fields: [String: String]
    let body: [UInt8]

    /// Every answer of a connection, interim ones too; what follows one that is not whole is left out.
    static func all(in bytes: [UInt8]) -> [WireAnswer] {
        var answers: [WireAnswer] = []
        var rest = bytes[...]
        while let answer = next(&rest) { answers.append(answer) }
        return answers
    }

    private static func next(_ rest: inout ArraySlice<UInt8>) -> WireAnswer? {
        guard rest.starts(with: Array("HTTP/1.".utf8)), let head = head(&rest) else { return nil }
        let lines = head.components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = line[line.index(after: colon)...]
                .trimmingCharacters(in: .whitespaces)
        }
        var body: [UInt8] = []
        if status >= 200, status != 204, status != 304 {
            if fields["transfer-encoding"] == "chunked" {
                body = chunks(&rest)
            } else {
                let length = fields["content-length"].flatMap { Int($0) } ?? 0
                body = Array(rest.prefix(length))
                rest = rest.dropFirst(length)
            }
        }
        return WireAnswer(status: status, fields: fields, body: body)
    }

    private static func head(_ rest: inout ArraySlice<UInt8>) -> String? {
        var index = rest.startIndex
        while index + 3 < rest.endIndex {
            if rest[index] == 13, rest[index + 1] == 10, rest[index + 2] == 13,
                rest[index + 3] == 10
            {
                defer { rest = rest[(index + 4)...] }
                return String(decoding: rest[..<index], as: UTF8.self)
            }
            index += 1
        }
        return nil
    }

    private static func chunks(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        var body: [UInt8] = []
        while let end = rest.firstIndex(of: 10) {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            guard let count = Int(line.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16)
            else { break }
            rest = rest[(end + 1)...]
            body += rest.prefix(count)
            rest = rest.dropFirst(count + 2)
            if count == 0 { break }
        }
        return body
    }
}
