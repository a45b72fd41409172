import ArgumentParser
import Operating
import Settings

/// What a shell completes arguments with: names out of the settings, and of books out of a store.
enum Completion {
    /// The instances of `contacts.toml`.
    static let instances = CompletionKind.custom { words, _, _ in
        do throws(SettingsError) {
            return try places(words).contacts().instances.map(\.name)
        } catch {
            // Nothing to complete with; the command itself says what is wrong.
            return []
        }
    }

    /// The users of `users.toml`.
    static let users = CompletionKind.custom { words, _, _ in
        do throws(SettingsError) {
            return try UsersFile.load(path: places(words).usersPath).users.map(\.name)
        } catch {
            return []
        }
    }

    /// The books of the instance that the words before name.
    static let books = CompletionKind.custom { words, _, _ in bookNames(words) }

    /// The names of the books of the instance that the words name.
    static func bookNames(_ words: [String]) -> [String] {
        let places = places(words)
        do {
            let known = Set(try places.contacts().instances.map(\.name))
            return try words.first(where: known.contains).map { try bookNames(of: $0, places) }
                ?? []
        } catch {
            return []
        }
    }

    /// The names of an instance's books; nothing is made or said where there is no store yet.
    static func bookNames(of instance: String, _ places: Places) throws -> [String] {
        guard try places.hasStore(places.instance(instance)) else { return [] }
        var books: [String] = []
        try places.perform(.listBooks, on: instance) { reply in
            if case .book(let book) = reply { books.append(book.name) }
        }
        return books
    }

    /// Where things are, as the words of the command line have it.
    static func places(_ words: [String]) -> Places {
        var places = Places()
        places.config = value("--config", words) ?? Places.installedConfig
        places.state = value("--state", words) ?? Places.installedState
        places.runtime = value("--runtime", words)
        return places
    }

    private static func value(_ option: String, _ words: [String]) -> String? {
        for (word, next) in zip(words, words.dropFirst() + [""]) {
            if word == option, !next.isEmpty { return next }
            if word.hasPrefix("\(option)=") { return String(word.dropFirst(option.count + 1)) }
        }
        return nil
    }
}
