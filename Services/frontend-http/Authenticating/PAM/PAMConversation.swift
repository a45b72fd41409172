import CPAM
import Glibc

/// What PAM's modules are told when they ask (pam_conv(3)): the password, where it is not to be seen
/// when it is typed. What they say is for terminals, and there is none.
///
/// One check on one thread uses it.
final class PAMConversation {
    /// The longest that PAM can have a failed client wait: a module's slip must not hold it for good.
    static let longestDelay: Duration = .seconds(10)

    private let password: [UInt8]
    /// How long whoever failed is to wait.
    private(set) var delay: Duration = .zero

    init(password: [UInt8]) { self.password = password }

    /// What PAM calls; this conversation must outlive its use.
    var callbacks: pam_conv {
        pam_conv(
            conv: { count, messages, answers, data in
                guard let data, let messages, let answers else { return PAM_CONV_ERR }
                let own = Unmanaged<PAMConversation>.fromOpaque(data).takeUnretainedValue()
                let asked = UnsafeBufferPointer(start: messages, count: Int(count))
                return own.answer(asked, answers)
            },
            appdata_ptr: Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Takes the place of the pause that PAM would make itself, on our thread (pam_fail_delay(3)).
    static let delayed: @convention(c) @Sendable (Int32, UInt32, UnsafeMutableRawPointer?) -> Void =
        {
            status,
            microseconds,
            data in
            guard status != PAM_SUCCESS, let data else { return }
            let own = Unmanaged<PAMConversation>.fromOpaque(data).takeUnretainedValue()
            own.delay = min(.microseconds(Int64(microseconds)), PAMConversation.longestDelay)
        }

    /// Answers all messages, or none: PAM frees what it is given, and nothing where it is an error.
    private func answer(
        _ messages: UnsafeBufferPointer<UnsafePointer<pam_message>?>,
        _ answers: UnsafeMutablePointer<UnsafeMutablePointer<pam_response>?>
    ) -> Int32 {
        let styles = messages.map { $0?.pointee.msg_style ?? 0 }
        let known = [PAM_PROMPT_ECHO_OFF, PAM_TEXT_INFO, PAM_ERROR_MSG]
        guard (1...Int(PAM_MAX_NUM_MSG)).contains(styles.count),
            styles.allSatisfy(known.contains),
            let memory = calloc(styles.count, MemoryLayout<pam_response>.stride)
        else { return PAM_CONV_ERR }
        let made = memory.bindMemory(to: pam_response.self, capacity: styles.count)
        for (index, style) in styles.enumerated() where style == PAM_PROMPT_ECHO_OFF {
            guard let copy = copyOfPassword() else {
                for answer in UnsafeBufferPointer(start: made, count: index) { wipe(answer.resp) }
                free(memory)
                return PAM_BUF_ERR
            }
            made[index].resp = copy
        }
        answers.pointee = made
        return PAM_SUCCESS
    }

    /// The password as a C string that malloc(3) made.
    private func copyOfPassword() -> UnsafeMutablePointer<CChar>? {
        guard let memory = calloc(password.count + 1, 1) else { return nil }
        memory.copyMemory(from: password, byteCount: password.count)
        return memory.bindMemory(to: CChar.self, capacity: password.count + 1)
    }

    private func wipe(_ copy: UnsafeMutablePointer<CChar>?) {
        guard let copy else { return }
        explicit_bzero(copy, password.count)
        free(copy)
    }
}
