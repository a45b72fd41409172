import Accounts
import Glibc
import Logging
import NIOCore
import NIOPosix
import Settings
import Synchronization

/// Says who asks. The answer comes at once for credentials that were right a moment ago, and from a
/// thread of its own where a password has to be hashed.
final class Authenticator: Sendable {
    /// What became of a request's credentials.
    enum Verdict: Sendable {
        case user(UserDirectory.User)
        /// No credentials that could be read: never counted as a failure.
        case missing
        case wrong
        /// Too many passwords wait to be checked.
        case busy
    }

    /// When a verdict is there.
    enum Answer {
        /// At once: there was no password to check, or it was right a moment ago.
        case now(Verdict)
        /// Once the password has been hashed.
        case later(EventLoopFuture<Verdict>)
    }

    /// The most passwords that wait to be checked.
    private static let maximumWaiting = 512
    /// The threads that hash passwords.
    static let threads = 2

    private struct State {
        var directory: UserDirectory
        var cache = CredentialCache()
        var waiting = 0
        var fileTime: FileTime
        var nextLook: ContinuousClock.Instant
        var problem: String?

        func user(
            of digest: CredentialKey.Digest,
            now: ContinuousClock.Instant
        ) -> UserDirectory.User? {
            cache.user(of: digest, in: directory, now: now)
        }

        /// Whether the file is to be looked at again: once a second at most.
        mutating func isLookDue(now: ContinuousClock.Instant) -> Bool {
            guard now >= nextLook else { return false }
            nextLook = now + .seconds(1)
            return true
        }
    }

    private let key = CredentialKey()
    private let state: Mutex<State>
    private let pool: NIOThreadPool
    private let path: String
    private let log: Logger

    /// - Throws: ``SettingsError`` where the users cannot be read.
    init(path: String, pool: NIOThreadPool, log: Logger) throws(SettingsError) {
        self.path = path
        self.pool = pool
        self.log = log
        let fileTime = FileTime(path)
        let directory = try UserDirectory(UsersFile.load(path: path), path: path)
        state = Mutex(
            State(directory: directory, fileTime: fileTime, nextLook: .now + .seconds(1))
        )
    }

    /// What was wrong with the users' file when it was read last.
    var problem: String? { state.withLock { $0.problem } }

    /// Reads the users again; a file with an error in it leaves the old ones in force.
    func reload() {
        let fileTime = FileTime(path)
        do throws(SettingsError) {
            let directory = try UserDirectory(UsersFile.load(path: path), path: path)
            state.withLock { state in
                state.directory = directory
                state.fileTime = fileTime
                state.problem = nil
            }
            log.notice("users read again")
        } catch {
            state.withLock { state in
                state.fileTime = fileTime
                state.problem = "\(error)"
            }
            log.error("users not read again, the old ones stay", metadata: ["error": "\(error)"])
        }
    }

    /// Says who sent a header.
    func verdict(authorization: String?, on loop: any EventLoop) -> Answer {
        guard let authorization, authorization.utf8.count <= BasicCredentials.maximumBytes else {
            return .now(.missing)
        }
        let digest = key.digest(authorization)
        let now = ContinuousClock.now
        let (user, isLookDue) = state.withLock { state in
            (state.user(of: digest, now: now), state.isLookDue(now: now))
        }
        if isLookDue { lookForChanges() }
        if let user { return .now(.user(user)) }
        guard let credentials = BasicCredentials(authorization: authorization) else {
            return .now(.missing)
        }
        return check(credentials, digest, on: loop)
    }

    /// Hashes the password; an unknown user's too, so that both take the same time.
    private func check(
        _ credentials: BasicCredentials,
        _ digest: CredentialKey.Digest,
        on loop: any EventLoop
    ) -> Answer {
        let isRoom = state.withLock { state in
            guard state.waiting < Self.maximumWaiting else { return false }
            state.waiting += 1
            return true
        }
        guard isRoom else { return .now(.busy) }
        let verdict = pool.runIfActive(eventLoop: loop) { [self] () -> Verdict in
            defer { state.withLock { $0.waiting -= 1 } }
            let (known, user) = state.withLock { state in
                (state.user(of: digest, now: .now), state.directory[credentials.user])
            }
            if let known { return .user(known) }
            let isRight = (user?.hash ?? .dummy).verifies(credentials.password)
            guard let user, isRight else { return .wrong }
            state.withLock { $0.cache.remember(digest, of: user, now: .now) }
            return .user(user)
        }
        return .later(verdict)
    }

    /// Looks whether the file is another; reading it is left to the pool.
    private func lookForChanges() {
        let known = state.withLock { $0.fileTime }
        pool.submit { [self] item in
            if case .active = item, FileTime(path) != known { reload() }
        }
    }
}

/// What tells a file that was replaced or written to from what it was.
private struct FileTime: Equatable, Sendable {
    private let seconds: Int
    private let nanoseconds: Int
    private let inode: UInt64

    init(_ path: String) {
        var status = stat()
        // A file that is not there differs from one that is; that is all there is to know.
        let isThere = stat(path, &status) == 0
        seconds = isThere ? status.st_mtim.tv_sec : -1
        nanoseconds = isThere ? status.st_mtim.tv_nsec : -1
        inode = isThere ? UInt64(status.st_ino) : 0
    }
}
