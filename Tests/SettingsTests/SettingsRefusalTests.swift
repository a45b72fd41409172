import Settings
import Testing

struct SettingsRefusalTests {
    @Test(arguments: [
        ("enabeld = true\n", 1, "enabeld", "is not a known key"),
        ("\nenabled = 1\n", 2, "enabled", "must be true or false"),
        ("instances = 1\n", 1, "instances", "must be a table"),
        ("[instances]\na = 1\n", 2, "instances.a", "must be a table"),
        ("[instances.a]\nvhosts = \"a\"\n", 2, "instances.a.vhosts", "must be a list of texts"),
        ("[instances.a]\nvhosts = [1]\n", 2, "instances.a.vhosts", "must be a list of texts"),
        ("[instances.a]\nvhosts = []\n", 2, "instances.a.vhosts", "names no host"),
        ("[instances.a]\nvhosts = ['a']\nstore = 1\n", 3, "instances.a.store", "must be a text"),
        (
            "[instances.a]\nvhosts = ['a']\nstroe = 's'\n", 3, "instances.a.stroe",
            "is not a known key"
        ),
        ("[[instances]]\n", 1, "instances", "must be a table"),
    ])
    func `contacts.toml: a wrong value is named with line and key`(
        _ text: String,
        _ line: Int,
        _ key: String,
        _ problem: String
    ) throws {
        let error = try #require(throws: SettingsError.self) { try contacts(text) }

        #expect(error.line == line)
        #expect(error.key == key)
        #expect(error.problem == problem)
    }

    @Test(arguments: [
        ("user = 1\n", 1, "user", "is not a known key"),
        ("[users]\na = 1\n", 2, "users.a", "must be a table"),
        ("\n[users.a]\n", 2, "users.a.password", "is missing"),
        ("[users.a]\npassword = ''\n", 1, "users.a.password", "is missing"),
        ("[users.a]\npassword = 1\n", 2, "users.a.password", "must be a text"),
        ("[users.a]\npassword = 'x'\nrole = 'y'\n", 3, "users.a.role", "is not a known key"),
        ("[users.a]\npassword = 'x'\naccess = 'y'\n", 3, "users.a.access", "must be a table"),
        (
            "[users.a]\npassword = 'x'\n[users.a.access]\n\"http/contacts\" = 1\n", 4,
            "users.a.access.\"http/contacts\"", "must be a text"
        ),
    ])
    func `users.toml: a wrong value is named with line and key`(
        _ text: String,
        _ line: Int,
        _ key: String,
        _ problem: String
    ) throws {
        let error = try #require(throws: SettingsError.self) { try users(text) }

        #expect(error.line == line)
        #expect(error.key == key)
        #expect(error.problem == problem)
    }

    @Test func `an error reads as file, line, key, problem and remedy`() throws {
        let error = try #require(throws: SettingsError.self) {
            try contacts("[instances.a]\nvhosts = 1\n")
        }

        #expect(
            error.description == "contacts.toml:2: instances.a.vhosts: must be a list of texts; "
                + "write vhosts = [\"contacts.example.com\"]"
        )
    }

    @Test func `a key with a line break in it cannot forge a line of the log`() throws {
        let error = try #require(throws: SettingsError.self) { try contacts("\"a\\nb\" = 1\n") }

        #expect(!error.description.contains("\n"))
    }
}
