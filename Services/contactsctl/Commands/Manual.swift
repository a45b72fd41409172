import ArgumentParser
import Glibc

/// `contactsctl manual`: the manual pages, made of the programs' own descriptions.
struct Manual: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the manual page, or writes all pages into a folder.",
        discussion: """
            Prints contactsctl(1). With --directory also writes contacts.toml(5), users.toml(5), \
            gateway.toml(5), frontend-http(8) and contacts-backend(8). The pages of programs are made \
            of what they say of themselves; the two services lie beside this one.

            EXAMPLES
              contactsctl manual | man -l -
              contactsctl manual --directory /tmp/pages && man /tmp/pages/users.toml.5
            """
    )

    @Option(
        help: "The folder to write the pages into.",
        completion: .directory
    )
    var directory: String?

    func run() throws {
        let own = ProgramPage(
            try Self.description(),
            section: 1,
            also: ["contacts.toml(5)", "gateway.toml(5)", "users.toml(5)"]
                + ["contacts-backend(8)", "frontend-http(8)"]
        )
        guard let directory else { return Terminal.put(own.text, STDOUT_FILENO) }
        let services = [
            try Self.page(
                of: "frontend-http",
                also: ["contactsctl(1)", "contacts.toml(5)", "gateway.toml(5)", "users.toml(5)"]
                    + ["contacts-backend(8)"]
            ),
            try Self.page(
                of: "contacts-backend",
                also: ["contactsctl(1)", "contacts.toml(5)", "frontend-http(8)"]
            ),
        ]
        for page in [own] + services {
            try Self.write(page.text, page.name, page.section, directory)
        }
        for page in SettingsPage.all {
            try Self.write(page.text, page.name, SettingsPage.section, directory)
        }
    }

    private static func write(
        _ text: String,
        _ name: String,
        _ section: Int,
        _ directory: String
    ) throws {
        if mkdir(directory, 0o755) != 0, errno != EEXIST {
            throw FileBytes.failure("make", directory)
        }
        let path = "\(directory)/\(name).\(section)"
        try FileBytes.replace(path, with: Array(text.utf8), newMode: 0o644)
        Terminal.say(path)
    }

    /// What this program says of itself.
    static func description() throws -> ToolInfo {
        try ToolInfo(json: ContactsControl._dumpHelp())
    }

    /// The page of a service, of what the program beside this one says.
    private static func page(of program: String, also: [String]) throws -> ProgramPage {
        let command = ["\(try folder())/\(program)", "--experimental-dump-help"]
        let result = try Subprocess.run(command)
        guard result.status == 0 else {
            throw CommandFailure(message: "\(command[0]) does not describe itself")
        }
        return ProgramPage(try ToolInfo(json: result.output), section: 8, also: also)
    }

    /// The folder of this program.
    private static func folder() throws -> String {
        guard let path = realpath("/proc/self/exe", nil) else {
            throw CommandFailure(message: "this program cannot be found on the disk")
        }
        defer { free(path) }
        let text = String(cString: path)
        return text.lastIndex(of: "/").map { String(text[..<$0]) } ?? "."
    }
}
