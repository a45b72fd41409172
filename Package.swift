// swift-tools-version: 6.2
//
// Everlock Contacts: the processes, the libraries, and who may know whom.
// The dependency lists below are the table of what may import what; Tests/ArchitectureTests holds
// the sources to it.

import PackageDescription

/// The upcoming features that every target of ours is compiled with; warnings are errors.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

/// Modules that parse bytes from outside: each use of unsafe memory is marked and gives its reason.
let parser: [SwiftSetting] = house + [.strictMemorySafety()]

let package = Package(
    name: "everlock-contacts",
    products: [
        .executable(name: "frontend-http", targets: ["FrontendHTTP"]),
        .executable(name: "contacts-backend", targets: ["ContactsBackend"]),
        .executable(name: "contactsctl", targets: ["ContactsControl"]),
        // For the fault tests: put before glibc in a program under test, linked by nothing.
        .library(name: "PowerCut", type: .dynamic, targets: ["PowerCut"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    ],
    targets: [
        // MARK: Services

        .executableTarget(
            name: "FrontendHTTP",
            dependencies: [
                "Access", "Accounts", "CPAM", "CZlib", "Framing", "Settings", "Supervision",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            path: "Services/frontend-http",
            swiftSettings: house
        ),
        .executableTarget(
            name: "ContactsBackend",
            dependencies: [
                "Access", "AddressBooks", "CMalloc", "CardDAV", "Framing", "Operating",
                "Settings", "Supervision", "VCard", "WebDAV",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Services/contacts-backend",
            swiftSettings: house
        ),
        .executableTarget(
            name: "ContactsControl",
            dependencies: [
                "Access", "Accounts", "AddressBooks", "Framing", "Operating", "Settings",
                "Supervision",
                "VCard",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Services/contactsctl",
            swiftSettings: house
        ),

        // MARK: Shared, domain

        .target(
            name: "AddressBooks",
            dependencies: ["Settings", "VCard", "VersionedStorage"],
            path: "Shared/AddressBooks",
            swiftSettings: house
        ),
        .target(
            name: "CardDAV",
            dependencies: ["VCard", "WebDAV"],
            path: "Shared/CardDAV",
            swiftSettings: parser
        ),

        .target(
            name: "Operating",
            dependencies: ["AddressBooks", "Framing", "VCard"],
            path: "Shared/Operating",
            swiftSettings: parser
        ),

        // MARK: Shared, leaves

        .target(name: "Framing", path: "Shared/Framing", swiftSettings: parser),
        .target(name: "Access", path: "Shared/Access", swiftSettings: parser),
        .target(
            name: "Accounts",
            dependencies: ["CCrypt", .product(name: "Crypto", package: "swift-crypto")],
            path: "Shared/Accounts",
            swiftSettings: parser
        ),
        .target(
            name: "Settings",
            dependencies: ["CTOML"],
            path: "Shared/Settings",
            swiftSettings: parser
        ),
        .target(
            name: "Supervision",
            dependencies: ["CSystemd", .product(name: "Logging", package: "swift-log")],
            path: "Shared/Supervision",
            swiftSettings: house
        ),
        .target(name: "VCard", path: "Shared/VCard", swiftSettings: parser),
        .target(
            name: "WebDAV",
            dependencies: ["CLibXML2"],
            path: "Shared/WebDAV",
            swiftSettings: parser
        ),
        .target(
            name: "VersionedStorage",
            dependencies: ["CLibCrypto", "CLibGit2", "CMalloc", "CZlib"],
            path: "Shared/VersionedStorage",
            swiftSettings: house
        ),

        // MARK: C libraries of the system

        .systemLibrary(
            name: "CLibCrypto",
            path: "Shared/CLibCrypto",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CLibGit2",
            path: "Shared/CLibGit2",
            pkgConfig: "libgit2",
            providers: [.apt(["libgit2-dev"])]
        ),
        .systemLibrary(
            name: "CLibXML2",
            path: "Shared/CLibXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"])]
        ),
        .systemLibrary(
            name: "CSystemd",
            path: "Shared/CSystemd",
            pkgConfig: "libsystemd",
            providers: [.apt(["libsystemd-dev"])]
        ),
        .systemLibrary(name: "CMalloc", path: "Shared/CMalloc"),
        .systemLibrary(
            name: "CPAM",
            path: "Shared/CPAM",
            pkgConfig: "pam",
            providers: [.apt(["libpam0g-dev"])]
        ),
        .systemLibrary(
            name: "CZlib",
            path: "Shared/CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]
        ),
        .systemLibrary(
            name: "CCrypt",
            path: "Shared/CCrypt",
            providers: [.apt(["libcrypt-dev"])]
        ),
        .target(
            name: "CTOML",
            path: "Shared/CTOML",
            linkerSettings: [.linkedLibrary("tomlplusplus")]
        ),

        // MARK: Tests

        .target(
            name: "TestSupport",
            dependencies: [
                "CCrypt", "CZlib", "Framing", "WebDAV",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            path: "Tests/TestSupport",
            swiftSettings: house
        ),
        .testTarget(
            name: "VCardTests",
            dependencies: ["VCard"],
            path: "Tests/VCardTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "VersionedStorageTests",
            dependencies: ["VersionedStorage"],
            path: "Tests/VersionedStorageTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "WebDAVTests",
            dependencies: ["WebDAV"],
            path: "Tests/WebDAVTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "CardDAVTests",
            dependencies: ["CardDAV", "VCard", "WebDAV"],
            path: "Tests/CardDAVTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "AddressBooksTests",
            dependencies: ["AddressBooks", "VCard"],
            path: "Tests/AddressBooksTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "OperatingTests",
            dependencies: ["AddressBooks", "Framing", "Operating"],
            path: "Tests/OperatingTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "SettingsTests",
            dependencies: ["Settings"],
            path: "Tests/SettingsTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "AccountsTests",
            dependencies: ["Accounts"],
            path: "Tests/AccountsTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "SupervisionTests",
            dependencies: ["Supervision", .product(name: "Logging", package: "swift-log")],
            path: "Tests/SupervisionTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "ContactsControlTests",
            dependencies: ["ContactsControl", "Settings", "VCard"],
            path: "Tests/ContactsControlTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "FramingTests",
            dependencies: ["Framing"],
            path: "Tests/FramingTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "AccessTests",
            dependencies: ["Access"],
            path: "Tests/AccessTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "FrontendHTTPTests",
            dependencies: [
                "Access", "Accounts", "CPAM", "CZlib", "Framing", "FrontendHTTP", "Settings",
                "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/FrontendHTTPTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "ArchitectureTests",
            path: "Tests/ArchitectureTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "ConformanceTests",
            dependencies: [
                "TestSupport", "WebDAV", "ContactsBackend", "ContactsControl", "FrontendHTTP",
            ],
            path: "Tests/ConformanceTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "ProcessTests",
            dependencies: [
                "TestSupport", "WebDAV", "ContactsBackend", "ContactsControl", "FrontendHTTP",
            ],
            path: "Tests/ProcessTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "HostileTests",
            dependencies: [
                "TestSupport", "ContactsBackend", "ContactsControl", "FrontendHTTP",
            ],
            path: "Tests/HostileTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "ClientTests",
            dependencies: [
                "TestSupport", "WebDAV", "ContactsBackend", "ContactsControl", "FrontendHTTP",
            ],
            path: "Tests/ClientTests",
            exclude: ["Scripts"],
            swiftSettings: house
        ),
        .target(name: "PowerCut", path: "Tests/PowerCut"),
        .testTarget(
            name: "FaultTests",
            dependencies: [
                "Framing", "TestSupport", "WebDAV", "ContactsBackend", "ContactsControl",
                "FrontendHTTP", .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "Tests/FaultTests",
            swiftSettings: house
        ),
        .testTarget(
            name: "SystemdTests",
            dependencies: [
                "TestSupport", "ContactsBackend", "ContactsControl", "FrontendHTTP",
            ],
            path: "Tests/SystemdTests",
            exclude: ["Scripts"],
            swiftSettings: house
        ),
    ],
    cxxLanguageStandard: .cxx17
)
