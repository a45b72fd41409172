import CPAM
import Glibc
import Settings

/// A service of PAM (pam(3)), by which the system's own passwords are checked: those of a directory
/// server mostly.
///
/// Only who somebody is and whether the account may be used is asked: no session is opened, and no
/// credentials are kept.
struct PAMService: Sendable, Equatable {
    /// What PAM says.
    enum Answer: Equatable {
        case right
        /// For the reason that the log is told.
        case wrong(String)
        /// It cannot say, and why.
        case unknown(String)
    }

    /// The longest password, in bytes: `PAM_MAX_RESP_SIZE` counts the NUL at the end.
    static let maximumPasswordBytes = Int(PAM_MAX_RESP_SIZE) - 1
    /// A password that is asked with for whoever cannot have one.
    static let nobodysPassword = Array("\u{8}\n\r\u{7F}nobody".utf8)

    /// The name of the service's file.
    let name: String
    /// Where the file lies; `nil`: where PAM looks for it.
    let folder: String?

    /// Whether PAM can be asked with a password. Not with an empty one: some directories take it for a
    /// login without any (RFC 4513 §5.1.2).
    static func takes(_ password: [UInt8]) -> Bool {
        (1...maximumPasswordBytes).contains(password.count) && !password.contains(0)
    }

    /// Asks whether a password is a user's, and whether the account may be used.
    ///
    /// Blocks for as long as PAM's modules like: there is no way to end them.
    ///
    /// - Parameters:
    ///   - password: Bytes that ``takes(_:)`` says yes to.
    ///   - user: The user's name, without a NUL.
    ///   - client: Where the client is; modules see its address as `PAM_RHOST`.
    /// - Returns: The answer, and how long whoever failed is to wait for it (pam_fail_delay(3)).
    func check(
        _ password: [UInt8],
        of user: String,
        from client: ClientAddress
    ) -> (answer: Answer, delay: Duration) {
        let conversation = PAMConversation(password: password)
        let answer = withExtendedLifetime(conversation) {
            ask(user, client, conversation)
        }
        return (answer, answer == .right ? .zero : conversation.delay)
    }

    private func ask(
        _ user: String,
        _ client: ClientAddress,
        _ conversation: PAMConversation
    ) -> Answer {
        // Where there is none, PAM takes the one named "other", which knows nothing of contacts.
        let paths = PAMSettings.paths(of: name, in: folder)
        guard paths.contains(where: { access($0, R_OK) == 0 }) else {
            return .unknown("there is no file \(paths[0]) to read")
        }
        var callbacks = conversation.callbacks
        var handle: OpaquePointer?
        let started =
            folder.map { pam_start_confdir(name, user, &callbacks, $0, &handle) }
            ?? pam_start(name, user, &callbacks, &handle)
        guard started == PAM_SUCCESS, let handle else {
            return .unknown("PAM does not start: \(Self.text(started, handle))")
        }
        var status = PAM_SUCCESS
        // What the modules clean up hangs on how the last call ended.
        defer { pam_end(handle, status) }
        status = prepare(handle, client)
        if status == PAM_SUCCESS { status = pam_authenticate(handle, Int32(PAM_SILENT)) }
        if status == PAM_SUCCESS { status = pam_acct_mgmt(handle, Int32(PAM_SILENT)) }
        return Self.answer(status, handle)
    }

    private func prepare(_ handle: OpaquePointer, _ client: ClientAddress) -> Int32 {
        // A C function's address is a pointer; PAM takes every item as one to anything.
        let delay = unsafeBitCast(PAMConversation.delayed, to: UnsafeRawPointer.self)
        let status = pam_set_item(handle, PAM_FAIL_DELAY, delay)
        guard status == PAM_SUCCESS, case .network(let address) = client else { return status }
        return pam_set_item(handle, PAM_RHOST, address.description)
    }

    private static func answer(_ status: Int32, _ handle: OpaquePointer) -> Answer {
        switch status {
        case PAM_SUCCESS: .right
        case PAM_AUTH_ERR, PAM_USER_UNKNOWN: .wrong("password")
        // PAM_SYSTEM_ERR is what pam_exec makes of a program that says no.
        case PAM_MAXTRIES, PAM_PERM_DENIED, PAM_ACCT_EXPIRED, PAM_NEW_AUTHTOK_REQD,
            PAM_AUTHTOK_EXPIRED, PAM_CRED_EXPIRED, PAM_SYSTEM_ERR:
            .wrong("PAM: \(text(status, handle))")
        default: .unknown(text(status, handle))
        }
    }

    private static func text(_ status: Int32, _ handle: OpaquePointer?) -> String {
        pam_strerror(handle, status).map { String(cString: $0) } ?? "error \(status)"
    }
}
