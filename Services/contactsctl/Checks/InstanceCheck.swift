import Glibc
import Settings

/// What is wrong with an instance's place on this machine.
struct InstanceCheck {
    /// The longest path of a Unix socket, in bytes (unix(7)).
    static let maximumSocketBytes = 107

    private(set) var findings: [Finding] = []
    private let instance: InstanceSettings
    private let places: Places

    init(_ instance: InstanceSettings, _ places: Places) {
        self.instance = instance
        self.places = places
        checkSocket()
        checkStore()
    }

    private mutating func checkSocket() {
        let path = places.socketPath(instance.name)
        guard path.utf8.count > Self.maximumSocketBytes else { return }
        add(
            nil,
            "its socket \(path) has \(path.utf8.count) bytes, and a socket's path at most "
                + "\(Self.maximumSocketBytes)",
            "choose a shorter name, or a shorter folder with --runtime"
        )
    }

    private mutating func checkStore() {
        let path = instance.storePath(state: places.state)
        if !instance.isInOwnFolder {
            add(
                "store",
                "\(instance.store.debugDescription) is outside of the folder that the unit "
                    + "contacts-backend@\(instance.name) may write into",
                "leave the key out, or write store = \(TOMLText.quote("\(instance.name)/git"))",
                isWarning: true
            )
        }
        guard let status = FileModes.status(of: path) else {
            if errno == EACCES { return unreadable(path) }
            // Without the state folder nothing has ever run here.
            guard FileModes.status(of: places.state) != nil else { return }
            return add(
                "store",
                "\(path) is not there yet",
                "it is made when the backend first starts, or with the first book",
                isWarning: true
            )
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return add("store", "\(path) is no folder", "name a folder of its own")
        }
        checkOwner(path, status)
        guard access(path, R_OK | X_OK) == 0 else { return unreadable(path) }
        var entries = stat()
        if stat("\(path)/HEAD", &entries) != 0, isFilled(path) {
            add(
                "store",
                "\(path) holds something else than a store",
                "name a folder of its own, which need not be there"
            )
        }
        if status.st_mode & 0o007 != 0 {
            add(
                "store",
                "anybody on this machine may look into \(path)",
                "chmod o= \(Shell.quote(path))",
                isWarning: true
            )
        }
    }

    private mutating func checkOwner(_ path: String, _ status: stat) {
        let name = SystemManager.user(of: instance.name)
        if let entry = getpwnam(name) {
            guard entry.pointee.pw_uid != status.st_uid else { return }
            return add(
                "store",
                "\(path) belongs to \(Self.user(status.st_uid)), and the backend runs as \(name)",
                "chown -R \(name): \(Shell.quote(path))"
            )
        }
        guard geteuid() != 0, status.st_uid != geteuid() else { return }
        add(
            "store",
            "\(path) belongs to \(Self.user(status.st_uid))",
            "run the backend as that user",
            isWarning: true
        )
    }

    private mutating func unreadable(_ path: String) {
        add(
            "store",
            "\(path) cannot be read by \(Self.user(geteuid()))",
            "run this as root or as the backend's user",
            isWarning: true
        )
    }

    private func isFilled(_ path: String) -> Bool {
        guard let folder = opendir(path) else { return false }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count > 2
    }

    private static func user(_ id: uid_t) -> String {
        getpwuid(id).map { String(cString: $0.pointee.pw_name) } ?? "user \(id)"
    }

    private mutating func add(
        _ key: String?,
        _ problem: String,
        _ remedy: String,
        isWarning: Bool = false
    ) {
        let error = SettingsError(
            file: places.contactsPath,
            key: "instances.\(instance.name)" + (key.map { ".\($0)" } ?? ""),
            problem: problem,
            remedy: remedy
        )
        findings.append(isWarning ? Finding(warning: error) : Finding(error))
    }
}
