import Foundation
import TestSupport
import Testing

/// Where results go: what an export may write to, and what becomes of a result that is lost.
struct OutputTests {
    private static let card = TestCard.text("Ada", uid: "1")

    /// A system with one card in a book, and its folder.
    private static func withCard(_ body: (TestServer, URL) throws -> Void) throws {
        try withServer { server throws in
            let file = server.folder.appending(path: "ada.vcf")
            try Data(card.utf8).write(to: file)
            try server.control("import", "default", "work", file.path)
            try body(server, server.folder)
        }
    }

    private static func shell(_ script: String, _ arguments: [String]) throws -> Programs.Result {
        try Programs.run("/bin/sh", ["-c", script, "sh"] + arguments)
    }

    private static func type(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    private static var program: String { Programs.folder.appending(path: "contactsctl").path }

    @Test func `an export is written into a FIFO, which stays one`() throws {
        try Self.withCard { server, folder throws in
            let fifo = folder.appending(path: "fifo").path
            #expect(mkfifo(fifo, 0o600) == 0)

            // With both ends open here, neither side waits for the other.
            let reader = open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC)
            defer { close(reader) }

            let done = try server.control("export", "default", "work", "--output", fifo)

            #expect(done.status == 0)
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = max(0, read(reader, &buffer, buffer.count))
            #expect(String(decoding: buffer[..<count], as: UTF8.self) == Self.card)
            #expect(Self.type(fifo) == S_IFIFO)
        }
    }

    @Test(arguments: ["old.vcf", "new.vcf"])
    func `an export to a link is written where it leads to, and the link stays`(target: String)
        throws
    {
        try Self.withCard { server, folder throws in
            let place = folder.appending(path: "place")
            try FileManager.default.createDirectory(
                at: place,
                withIntermediateDirectories: true
            )
            try Data("old".utf8).write(to: place.appending(path: "old.vcf"))
            chmod(place.appending(path: "old.vcf").path, 0o640)
            let link = folder.appending(path: "link.vcf").path
            #expect(symlink("place/\(target)", link) == 0)

            let done = try server.control("export", "default", "work", "--output", link)

            #expect(done.status == 0)
            #expect(Self.type(link) == S_IFLNK)
            let written = place.appending(path: target)
            #expect(try String(contentsOf: written, encoding: .utf8) == Self.card)
            var status = stat()
            #expect(stat(written.path, &status) == 0)
            #expect(status.st_mode & 0o777 == (target == "old.vcf" ? 0o640 : 0o600))
        }
    }

    /// In a `/dev` of its own: root could replace what is in this machine's.
    @Test(.enabled(if: PretendedSystemd.isAllowed))
    func `an export to /dev/stdout goes where standard output goes`() throws {
        try Self.withCard { server, folder throws in
            let script = """
                mount -t tmpfs none /dev && ln -s /proc/self/fd/1 /dev/stdout || exit
                { echo first; "$@"; echo last; } >"$FILE"
                readlink /dev/stdout
                "$@" | cat
                """
            let file = folder.appending(path: "all.vcf").path

            let done = try Programs.run(
                "/usr/bin/unshare",
                ["--mount", "--propagation", "private", "/bin/sh", "-c", script, "sh"]
                    + [Self.program, "export", "default", "work", "--output", "/dev/stdout"]
                    + server.places,
                environment: ["FILE": file]
            )

            #expect(done.output == "/proc/self/fd/1\n\(Self.card)")
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text == "first\n\(Self.card)last\n")
        }
    }

    @Test func `a file of an exported folder takes the place of a link, and follows none`() throws {
        try Self.withCard { server, folder throws in
            let work = folder.appending(path: "out/work")
            try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
            let other = folder.appending(path: "other")
            try Data("other".utf8).write(to: other)
            let link = work.appending(path: "ada.vcf").path
            #expect(symlink(other.path, link) == 0)

            try server.control("export", "default", "--output", "\(folder.path)/out/")

            #expect(Self.type(link) == S_IFREG)
            #expect(try String(contentsOf: other, encoding: .utf8) == "other")
        }
    }

    @Test(arguments: [
        ["user", "list"], ["user", "list", "--json"], ["user", "add", "dora", "--generate"],
        ["app-password", "add", "alice", "--name", "Phone"], ["book", "list", "default"],
        ["export", "default", "work"], ["import", "default", "work", "ADA", "--json"],
        ["manual"], ["--help"], ["user", "--help"], ["--generate-completion-script", "bash"],
    ])
    func `a result that cannot be written is told on standard error, and fails the command`(
        _ words: [String]
    ) throws {
        try Self.withCard { server, folder throws in
            let ada = folder.appending(path: "ada.vcf").path
            let takesPlaces =
                words.count > 1 && !words.contains { $0.hasPrefix("--he") }
                && words[0] != "--generate-completion-script"

            let lost = try Self.shell(
                "\"$@\" >/dev/full",
                [Self.program] + words.map { $0 == "ADA" ? ada : $0 }
                    + (takesPlaces ? server.places : [])
            )

            #expect(lost.status == 1)
            #expect(
                lost.errors.contains(
                    "contactsctl: cannot write standard output: No space left on device"
                )
            )
        }
    }

    @Test func `a reader that has gone is no failure`() throws {
        try withServer { server throws in
            let closed = """
                import os, subprocess, sys
                source, sink = os.pipe()
                os.close(source)
                print(subprocess.run(sys.argv[1:], stdout=sink).returncode)
                """

            let gone = try Programs.run(
                "/usr/bin/python3",
                ["-c", closed, Self.program, "user", "list"] + server.places
            )

            #expect(gone.output == "0\n")
            #expect(gone.errors == "")
        }
    }
}
