import Framing
import Glibc
import Settings

/// How an instance is doing, found out without starting a backend that does not run.
struct InstanceState {
    /// What an instance can be doing.
    enum Activity: String {
        /// Its backend runs.
        case running
        /// Its backend does not run, and starts with the next request: systemd holds its socket.
        case idle
        /// Nobody listens.
        case stopped
        /// Whoever asks may not look into the store.
        case unknown
    }

    let instance: InstanceSettings
    let storePath: String
    let activity: Activity
    /// The process that has the store's lock.
    let process: Int?
    /// What the running backend says of itself; `nil` where it cannot be asked.
    let report: BackendReport?
    /// Why it could not be asked.
    let trouble: String?

    init(_ instance: InstanceSettings, _ places: Places) {
        self.instance = instance
        storePath = instance.storePath(state: places.state)
        let found = Self.activity(of: instance, places)
        (activity, process) = (found.activity, found.process)
        guard activity == .running else {
            (report, trouble) = (nil, found.trouble)
            return
        }
        let socket = places.socketPath(instance.name)
        do {
            report = try BackendReport.ask(instance.name, at: socket)
            trouble = report == nil ? "nobody listens at \(socket); see --runtime" : nil
        } catch {
            report = nil
            trouble = "\(error)"
        }
    }

    /// What an instance is doing, the process that does it, and why that is not known; no backend is
    /// asked.
    static func activity(
        of instance: InstanceSettings,
        _ places: Places
    ) -> (activity: Activity, process: Int?, trouble: String?) {
        switch StoreHolder.of(instance.storePath(state: places.state)) {
        case .held(let process): return (.running, process, nil)
        case .unknown(let reason): return (.unknown, nil, reason)
        case .nobody:
            let isListening = ListeningSockets.contains(places.socketPath(instance.name))
            return (isListening ? .idle : .stopped, nil, nil)
        }
    }

    var json: JSON.Value {
        var members = [
            JSON.Member("name", .text(instance.name)), JSON.Member("store", .text(storePath)),
            JSON.Member("vhosts", .texts(instance.vhosts)),
            JSON.Member("state", .text(activity.rawValue)),
            JSON.Member("pid", .optional(process)),
        ]
        members += BackendReport.numbers.map { JSON.Member($0, .optional(report?.number($0))) }
        members += BackendReport.texts.map { JSON.Member($0, .optional(report?.text($0))) }
        members.append(JSON.Member("trouble", .optional(trouble)))
        return .object(members)
    }

    /// The lines for people.
    var text: String {
        var lines = ["\(instance.name): \(activity.rawValue)"]
        if let process { lines[0] += ", process \(process)" }
        lines.append("  hosts    \(instance.vhosts.joined(separator: " "))")
        lines.append("  store    \(storePath)")
        if let report { lines += report.lines }
        if let trouble { lines.append("  not told \(trouble)") }
        return lines.joined(separator: "\n")
    }
}
