import Settings

/// Reads a document.
func toml(_ text: String) throws(SettingsError) -> TOMLTable {
    try TOMLDocument.parse(Array(text.utf8), file: "a.toml")
}

/// Reads a `contacts.toml`.
func contacts(_ text: String) throws(SettingsError) -> ContactsSettings {
    try ContactsSettings(bytes: Array(text.utf8), file: "contacts.toml")
}

/// Reads a `users.toml`.
func users(_ text: String) throws(SettingsError) -> UsersFile {
    try UsersFile(bytes: Array(text.utf8), file: "users.toml")
}

/// Reads a `gateway.toml`.
func gateway(_ text: String) throws(SettingsError) -> GatewaySettings {
    try GatewaySettings(bytes: Array(text.utf8), file: "gateway.toml")
}
