extension SettingsPage {
    static let contacts = SettingsPage(
        name: "contacts.toml",
        abstract: "the instances that are served",
        description: """
            Says which instances there are, where each keeps its address books, and which hosts lead \
            to it. Instances share nothing. The gateway and the backends read the file again on \
            SIGHUP. contactsctl instance add and remove change it, and leave comments and order alone. \
            Times are digits and ms, s, m, h or d.
            """,
        example: """
            enabled = true
            idle_exit = "10m"

            [instances.default]
            vhosts = ["contacts.example.com"]
            """,
        keys: [
            Key("enabled", "Whether anything is served: true or false. The default is true."),
            Key(
                "idle_exit",
                "How long a backend waits for a request before it ends, to be started again by the "
                    + "next: 1s to 30d, or never. The default is 10m."
            ),
            Key("instances.NAME", "An instance: 1 to 27 of a-z, 0-9 and -, a letter first."),
            Key(
                "instances.NAME.store",
                "The folder of its git repository, relative to the state folder or absolute. The "
                    + "default is the instance's name."
            ),
            Key(
                "instances.NAME.vhosts",
                "The hosts that lead to the instance, without ports; \"*\" is every host that no "
                    + "other instance names. There is no default."
            ),
            Key(
                "instances.NAME.idle_exit",
                "As the key of the same name above, for this instance alone."
            ),
        ]
    )

    static let users = SettingsPage(
        name: "users.toml",
        abstract: "who may log in, and who may do what",
        description: """
            Says who may log in, and what each may do where. The gateway alone reads the file, and \
            again by itself when it has changed. It holds password hashes: nobody else should be able \
            to read it. contactsctl user, grant and app-password change it. The longest path of an \
            access table decides; for the same path a user's own rule beats those of groups.
            """,
        example: """
            [users.alice]
            password = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7"

            [users.alice.access]
            "http/contacts/default" = "writer"

            [groups.family]
            members = ["alice"]

            [groups.family.access]
            "http/contacts/default/family" = "writer"
            """,
        keys: [
            Key(
                "users.NAME",
                "A user: 1 to 64 bytes without a colon, a slash or a control character."
            ),
            Key(
                "users.NAME.password",
                "A hash in a form of crypt(3): yescrypt, bcrypt, scrypt or SHA-crypt; contactsctl "
                    + "user password writes it. Or pam: the service of PAM that gateway.toml names "
                    + "is asked. It may be missing where password_login is false."
            ),
            Key(
                "users.NAME.password_login",
                "Whether the password opens anything, or app passwords and access tokens alone do. "
                    + "The default is true."
            ),
            Key(
                "users.NAME.access",
                "What the user may do: paths, and a role for each. A path is http/contacts, "
                    + "http/contacts/INSTANCE or http/contacts/INSTANCE/BOOK. A reader lists, fetches "
                    + "and syncs; a writer also changes; none takes away what a shorter path gives."
            ),
            Key(
                "users.NAME.app_passwords.ID",
                "A password of one of the user's devices; contactsctl app-password writes it. At "
                    + "most 100."
            ),
            Key("users.NAME.app_passwords.ID.name", "What people call the device."),
            Key("users.NAME.app_passwords.ID.hash", "What is kept of the password."),
            Key("users.NAME.app_passwords.ID.created", "The day it was made; for people."),
            Key(
                "users.NAME.app_passwords.ID.expires",
                "The last day that it is taken, in UTC. Without it, it does not end by itself."
            ),
            Key(
                "users.NAME.app_passwords.ID.paths",
                "The access paths that it opens, of those that the user may use. The default is all."
            ),
            Key(
                "users.NAME.app_passwords.ID.read_only",
                "Whether it opens nothing for changes. The default is false."
            ),
            Key("groups.NAME", "Users who may do the same."),
            Key("groups.NAME.members", "The users, each one of this file."),
            Key("groups.NAME.access", "What each member may do, as for a user."),
            Key(
                "anonymous.access",
                "What may be done without logging in: reader or none. Without it, nothing."
            ),
        ]
    )
}
