import Foundation
import TestSupport
import Testing

/// What somebody is told who may look into no store. As root, since it takes another user.
@Suite(.enabled(if: getuid() == 0))
struct UnprivilegedTests {
    @Test func `whether a backend runs whose store is closed is not known, and that is told`()
        throws
    {
        try withServer { server throws in
            let status = try server.controlAsNobody("status")
            let listed = try server.controlAsNobody("instance", "list")
            let json = try server.controlAsNobody("instance", "list", "--json")
            let asked = try server.controlAsNobody("instance", "status", "--json")

            for answer in [status, listed, json, asked] { #expect(answer.status == 1) }
            #expect(status.output.contains("default: unknown\n"))
            #expect(status.output.contains("/store-default/everlock.lock: Permission denied"))
            #expect(status.output.contains("run this as root"))
            #expect(listed.output.hasSuffix("\tunknown\n"))
            #expect(listed.errors.contains("run this as root"))
            #expect(json.output.contains(#""state":"unknown""#))
            #expect(asked.output.contains(#""state":"unknown""#))
        }
    }

    @Test func `a store that may not be looked into is neither read nor removed`() throws {
        try withServer { server throws in
            server.stopBackend("default")
            chmod(server.folder.path, 0o777)

            let read = try server.controlAsNobody("verify", "default")
            let removed = try server.controlAsNobody(
                "instance",
                "remove",
                "default",
                "--delete-data",
                "--yes"
            )

            for answer in [read, removed] {
                #expect(answer.status == 1)
                #expect(answer.errors.contains("Permission denied"))
            }
            #expect(try server.text(of: "contacts.toml").contains("[instances.default]"))
            try server.startBackend("default")
        }
    }
}
