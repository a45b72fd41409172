import Foundation
import Settings
import Testing

/// `[pam]` of `gateway.toml`, and users whose passwords are left to it.
struct PAMSettingsTests {
    @Test func `without a section nothing is left to PAM`() throws {
        #expect(try gateway("").pam.service == nil)
        #expect(try gateway("").pam.folder == nil)
    }

    @Test(arguments: ["everlock-contacts", "a", "0_a.b"])
    func `a service has the name of a file`(name: String) throws {
        #expect(try gateway("[pam]\nservice = \"\(name)\"\n").pam.service == name)
    }

    @Test(arguments: [
        "service = \"\"", "service = \"../login\"", "service = \"a/b\"", "service = \"Login\"",
        "service = \".a\"", "service = \"a b\"", "service = 1",
        "service = \"\(String(repeating: "a", count: 65))\"", "folder = \"/etc/pam.d\"",
        "service = \"a\"\nfolder = \"pam.d\"", "service = \"a\"\nfolder = \"/a\\u0000\"",
        "service = \"a\"\nmodule = \"b\"",
    ])
    func `what PAM would read as another name is refused`(lines: String) {
        #expect(throws: SettingsError.self) { try gateway("[pam]\n\(lines)\n") }
    }

    @Test func `a user who needs a service that is not named is found, with the line`() throws {
        let file = try users("[users.a]\npassword = \"$y$z\"\n[users.b]\npassword = \"pam\"\n")
        let none = try gateway("").pam
        let error = #expect(throws: SettingsError.self) {
            try file.check(none, file: "users.toml")
        }

        #expect(file.users.map(\.isLeftToPAM) == [false, true])
        #expect(error?.description.hasPrefix("users.toml:3: users.b.password: ") == true)
        #expect(throws: Never.self) {
            try file.check(gateway("[pam]\nservice = \"a\"\n").pam, file: "users.toml")
        }
        #expect(throws: Never.self) {
            try users("[users.b]\npassword = \"pam\"\npassword_login = false\n")
                .check(none, file: "users.toml")
        }
    }

    @Test func `a service without a file is found`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-pam-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let settings = try gateway("[pam]\nservice = \"a\"\nfolder = \"\(folder.path)\"\n").pam
        #expect(throws: SettingsError.self) { try settings.check(file: "gateway.toml") }

        try Data().write(to: folder.appending(path: "a"))

        #expect(throws: Never.self) { try settings.check(file: "gateway.toml") }
        #expect(throws: Never.self) { try gateway("").pam.check(file: "gateway.toml") }
        try FileManager.default.removeItem(at: folder)
    }
}
