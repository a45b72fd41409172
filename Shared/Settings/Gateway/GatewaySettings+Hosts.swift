extension GatewaySettings {
    /// The sections of `[cors]` that no request ever meets, since no instance has a host of theirs.
    ///
    /// - Parameters:
    ///   - contacts: The instances.
    ///   - file: What the settings' file is called.
    /// - Returns: A warning for each.
    public func sectionsOfNoHost(in contacts: ContactsSettings, file: String) -> [SettingsError] {
        let vhosts = Set(contacts.instances.flatMap(\.vhosts))
        // The names with one label more of which some instance has one or all.
        let bases = Set(vhosts.compactMap(Self.base))
        return cors.filter { section in
            let isMet =
                section.host == "*" || vhosts.contains("*") || vhosts.contains(section.host)
            guard !isMet, let base = Self.base(of: section.host) else { return !isMet }
            return section.host.hasPrefix("*")
                ? !bases.contains(base) : !vhosts.contains("*\(base)")
        }
        .map { section in
            SettingsError(
                file: file,
                line: section.line,
                key: "cors.\(TOMLText.key(section.host))",
                problem: "no instance has this host, so that the section is for nobody",
                remedy: "name one of the vhosts in \(ContactsSettings.fileName)"
            )
        }
    }

    /// A host without its first label: `.example.com`.
    private static func base(of host: String) -> Substring? {
        host.firstIndex(of: ".").map { host[$0...] }
    }
}
