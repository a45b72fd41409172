import Access
import Settings

extension AppPasswordCommand {
    /// An app password, as it is listed.
    struct Row {
        let user: String
        let entry: AppPasswordEntry
        /// When it was last used; `nil` where it never was.
        let lastUse: CalendarMinute?

        private var access: String { entry.isReadOnly ? "reader" : "writer" }
        private var paths: [String] { entry.paths ?? [AccessPath.everything.description] }

        /// For programs.
        var json: JSON.Value {
            .members([
                "user": .text(user), "id": .text(entry.id), "name": .text(entry.name),
                "access": .text(access), "paths": .texts(paths),
                "created": .optional(entry.created?.description),
                "expires": .optional(entry.expires?.description),
                "lastUse": .optional(lastUse?.description),
            ])
        }

        /// For people.
        var line: String {
            [
                user, entry.id, entry.name, access, paths.joined(separator: ", "),
                entry.created?.description ?? "-", entry.expires?.description ?? "never",
                lastUse?.description ?? "never",
            ].joined(separator: "\t")
        }
    }
}
