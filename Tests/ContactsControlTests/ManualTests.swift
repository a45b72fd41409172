import Foundation
import Testing

@testable import ContactsControl

struct ManualTests {
    private static func page() throws -> String {
        let info = try Manual.description()
        return ProgramPage(info, section: 1, also: ["frontend-http(8)"]).text
    }

    @Test func `the page has every command, and every option and argument of each`() throws {
        let page = try Self.page()
        let info = try Manual.description()

        func look(_ command: ToolInfo.Command, _ path: [String]) {
            for inner in command.visible { look(inner, path + [inner.commandName]) }
            guard command.visible.isEmpty else { return }
            let words = path.map(Roff.word).joined(separator: " ")
            #expect(page.contains("\n.Ss \(words)\n"), "\(path)")
            for argument in command.parameters where argument.kind != .positional {
                let name = (argument.preferredName?.name ?? "").split(separator: "-")
                    .joined(separator: "\\-")
                #expect(page.contains("Fl \\-\(name)"), "\(path) \(name)")
            }
        }
        look(info.command, [])
        for section in ["NAME", "SYNOPSIS", "COMMANDS", "OPTIONS", "EXIT STATUS", "EXAMPLES"] {
            #expect(page.contains("\n.Sh \(section)\n"), "\(section)")
        }
    }

    @Test func `every command has an example, and every option a help text`() throws {
        func look(_ command: ToolInfo.Command, _ path: [String]) {
            for inner in command.visible { look(inner, path + [inner.commandName]) }
            for argument in command.parameters {
                #expect(argument.abstract?.isEmpty == false, "\(path) \(argument)")
            }
            guard command.visible.isEmpty else { return }
            #expect(command.discussion?.contains("EXAMPLES\n") == true, "\(path)")
        }
        look(try Manual.description().command, [])
    }

    @Test func `a command that prints JSON says in what shape`() throws {
        func look(_ command: ToolInfo.Command, _ path: [String]) {
            for inner in command.visible { look(inner, path + [inner.commandName]) }
            guard command.parameters.contains(where: { $0.preferredName?.name == "json" }) else {
                return
            }
            #expect(command.discussion?.contains("JSON\n") == true, "\(path)")
        }
        look(try Manual.description().command, [])
    }

    @Test func `mandoc finds nothing to complain about`() throws {
        let path = "/tmp/evl-page-\(UInt32.random(in: 0 ... .max)).1"
        try FileBytes.replace(path, with: Array(Self.page().utf8))
        defer { unlink(path) }

        let lint = try Subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path])

        #expect(lint.output == "")
        #expect(lint.status == 0)
    }

    @Test func `a discussion has paragraphs, then blocks of lines below titles in capitals`() {
        let discussion = Discussion(
            "One\ntwo.\n\nThree.\n\nEXIT STATUS\n  0  done\n    more\n\nFour."
        )

        #expect(discussion.paragraphs == ["One two.", "Three.", "Four."])
        #expect(
            discussion.blocks == [.init(title: "EXIT STATUS", lines: ["0  done", "  more"])]
        )
    }

    @Test func `text that roff would take for its own is text`() {
        #expect(Roff.escape(".Sh a\\b") == "\\&.Sh a\\eb")
        #expect(Roff.escape("'quoted' - not") == "\\&'quoted' \\- not")
        #expect(Roff.word("Fl") == "\\&Fl")
        #expect(Roff.word("a \"b\"") == "\"a \\(dqb\\(dq\"")
    }
}
