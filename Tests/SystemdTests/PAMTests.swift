import Foundation
import TestSupport
import Testing

extension UnderSystemd {
    /// Passwords that PAM checks, within what the gateway's unit lets its modules do.
    @Suite struct PAMTests {
        /// Has the gateway ask a service for carol, who may read.
        private func setUp(_ machine: Machine, _ lines: String) throws {
            try machine.shell("useradd carol && echo carol:geheim | chpasswd")
            try machine.write(lines, to: "/etc/pam.d/everlock-contacts")
            try machine.write(
                "[pam]\nservice = \"everlock-contacts\"\n",
                to: "/etc/everlock-contacts/gateway.toml"
            )
            try machine.shell(
                "contactsctl user add carol --pam --instance alpha --role reader && "
                    + "systemctl reload frontend-http"
            )
        }

        private func status(_ machine: Machine, _ password: String) throws -> Int {
            let connection = try machine.connection()
            let host = Machine.host(of: "alpha")
            try connection.send(
                TestServer.head("GET", TestServer.book, [:], nil, ("carol", password), host)
            )
            return try connection.readAnswer().status
        }

        @Test func `a module that runs a program works in the unit as it is`() throws {
            try withMachine { machine in
                let program = #"/bin/sh -c "tr -d '\000' | grep -qx geheim""#
                try setUp(
                    machine,
                    "auth required pam_exec.so expose_authtok [/usr/local/bin/says]\n"
                        + "account required pam_permit.so\n"
                )
                try machine.write("#!/bin/sh\n\(program)\n", to: "/usr/local/bin/says")
                try machine.shell("chmod 755 /usr/local/bin/says")

                try #require(status(machine, "geheim") == 200)
                try #require(status(machine, "falsch") == 401)
            }
        }

        @Test func `pam_unix works once the gateway is given the group that its helper needs`()
            throws
        {
            try withMachine { machine in
                try setUp(machine, "auth required pam_unix.so\naccount required pam_unix.so\n")
                try #require(status(machine, "geheim") == 401)

                try machine.edit(
                    "frontend-http.service",
                    "[Service]\nSupplementaryGroups=shadow\n"
                )
                try machine.shell("systemctl restart frontend-http")

                try #require(status(machine, "geheim") == 200)
                try #require(status(machine, "falsch") == 401)
                try #require(
                    machine.property("NoNewPrivileges", of: "frontend-http.service") == "yes"
                )
                try machine.shell("passwd --quiet --expire carol && systemctl reload frontend-http")
                try #require(status(machine, "geheim") == 401)
            }
        }
    }
}
