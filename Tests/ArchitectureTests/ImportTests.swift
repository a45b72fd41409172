import Foundation
import Testing

/// Holds the sources to the table of who may know whom. The compiler alone would let an import pass
/// that the manifest allows only through another module.
struct ImportTests {
    /// What each module may import of ours. A module that is not here may not exist.
    static let allowed: [String: Set<String>] = [
        "Shared/Framing": [],
        "Shared/Access": [],
        "Shared/Accounts": ["CCrypt"],
        "Shared/Settings": ["CTOML"],
        "Shared/Supervision": ["CSystemd"],
        "Shared/VCard": [],
        "Shared/WebDAV": ["CLibXML2"],
        "Shared/CardDAV": ["VCard", "WebDAV"],
        "Shared/VersionedStorage": ["CLibCrypto", "CLibGit2", "CMalloc", "CZlib"],
        // Settings for the TOML reader only: a book's config.toml is TOML.
        "Shared/AddressBooks": ["Settings", "VCard", "VersionedStorage"],
        "Shared/Operating": ["AddressBooks", "Framing", "VCard"],
        "Services/frontend-http": [
            "Access", "Accounts", "CPAM", "CZlib", "Framing", "Settings", "Supervision",
        ],
        "Services/contacts-backend": [
            "Access", "AddressBooks", "CMalloc", "CardDAV", "Framing", "Operating", "Settings",
            "Supervision", "WebDAV",
        ],
        "Services/contactsctl": [
            "Access", "Accounts", "AddressBooks", "Framing", "Operating", "Settings", "Supervision",
            "VCard",
        ],
    ]

    /// Modules of others that only one of ours may know.
    static let exclusive: [String: Set<String>] = [
        "Foundation": [],
        "FoundationEssentials": ["Services/contactsctl", "Services/frontend-http"],
        "NIOCore": ["Services/frontend-http"], "NIOPosix": ["Services/frontend-http"],
        "NIOHTTP1": ["Services/frontend-http"], "NIOExtras": ["Services/frontend-http"],
        "NIOHPACK": ["Services/frontend-http"], "NIOHTTP2": ["Services/frontend-http"],
        "NIOSSL": ["Services/frontend-http"], "NIOTLS": ["Services/frontend-http"],
        "Crypto": ["Services/frontend-http", "Shared/Accounts"],
        "CryptoExtras": ["Services/frontend-http"],
        "AsyncHTTPClient": ["Services/frontend-http"],
    ]

    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static let ours: Set<String> = [
        "Access", "Accounts", "AddressBooks", "CCrypt", "CLibCrypto", "CLibGit2", "CLibXML2",
        "CPAM", "CSystemd",
        "CTOML", "CZlib",
        "CardDAV", "Framing", "Operating", "Settings", "Supervision", "VCard", "VersionedStorage",
        "WebDAV", "ContactsBackend", "ContactsControl", "FrontendHTTP",
    ]

    @Test(arguments: allowed.keys.sorted())
    func `a module imports only what the table allows`(module: String) throws {
        let allowed = try #require(Self.allowed[module])
        let imports = try Self.imports(of: module)

        try #require(!imports.files.isEmpty)
        for (file, name) in imports.found {
            if Self.ours.contains(name) {
                #expect(allowed.contains(name), "\(file) imports \(name)")
            }
            if let users = Self.exclusive[name] {
                #expect(users.contains(module), "\(file) imports \(name)")
            }
        }
    }

    @Test func `every module is in the table`() throws {
        for top in ["Shared", "Services"] {
            let folders = try FileManager.default.contentsOfDirectory(
                atPath: Self.root.appending(path: top).path
            )
            for folder in folders {
                let module = "\(top)/\(folder)"
                guard try !Self.imports(of: module).files.isEmpty else { continue }
                #expect(Self.allowed[module] != nil, "\(module) is not in the table")
            }
        }
    }

    @Test func `the top level holds what it may and nothing else`() throws {
        let allowed: Set = [
            "LICENSE", "Package.resolved", "Package.swift", "README.md", "Services", "Shared",
            "Tests",
            "systemd",
        ]
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.root.path)
            .filter { !$0.hasPrefix(".") }

        #expect(Set(names).isSubset(of: allowed))
    }

    private static func imports(
        of module: String
    ) throws -> (files: [String], found: [(file: String, name: String)]) {
        let folder = root.appending(path: module)
        let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var files: [String] = []
        var found: [(file: String, name: String)] = []
        while let url = walk?.nextObject() as? URL {
            guard url.pathExtension == "swift" else { continue }
            files.append(url.lastPathComponent)
            for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ")
                guard let position = words.firstIndex(of: "import"), position <= 2,
                    words[..<position].allSatisfy({
                        $0 == "public" || $0.hasPrefix("@") || $0 == "internal" || $0 == "private"
                    }),
                    let name = words.dropFirst(position + 1).first
                else { continue }
                found.append((url.lastPathComponent, String(name)))
            }
        }
        return (files, found)
    }
}
