import CPAM
import Foundation
import Testing

@testable import FrontendHTTP

/// What PAM is asked and told, by real modules of it.
@Suite(.timeLimit(.minutes(10)))
struct PAMServiceTests {
    private static func check(
        _ lines: String,
        service: String = "test",
        name: String = "test"
    ) throws -> (answer: PAMService.Answer, delay: Duration) {
        let pam = try PAMFolder(lines, name: name)
        defer { pam.remove() }
        return PAMService(name: service, folder: pam.folder.path)
            .check(Array("right".utf8), of: "bob", from: .local)
    }

    @Test(arguments: [
        ("auth required pam_permit.so\naccount required pam_permit.so\n", true),
        ("auth required pam_permit.so\naccount required pam_deny.so\n", false),
        ("auth required pam_deny.so\naccount required pam_permit.so\n", false),
    ])
    func `both the password and the account count`(lines: String, isRight: Bool) throws {
        #expect(try Self.check(lines).answer == (isRight ? .right : .wrong("password")))
    }

    @Test(arguments: [
        "auth=maxtries", "auth=perm_denied", "acct=acct_expired", "acct=new_authtok_reqd",
        "auth=system_err",
    ])
    func `another reason is told, and counts as a failure`(code: String) throws {
        let lines = "auth required pam_debug.so \(code)\naccount required pam_debug.so \(code)\n"
        guard case .wrong(let reason) = try Self.check(lines).answer else {
            Issue.record("not refused")
            return
        }

        #expect(reason.hasPrefix("PAM: "))
    }

    @Test(arguments: ["authinfo_unavail", "service_err", "cred_insufficient", "abort"])
    func `a PAM that cannot say is no wrong password`(code: String) throws {
        let lines = "auth required pam_debug.so auth=\(code)\naccount required pam_permit.so\n"
        guard case .unknown = try Self.check(lines).answer else {
            Issue.record("taken for an answer")
            return
        }
    }

    @Test func `a service that there is not lets nobody in, whatever "other" says`() throws {
        let lines = "auth required pam_permit.so\naccount required pam_permit.so\n"
        try #require(try Self.check(lines, service: "other", name: "other").answer == .right)

        guard case .unknown(let problem) = try Self.check(lines, name: "other").answer else {
            Issue.record("taken for an answer")
            return
        }
        #expect(problem.hasPrefix("there is no file /"))
    }

    @Test func `the pause that a module asks for is told, bounded, and holds no thread`() throws {
        func lines(_ microseconds: Int) -> String {
            """
            auth optional pam_faildelay.so delay=\(microseconds)
            auth required pam_deny.so
            account required pam_permit.so

            """
        }

        // PAM itself would pause for all of it, beyond the time limit of this suite.
        #expect(try Self.check(lines(300_000_000)).delay == PAMConversation.longestDelay)
        let (answer, delay) = try Self.check(lines(2_000_000))
        #expect(answer == .wrong("password"))
        #expect((.seconds(1) ... .seconds(3)).contains(delay))
    }

    @Test func `passwords that PAM cannot take are never asked with`() {
        #expect(PAMService.takes(Array("x".utf8)))
        #expect(PAMService.takes([UInt8](repeating: 0x78, count: 511)))
        #expect(!PAMService.takes([]))
        #expect(!PAMService.takes([0x78, 0]))
        #expect(!PAMService.takes([UInt8](repeating: 0x78, count: 512)))
    }

    /// What a conversation answers to messages of these styles; `nil` where it refuses.
    private static func answers(_ styles: [Int32]) -> [String?]? {
        let conversation = PAMConversation(password: Array("secret".utf8))
        let callbacks = conversation.callbacks
        let messages = UnsafeMutablePointer<pam_message>.allocate(capacity: max(1, styles.count))
        var pointers: [UnsafePointer<pam_message>?] = []
        for (index, style) in styles.enumerated() {
            (messages + index).initialize(to: pam_message(msg_style: style, msg: nil))
            pointers.append(UnsafePointer(messages + index))
        }
        defer { messages.deallocate() }
        if pointers.isEmpty { pointers.append(nil) }
        var answers: UnsafeMutablePointer<pam_response>?
        let status = withExtendedLifetime(conversation) {
            callbacks.conv(Int32(styles.count), &pointers, &answers, callbacks.appdata_ptr)
        }
        guard status == PAM_SUCCESS, let answers else { return nil }
        defer { free(answers) }
        return styles.indices.map { index in
            guard let text = answers[index].resp else { return nil }
            defer { free(text) }
            return String(cString: text)
        }
    }

    @Test func `the password answers what is not to be seen, and nothing else`() {
        #expect(Self.answers([PAM_PROMPT_ECHO_OFF]) == ["secret"])
        #expect(
            Self.answers([PAM_TEXT_INFO, PAM_PROMPT_ECHO_OFF, PAM_ERROR_MSG, PAM_PROMPT_ECHO_OFF])
                == [nil, "secret", nil, "secret"]
        )
        #expect(Self.answers([PAM_PROMPT_ECHO_ON]) == nil)
        #expect(Self.answers([PAM_PROMPT_ECHO_OFF, PAM_PROMPT_ECHO_ON]) == nil)
        #expect(Self.answers([99]) == nil)
        #expect(Self.answers([]) == nil)
        #expect(Self.answers([Int32](repeating: PAM_TEXT_INFO, count: 33)) == nil)
    }
}
