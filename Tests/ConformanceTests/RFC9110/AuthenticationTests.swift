import Foundation
import TestSupport
import Testing

struct AuthenticationTests {
    @Test func `RFC 7617 §2: a request without credentials is asked for them at once`() throws {
        try withServer { server throws in
            let answer = try server.request("PROPFIND", "/dav/", user: nil)

            #expect(answer.status == 401)
            #expect(
                answer["www-authenticate"]
                    == #"Basic realm="Everlock Contacts", charset="UTF-8""#
            )
        }
    }

    @Test(arguments: [("alice", "wrong"), ("nobody", "correct horse"), ("alice", ""), ("", "x")])
    func `RFC 7617 §2: wrong credentials are refused`(user: String, password: String) throws {
        try withServer { server throws in
            #expect(try server.request("PROPFIND", "/dav/", user: (user, password)).status == 401)
        }
    }

    @Test func `KDE: the 401 to a PUT with a body does not wait for the body`() throws {
        try withServer { server throws in
            let connection = try HTTPConnection(port: server.port)
            try connection.send(
                Array(
                    """
                    PUT /dav/addressbooks/default/a.vcf HTTP/1.1\r\nHost: localhost\r\n\
                    Content-Length: 100\r\n\r\n
                    """.utf8
                )
            )
            let refused = try connection.readAnswer()
            try connection.send([UInt8](repeating: 0x20, count: 100))
            try connection.send(
                TestServer.head("OPTIONS", "/dav/", [:], nil, TestServer.writer, "localhost")
            )
            let next = try connection.readAnswer()

            #expect(refused.status == 401)
            #expect(next.status == 200)
        }
    }

    @Test func `RFC 9110 §10.1.1: a client that expects 100 gets it only when its body is wanted`()
        throws
    {
        try withServer { server throws in
            let connection = try HTTPConnection(port: server.port)
            try connection.send(
                TestServer.head(
                    "PUT",
                    "/dav/addressbooks/default/a.vcf",
                    ["Expect": "100-continue", "Content-Length": "100"],
                    nil,
                    nil,
                    "localhost"
                )
            )
            let refused = try connection.readAnswer()

            #expect(refused.status == 401)
            #expect(refused["connection"] == "close")
            #expect(connection.isClosedByServer())
        }
    }

    @Test func `contactsctl: a new password holds within seconds, the old one no longer`() throws {
        try withServer { server throws in
            #expect(try server.request("OPTIONS", "/dav/").status == 200)
            let changed = try server.control(
                "user",
                "password",
                "alice",
                "--password-stdin",
                input: "new one\n"
            )
            #expect(changed.status == 0)
            server.signalGateway(SIGHUP)

            try eventually {
                try server.request("OPTIONS", "/dav/", user: ("alice", "new one")).status == 200
            }
            #expect(try server.request("OPTIONS", "/dav/").status == 401)
        }
    }
}
