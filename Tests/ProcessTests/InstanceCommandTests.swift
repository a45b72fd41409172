import Foundation
import TestSupport
import Testing

/// `contactsctl instance` as root on a machine that runs systemd.
@Suite(.enabled(if: PretendedSystemd.isAllowed))
struct InstanceCommandTests {
    private static let machine = PretendedSystemd()

    /// A set-up as `Services/run` has it: settings, stores and sockets in a folder of its own.
    private static let own = """
        folder=$(mktemp -d)
        printf '[instances.work]\\nvhosts = ["a.example"]\\n' >"$folder/contacts.toml"
        ctl() { contactsctl "$@" --config "$folder" --state "$folder" --runtime "$folder"; }

        """

    @Test func `units are left alone by a set-up that they do not serve`() throws {
        let done = try Self.machine.run(
            Self.own + """
                echo kept >/etc/sysusers.d/everlock-work.conf
                ctl instance remove work || exit
                cat /etc/sysusers.d/everlock-work.conf
                """
        )

        #expect(done.status == 0)
        #expect(done.output.hasSuffix("kept\n"))
        #expect(done.calls == [])
    }

    @Test func `--enable for a set-up that units do not serve is refused before anything changes`()
        throws
    {
        let refused = try Self.machine.run(
            Self.own + """
                before=$(cat "$folder/contacts.toml")
                ctl instance add extra --vhost b.example --enable; status=$?
                [ "$(cat "$folder/contacts.toml")" = "$before" ] && echo unchanged
                ls /etc/sysusers.d
                exit $status
                """
        )

        #expect(refused.status == 1)
        #expect(refused.output == "unchanged\n")
        #expect(refused.errors.contains("--enable"))
        #expect(refused.errors.contains("/etc/everlock-contacts"))
        #expect(!refused.calls.contains { $0.contains("enable") })
    }

    @Test func `a machine without the units is one where nothing is to be enabled or disabled`()
        throws
    {
        let done = try Self.machine.run(
            """
            contactsctl instance add work --vhost a.example --enable; echo $?
            cat /etc/everlock-contacts/contacts.toml
            contactsctl instance add work --vhost a.example >/dev/null; echo $?
            contactsctl instance remove work; echo $?
            """,
            environment: ["LOAD_STATE": "not-found"]
        )

        #expect(done.output.hasPrefix("1\n0\nwork is out of "))
        #expect(done.output.hasSuffix("\n0\n"))
        #expect(done.errors.contains("contacts-backend@work.socket"))
        #expect(!done.calls.contains { $0.contains("enable") || $0.contains("disable") })
    }

    @Test func `an installation's units are enabled and disabled`() throws {
        let done = try Self.machine.run(
            """
            contactsctl instance add work --vhost a.example --enable || exit
            contactsctl instance remove work || exit
            ls /etc/sysusers.d
            """
        )

        #expect(done.status == 0)
        for call in [
            "systemd-sysusers /etc/sysusers.d/everlock-work.conf",
            "systemctl enable --now contacts-backend@work.socket",
            "systemctl disable --now contacts-backend@work.socket",
            "systemctl stop contacts-backend@work.service",
        ] {
            #expect(done.calls.contains(call))
        }
        #expect(!done.output.contains("\neverlock-work.conf"))
    }

    @Test func `--enable goes on where it failed, with the instance that is there already`() throws
    {
        let done = try Self.machine.run(
            """
            touch "$BROKEN"
            contactsctl instance add work --vhost A.example --enable; echo "first $?"
            rm "$BROKEN"
            contactsctl instance add work --vhost b.example --enable; echo "other $?"
            contactsctl instance add work --vhost a.example --store w --enable; echo "other $?"
            contactsctl instance add work --vhost a.example; echo "without $?"
            contactsctl instance add work --vhost a.example --enable; echo "second $?"
            cat /etc/everlock-contacts/contacts.toml
            """
        )

        let lines = done.output.split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.hasPrefix("other") } == ["other 1", "other 1"])
        #expect(lines.contains("first 1"))
        #expect(lines.contains("without 1"))
        #expect(lines.contains("second 0"))
        #expect(lines.contains("work is in /etc/everlock-contacts/contacts.toml already"))
        #expect(lines.suffix(2) == ["[instances.work]", "vhosts = [\"A.example\"]"])
        #expect(
            done.calls.count { $0 == "systemctl enable --now contacts-backend@work.socket" } == 1
        )
    }

    @Test func `whom a socket's folder keeps out is told to be root, which alone gets in`() throws {
        let refused = try Self.machine.run(
            """
            printf '[instances.work]\\nvhosts = ["a.example"]\\n' >/etc/everlock-contacts/contacts.toml
            program=$(mktemp -d)/contactsctl
            cp "$(command -v contactsctl)" "$program"
            chmod 755 "$program" "${program%/*}"
            setpriv --reuid=nobody --regid=nogroup --clear-groups "$program" book list work
            """
        )

        #expect(refused.status == 1)
        #expect(refused.errors.contains("/run/everlock-contacts/work.sock: Permission denied"))
        #expect(refused.errors.hasSuffix("; run this as root\n"))
    }

    @Test func `root makes the store of an installation's instance for the instance's user`()
        throws
    {
        let made = try Self.machine.run(
            """
            echo 'evl-work:x:64999:64999::/:/usr/sbin/nologin' >>/etc/passwd
            echo 'evl-work:x:64999:' >>/etc/group
            printf '[instances.work]\\nvhosts = ["a.example"]\\nstore = "work/git"\\n' \
                >/etc/everlock-contacts/contacts.toml
            contactsctl book add work default || exit
            find /var/lib/everlock-contacts/work ! -user evl-work -o ! -group evl-work
            stat -c '%a %U' /var/lib/everlock-contacts/work /var/lib/everlock-contacts/work/git
            contactsctl book list work
            """
        )

        #expect(made.status == 0)
        #expect(made.output == "700 evl-work\n700 evl-work\ndefault\t0 cards\tContacts\n")
    }
}
