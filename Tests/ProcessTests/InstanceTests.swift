import Foundation
import TestSupport
import Testing

struct InstanceTests {
    private static let instances = [
        (name: "default", host: "one.example.com"), (name: "work", host: "two.example.com"),
    ]

    @Test func `two instances on two vhosts never see each other's cards`() throws {
        try withServer(instances: Self.instances) { server throws in
            let path = "/dav/addressbooks/default/a.vcf"
            _ = try server.request(
                "PUT",
                path,
                body: TestCard.text("One", uid: "1"),
                host: "one.example.com"
            )

            #expect(try server.request("GET", path, host: "one.example.com").status == 200)
            #expect(try server.request("GET", path, host: "two.example.com").status == 404)
            #expect(try server.request("GET", path, host: "three.example.com").status == 421)
            #expect(try server.git("work", "log", "--format=%s").output == "MKCOL default\n")
        }
    }

    @Test func `an instance that is down hinders no other`() throws {
        try withServer(instances: Self.instances) { server throws in
            server.stopBackend("default", SIGKILL)

            let answer = try server.request("OPTIONS", "/dav/", host: "two.example.com")

            #expect(answer.status == 200)
        }
    }
}
