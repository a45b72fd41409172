import FoundationEssentials

/// What a program says of its command line: the parts of ArgumentParser's `--experimental-dump-help`
/// that a manual page has.
struct ToolInfo: Decodable {
    let command: Command

    struct Command: Decodable {
        let commandName: String
        let abstract: String?
        let discussion: String?
        let shouldDisplay: Bool?
        let subcommands: [Command]?
        let arguments: [Argument]?

        /// The commands below that people see.
        var visible: [Command] {
            (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
        }

        /// The arguments that people see, without `--help`, which all have.
        var parameters: [Argument] {
            (arguments ?? []).filter { $0.shouldDisplay && $0.preferredName?.name != "help" }
        }
    }

    struct Argument: Decodable, Equatable {
        enum Kind: String, Decodable {
            case positional, option, flag
        }

        struct Name: Decodable, Equatable {
            let kind: String
            let name: String

            /// The name as it is typed.
            var text: String { kind == "long" ? "--\(name)" : "-\(name)" }
        }

        let kind: Kind
        let shouldDisplay: Bool
        let isOptional: Bool
        let isRepeating: Bool
        let names: [Name]?
        let preferredName: Name?
        let valueName: String?
        let defaultValue: String?
        let allValues: [String]?
        let abstract: String?
        let discussion: String?
    }

    /// Reads a dump.
    ///
    /// - Throws: ``CommandFailure`` for what is none.
    init(json: String) throws {
        do {
            self = try JSONDecoder().decode(ToolInfo.self, from: Data(json.utf8))
        } catch {
            throw CommandFailure(
                message: "a description of a command line cannot be read: \(error)"
            )
        }
    }
}
