import Foundation
import Settings
import TestSupport
import Testing

@testable import FrontendHTTP

/// Settings that are read again: all of them take effect, or none.
@Suite(.timeLimit(.minutes(10)))
struct ReloadTests {
    /// Settings that differ from those of a gateway without a file in each of its parts.
    private static func changes(role: String = "writer", certificate: String = "new") -> String {
        """
        [auth]
        plaintext = "everywhere"
        [oauth.scopes]
        all = "\(role)"
        [oauth.issuers.test]
        issuer = "\(TestIssuer.issuer)"
        audience = "\(TestIssuer.audience)"
        keys = "/nowhere/keys.json"
        [limits]
        requests = 700
        \(TestCertificate.settings("new", certificate))
        """
    }

    /// Which of the changes are in force.
    private static func inForce(_ gateway: TestGateway) -> [Bool] {
        let far = RequestOrigin(.test("203.0.113.7"), isSecure: false)
        return [
            gateway.authenticator.takesCredentials(from: far), gateway.authenticator.takesTokens,
            gateway.services.policy.limits.requests == 700,
            gateway.services.certificates.covers("new.example"),
        ]
    }

    private static func reload(_ gateway: TestGateway, _ text: String) throws {
        try Data(text.utf8).write(to: gateway.folder.appending(path: "gateway.toml"))
        gateway.services.reload()
    }

    @Test(arguments: [changes(certificate: "missing"), changes(role: "king")])
    func `nothing of a file takes effect that has an error in it`(text: String) throws {
        try withGateway { gateway throws in
            try TestCertificate.make(["new.example"], as: "new", in: gateway.folder)

            try Self.reload(gateway, text)

            #expect(Self.inForce(gateway) == [false, false, false, false])
            #expect(gateway.services.problems.count == 1)
            #expect(gateway.log.messages.contains("settings not read again, the old ones stay"))

            try Self.reload(gateway, Self.changes())

            #expect(Self.inForce(gateway) == [true, true, true, true])
            #expect(gateway.services.problems.isEmpty)
        }
    }
}
