/// The manual page of a program, made of what the program itself says of its command line.
struct ProgramPage {
    /// An option that so many commands have is described once, for all.
    private static let sharedBy = 5

    let name: String
    let section: Int
    private let command: ToolInfo.Command
    private let also: [String]
    private var shared: [ToolInfo.Argument] = []

    /// - Parameters:
    ///   - info: The program.
    ///   - section: The section of the manual: 1 for everybody's commands, 8 for services.
    ///   - also: Other pages, for example `contacts.toml(5)`.
    init(_ info: ToolInfo, section: Int, also: [String]) {
        command = info.command
        name = info.command.commandName
        self.section = section
        self.also = also
        var counts: [(argument: ToolInfo.Argument, count: Int)] = []
        for argument in Self.leaves(command, []).flatMap(\.command.parameters)
        where argument.kind != .positional {
            if let index = counts.firstIndex(where: { $0.argument == argument }) {
                counts[index].count += 1
            } else {
                counts.append((argument, 1))
            }
        }
        shared = counts.filter { $0.count >= Self.sharedBy }.map(\.argument)
    }

    /// The page in mdoc.
    var text: String {
        var page = Roff(name: name, section: section, abstract: Self.sentence(command.abstract))
        let discussion = Discussion(command.discussion ?? "")
        let leaves = Self.leaves(command, [])
        page.section("SYNOPSIS")
        if command.visible.isEmpty {
            synopsis(of: command, [], &page)
        } else {
            page.macro("Nm")
            page.callable(".Ar command")
            page.callable(".Op Ar options")
            page.callable(".Op Ar arguments")
        }
        page.section("DESCRIPTION")
        for (index, text) in discussion.paragraphs.enumerated() {
            if index > 0 { page.macro("Pp") }
            page.paragraph(text)
        }
        if discussion.paragraphs.isEmpty { page.paragraph(command.abstract ?? name) }
        if leaves.count > 1 {
            page.section("COMMANDS")
            for leaf in leaves { describe(leaf, &page) }
            page.section("OPTIONS")
            page.paragraph("These are the same for every command that has them.")
            describe(shared, &page)
        } else {
            page.section("OPTIONS")
            describe(command.parameters, &page)
        }
        for block in Self.ordered(discussion.blocks) {
            page.section(block.title)
            page.literal(block.lines)
        }
        page.section("SEE ALSO")
        page.references(also)
        return page.text
    }

    /// Blocks in the order that manual pages have them in (mdoc(7)), those without a place first.
    private static func ordered(_ blocks: [Discussion.Block]) -> [Discussion.Block] {
        let order = ["ENVIRONMENT", "FILES", "EXIT STATUS", "EXAMPLES"]
        let others = blocks.filter { !order.contains($0.title) }
        return others + order.flatMap { title in blocks.filter { $0.title == title } }
    }

    private struct Leaf {
        let path: [String]
        let command: ToolInfo.Command
    }

    /// The commands that do something, with the words that lead to each.
    private static func leaves(_ command: ToolInfo.Command, _ path: [String]) -> [Leaf] {
        if command.visible.isEmpty { return [Leaf(path: path, command: command)] }
        return command.visible.flatMap { leaves($0, path + [$0.commandName]) }
    }

    private func describe(_ leaf: Leaf, _ page: inout Roff) {
        page.callable(".Ss " + leaf.path.map(Roff.word).joined(separator: " "))
        synopsis(of: leaf.command, leaf.path, &page)
        page.macro("Pp")
        page.paragraph(leaf.command.abstract ?? "")
        let discussion = Discussion(leaf.command.discussion ?? "")
        for text in discussion.paragraphs {
            page.macro("Pp")
            page.paragraph(text)
        }
        let own = leaf.command.parameters.filter { !shared.contains($0) }
        if !own.isEmpty { describe(own, &page) }
        for block in discussion.blocks {
            page.macro("Pp")
            page.paragraph(block.title == "JSON" ? "With --json:" : Self.title(block.title))
            page.literal(block.lines)
        }
    }

    private func synopsis(of command: ToolInfo.Command, _ path: [String], _ page: inout Roff) {
        page.macro("Nm")
        if !path.isEmpty { page.callable(".Cm " + path.joined(separator: " ")) }
        let options = command.parameters.filter { $0.kind != .positional }
        if options.contains(where: shared.contains) { page.callable(".Op Ar options") }
        for option in options where !shared.contains(option) {
            let text = Self.flag(option, named: option.preferredName) + Self.value(option)
            page.callable(option.isOptional ? ".Op \(text)" : ".\(text)")
        }
        for argument in command.parameters where argument.kind == .positional {
            let dots = argument.isRepeating ? " ..." : ""
            let name = Roff.word(argument.valueName ?? "value")
            page.callable(argument.isOptional ? ".Op Ar \(name)\(dots)" : ".Ar \(name)\(dots)")
        }
    }

    private func describe(_ arguments: [ToolInfo.Argument], _ page: inout Roff) {
        page.callable(".Bl -tag -width Ds")
        for argument in arguments {
            if argument.kind == .positional {
                page.callable(".It Ar \(Roff.word(argument.valueName ?? "value"))")
            } else {
                let names = (argument.names ?? []).map { Self.flag(argument, named: $0) }
                page.callable(".It \(names.joined(separator: " , "))\(Self.value(argument))")
            }
            var text = argument.abstract ?? ""
            if let more = argument.discussion, !more.isEmpty { text += " \(more)" }
            if let values = argument.allValues, !values.isEmpty {
                text += " One of \(values.joined(separator: ", "))."
            }
            if let value = argument.defaultValue { text += " The default is \(value)." }
            page.paragraph(text)
        }
        page.callable(".El")
    }

    /// A name of an option: mdoc puts the first dash itself.
    private static func flag(_: ToolInfo.Argument, named name: ToolInfo.Argument.Name?) -> String {
        "Fl \(Roff.escape(String(name?.text.dropFirst() ?? "")))"
    }

    private static func value(_ argument: ToolInfo.Argument) -> String {
        guard argument.kind == .option else { return "" }
        return " Ar \(Roff.word(argument.valueName ?? "value"))"
    }

    /// A sentence as a page's head has it: without a capital and the full stop.
    private static func sentence(_ text: String?) -> String {
        guard var text, let first = text.first else { return "" }
        text.replaceSubrange(...text.startIndex, with: first.lowercased())
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    private static func title(_ text: String) -> String {
        "\(text.prefix(1))\(text.dropFirst().lowercased()):"
    }
}
