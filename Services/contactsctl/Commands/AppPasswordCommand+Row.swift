import Access
import Settings

extension AppPasswordCommand {
    /// An app password, as it is listed.
    struct Row {
        let user: String
        let entry: AppPasswordEntry
        /// When app passwords were last used; `nil` where that is not known.
        let uses: LastUseFile?

        private var access: String { entry.isReadOnly ? "reader" : "writer" }
        private var lastUse: CalendarMinute? { uses?.minutes[user]?[entry.id] }

        /// For programs.
        var json: JSON.Value {
            .members([
                "user": .text(user), "id": .text(entry.id), "name": .text(entry.name),
                "access": .text(access),
                "paths": .texts(entry.paths ?? [AccessPath.everything.description]),
                "created": .optional(entry.created?.description),
                "expires": .optional(entry.expires?.description),
                "lastUse": .optional(lastUse?.description),
            ])
        }

        /// For people.
        var line: String {
            let opened = entry.paths?.joined(separator: ", ") ?? "all that \(user) may use"
            return [
                user, entry.id, entry.name, "\(access) of \(opened)",
                entry.created.map { "made \($0)" } ?? "made by hand",
                entry.expires.map { "ends \($0)" } ?? "never ends",
                lastUse.map { "last used \($0)" }
                    ?? (uses == nil ? "last use unknown" : "never used"),
            ].joined(separator: "\t")
        }
    }
}
