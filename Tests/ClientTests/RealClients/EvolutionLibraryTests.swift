import Foundation
import TestSupport
import Testing

/// Evolution's own WebDAV library, from Debian: what it makes of the answers.
struct EvolutionLibraryTests {
    private struct Report: Decodable {
        struct Found: Decodable {
            let href: String
            let name: String?
            let description: String?
            let etag: String?
            let isBook: Bool
        }

        let made, optionsAccepted, deleted, renamed: Bool
        let books, cards: [Found]
        let privileges, left: [String]
        let ctagEmpty, ctagOne, etagPut, etagGet, text, name: String
        let secondCreate, staleUpdate: Int
    }

    @Test func `Evolution's library makes a book, writes, reads, is refused, deletes and renames`()
        throws
    {
        try withServer { server throws in
            let report: Report = try Client.report(
                "evolution.py",
                "http://127.0.0.1:\(server.port)/dav/addressbooks/",
                TestServer.writer.0,
                TestServer.writer.1,
                home: server.folder.appending(path: "evolution")
            )

            #expect(report.made && report.optionsAccepted && report.deleted && report.renamed)
            let book = try #require(report.books.first { $0.href.hasSuffix("/evolution/") })
            #expect(book.isBook)
            #expect(book.name == "Evolution & Söhne")
            #expect(book.description == "made by the library")
            #expect(Set(report.privileges).isSuperset(of: ["read", "write", "write-content"]))
            #expect(report.ctagEmpty != report.ctagOne)
            #expect(report.etagPut == report.etagGet)
            #expect(report.cards.map(\.href) == [book.href, "\(book.href)e-1.vcf"])
            #expect(report.cards.last?.etag == report.etagPut)
            #expect(CardText.value("FN", in: report.text) == "One")
            #expect(report.secondCreate == 412)
            #expect(report.staleUpdate == 412)
            #expect(report.left == [book.href])
            #expect(report.name == "Renamed")
        }
    }
}
