import Access
import ArgumentParser
import Settings

extension Completion {
    /// The roles.
    static let roles = CompletionKind.list(Role.allNames)

    /// The words of `contactsctl grant`: a user, a path, a role.
    static let grants = CompletionKind.custom { words, index, prefix in
        grants(words, upTo: index, prefix: prefix)
    }

    /// The groups of `users.toml`.
    static let groups = CompletionKind.custom { words, _, _ in
        (usersFile(words)?.groups ?? []).map(\.name)
    }

    /// The ids of the app passwords of the user that the words before name.
    static let appPasswords = CompletionKind.custom { words, _, _ in appPasswords(words) }

    /// What a word of `contactsctl grant` can be.
    ///
    /// - Parameters:
    ///   - words: The command line.
    ///   - index: The place of the word in it.
    ///   - prefix: What is there of it.
    /// - Returns: The words, whatever the prefix; the shell chooses.
    static func grants(_ words: [String], upTo index: Int, prefix: String) -> [String] {
        guard let command = words.firstIndex(of: "grant"), command < index else { return [] }
        var rest = words[(command + 1)..<min(index, words.count)]
        let isRemoval = rest.first == "remove"
        if ["set", "remove"].contains(rest.first) { rest = rest.dropFirst() }
        var place = 0
        var isValue = false
        for word in rest {
            if isValue {
                isValue = false
            } else if word.hasPrefix("--") {
                // A group and whoever has not logged in stand in the place of a user.
                if word == "--anonymous" || word.hasPrefix("--group") { place += 1 }
                isValue = ["--group", "--config", "--state", "--runtime"].contains(word)
            } else {
                place += 1
            }
        }
        switch place {
        case 0: return (usersFile(words)?.users ?? []).map(\.name)
        case 1 where isRemoval: return usersFile(words).map(rulePaths) ?? []
        case 1: return paths(words, prefix)
        case 2 where !isRemoval: return Role.allNames
        default: return []
        }
    }

    /// The ids of a user's app passwords.
    static func appPasswords(_ words: [String]) -> [String] {
        let user = usersFile(words)?.users.first { words.contains($0.name) }
        return user?.appPasswords.map(\.id) ?? []
    }

    /// Instances, and the books of one once its name is there.
    private static func paths(_ words: [String], _ prefix: String) -> [String] {
        let places = places(words)
        do {
            let instances = try places.contacts().instances.map(\.name)
            guard let slash = prefix.firstIndex(of: "/"),
                let instance = instances.first(where: { $0 == prefix[..<slash] })
            else { return [AccessPath.everything.description] + instances }
            return try bookNames(of: instance, places).map { "\(instance)/\($0)" }
        } catch {
            return []
        }
    }

    private static func rulePaths(_ file: UsersFile) -> [String] {
        Set(file.holders.flatMap { file.access(of: $0) ?? [] }.map(\.path)).sorted()
    }

    private static func usersFile(_ words: [String]) -> UsersFile? {
        do throws(SettingsError) {
            return try UsersFile.load(path: places(words).usersPath)
        } catch {
            return nil
        }
    }
}

extension Role {
    /// The roles as they are typed.
    fileprivate static let allNames = [Role.reader, .writer, .nothing].map(\.rawValue)
}
