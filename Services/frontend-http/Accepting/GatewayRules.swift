import Settings

/// What `contacts.toml` and `gateway.toml` say, made ready; a reload makes another. A request keeps to
/// those that it began with.
final class GatewayRules: Sendable {
    /// Which host leads where.
    let vhosts: Vhosts
    let settings: GatewaySettings
    /// What connections that begin now are held to.
    let policy: TransportPolicy
    /// Which web pages may use which host.
    let crossOrigin: CrossOrigin
    /// The instances that are served.
    let instances: [String]

    /// Reads both files of a folder.
    ///
    /// - Throws: ``SettingsError``.
    init(folder: String) throws(SettingsError) {
        let contacts = try ContactsSettings.load(path: "\(folder)/\(ContactsSettings.fileName)")
        vhosts = Vhosts(contacts)
        instances = contacts.isEnabled ? contacts.instances.map(\.name) : []
        settings = try GatewaySettings.load(path: "\(folder)/\(GatewaySettings.fileName)")
        policy = TransportPolicy(settings)
        crossOrigin = CrossOrigin(settings.cors)
    }
}
