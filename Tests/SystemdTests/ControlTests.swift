import Foundation
import TestSupport
import Testing

extension UnderSystemd {
    /// `contactsctl` as root, with a user of its own for each instance.
    @Suite struct ControlTests {
        @Test func `an instance that is added is served at once, and not any more once removed`()
            throws
        {
            try withMachine { machine in
                try machine.request("GET", TestServer.book, to: "alpha")

                let added = try machine.shell(
                    "contactsctl instance add gamma --vhost gamma.test --enable"
                )
                let idle = try machine.shell("contactsctl instance list | grep ^gamma")
                let unit = "contacts-backend@gamma.service"
                let before = try machine.property("ActiveState", of: unit)
                let made = try machine.request("MKCOL", TestServer.home + "default/", to: "gamma")
                let status = try machine.shell("contactsctl instance status gamma")
                let check = try machine.shell("contactsctl check")
                let removed = try machine.shell(
                    "contactsctl instance remove gamma --delete-data --yes"
                )

                try #require(added.contains("systemctl reload frontend-http.service"))
                try #require(idle.hasSuffix("\tidle"))
                try #require(before == "inactive")
                try #require(made.status == 201)
                try #require(status.hasPrefix("gamma: running, process "))
                try #require(check.contains("no error"))
                try #require(removed.contains("is deleted"))
                let gone = try machine.request("GET", TestServer.book, to: "gamma")
                try #require(gone.status != 200)
                for kind in ["socket", "service"] {
                    let name = "contacts-backend@gamma.\(kind)"
                    let state = try machine.property("ActiveState", of: name)
                    try #require(state == "inactive")
                }
                try machine.shell("test ! -e /var/lib/everlock-contacts/gamma")
                let others = try machine.request("GET", TestServer.book, to: "alpha")
                try #require(others.status == 200)
            }
        }

        @Test func `a first instance has a book for clients, and a history for its own user`()
            throws
        {
            try withMachine { machine in
                let status = try machine.shell(
                    """
                    contactsctl instance add gamma --vhost gamma.test --enable >&2
                    contactsctl book add gamma default --display-name Contacts >&2
                    password=$(contactsctl user add carol --instance gamma --generate)
                    curl -sS -o /dev/null -w '%{http_code}' -u "carol:$password" -X PROPFIND \
                        -H 'Host: gamma.test' http://127.0.0.1:8080/dav/addressbooks/default/
                    contactsctl checkpoint gamma >&2
                    """
                )
                let history = try machine.shell(
                    """
                    as() { setpriv --reuid=evl-gamma --regid=evl-gamma --clear-groups --reset-env "$@"; }
                    as git -C /var/lib/everlock-contacts/gamma log --format=%s
                    as git -C /var/lib/everlock-contacts/gamma bundle create - --all >/tmp/gamma.bundle
                    git bundle list-heads /tmp/gamma.bundle
                    """
                )

                try #require(status == "207")
                try #require(history.contains("refs/heads/main"), "\(history)")
            }
        }

        @Test func `what root does to a store leaves nothing in it that its owner cannot change`()
            throws
        {
            try withMachine { machine in
                let card = TestCard.text("Ada", uid: "1")
                try machine.write(card, to: "/root/ada.vcf")
                try machine.shell("chmod 600 /root/ada.vcf")
                let unit = "contacts-backend@alpha"
                try machine.shell("systemctl stop \(unit).socket \(unit).service")

                try machine.shell(
                    """
                    contactsctl import alpha default /root/ada.vcf
                    contactsctl book add alpha work
                    contactsctl verify alpha
                    contactsctl export alpha --output /root/out/
                    """
                )
                let strange = try machine.shell(
                    "find /var/lib/everlock-contacts/alpha ! -user evl-alpha"
                )
                let exported = try machine.shell("stat -c %U /root/out/default/ada.vcf")
                try machine.shell("systemctl start \(unit).socket")
                try machine.shell("contactsctl import alpha work /root/ada.vcf")
                let stored = try machine.request("GET", TestServer.book + "ada.vcf", to: "alpha")

                try #require(strange.isEmpty)
                try #require(exported == "root")
                try #require(stored.status == 200)
            }
        }

        @Test func `the gateway's user is no operator`() throws {
            try withMachine { machine in
                let answer = try machine.run(
                    "setpriv",
                    "--reuid=everlock-gateway",
                    "--regid=everlock-gateway",
                    "--init-groups",
                    "contactsctl",
                    "book",
                    "remove",
                    "alpha",
                    "default",
                    "--yes"
                )
                let book = try machine.request(
                    "PROPFIND",
                    TestServer.book,
                    ["Depth": "0"],
                    to: "alpha"
                )

                try #require(answer.status == 1)
                try #require(book.status == 207)
            }
        }
    }
}
