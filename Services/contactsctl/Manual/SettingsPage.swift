/// The manual page of a settings file.
///
/// The tests hold each page to the readers of its file: every key is described, no other, and the
/// example reads without an error.
struct SettingsPage {
    /// A key, with the tables above it; a name of somebody's choice is in capitals.
    struct Key {
        let name: String
        /// What it means, with unit, range and default.
        let text: String

        init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    let name: String
    let abstract: String
    /// What the page says before the keys.
    let description: String
    let example: String
    let keys: [Key]

    static let section = 5

    static let all = [contacts, users, gateway]

    /// The page in mdoc.
    var text: String {
        var page = Roff(name: name, section: Self.section, abstract: abstract)
        page.section("DESCRIPTION")
        page.paragraph(description)
        page.macro("Pp")
        page.paragraph(
            "The file is TOML 1.0. An unknown key or a wrong value stops the programs at start; "
                + "contactsctl check names all of them, with line and remedy."
        )
        page.section("KEYS")
        page.callable(".Bl -tag -width Ds")
        for key in keys {
            page.callable(".It Va \(Roff.word(key.name))")
            page.paragraph(key.text)
        }
        page.callable(".El")
        page.section("FILES")
        page.literal(["/etc/everlock-contacts/\(name)"])
        page.section("EXAMPLES")
        page.literal(
            example.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        )
        page.section("SEE ALSO")
        let others = ["contactsctl(1)"] + Self.others(than: name) + ["frontend-http(8)"]
        page.references(others)
        return page.text
    }

    private static func others(than name: String) -> [String] {
        [contacts.name, gateway.name, users.name].filter { $0 != name }.map { "\($0)(\(section))" }
    }
}
