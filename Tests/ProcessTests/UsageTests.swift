import Foundation
import TestSupport
import Testing

/// What `contactsctl` says to those who type it wrong.
struct UsageTests {
    private static let places = ["--config", "/nonexistent", "--state", "/nonexistent"]

    @Test(arguments: [
        (["user", "add", "a:b", "--generate"], "a user name has 1 to 64 bytes and no colon or"),
        (["grant", "alice", "default", "boss"], "a role is reader, writer or none, and not boss"),
        (["grant", "alice"], "what is needed is <user> <path> <role>, and not 1 word\n"),
    ])
    func `a value that makes no sense is wrong use, told in one line`(
        words: [String],
        told: String
    ) throws {
        let done = try Programs.run("contactsctl", words + Self.places)

        #expect(done.status == 64)
        #expect(done.errors.hasPrefix("contactsctl: \(told)"), "\(done.errors)")
        #expect(done.errors.count { $0 == "\n" } == 1)
    }

    @Test(arguments: [
        (["grant", "list", "--group", "x"], "contactsctl grant list "),
        (["grant", "remove", "--what", "x"], "contactsctl grant remove "),
        (["app-password", "add", "alice", "--name", ""], "contactsctl app-password add "),
        (["frob"], "contactsctl <subcommand>"),
    ])
    func `what cannot be read is told with the usage of the command that was meant`(
        words: [String],
        usage: String
    ) throws {
        let done = try Programs.run("contactsctl", words)

        #expect(done.status == 64)
        #expect(done.errors.hasPrefix("contactsctl: "), "\(done.errors)")
        #expect(done.errors.contains("\nUsage: \(usage)"), "\(done.errors)")
    }

    @Test func `what is removed without an answer is wrong use, told without a usage`() throws {
        try withServer { server throws in
            let asked = try server.control("book", "remove", "default", "default")

            #expect(asked.status == 64)
            #expect(
                asked.errors == "contactsctl: this removes the address book default of default "
                    + "from every device; --yes says that it is meant\n"
            )
        }
    }

    @Test func `an instance that is not there is no fault of the settings`() throws {
        try withServer { server throws in
            let done = try server.control("book", "list", "defualt")

            #expect(done.status == 1)
            #expect(
                done.errors.hasSuffix("contacts.toml has no instance defualt; it has default\n")
            )
        }
    }

    @Test(arguments: [[], ["--json"]])
    func `records that DNS cannot have are a failure in text and in JSON`(form: [String]) throws {
        try withServer { server throws in
            let done = try Programs.run("contactsctl", ["dns"] + form + server.places)

            #expect(done.status == 1)
            #expect(done.output == (form.isEmpty ? "" : "[]\n"))
            #expect(done.errors.hasSuffix("no instance has a host that DNS could name\n"))
        }
    }
}
