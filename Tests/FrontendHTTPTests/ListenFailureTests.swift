import Foundation
import Glibc
import NIOCore
import Settings
import TestSupport
import Testing

@testable import FrontendHTTP

/// What the log says of an address that cannot be listened on.
struct ListenFailureTests {
    @Test func `an address in use is named, with the option that takes another`() throws {
        try withGateway { gateway throws in
            let taken = "127.0.0.1:\(gateway.port)"

            for (isSecure, option) in [(false, "--listen"), (true, "--listen-tls")] {
                let failure = #expect(throws: ListenFailure.self) {
                    try gateway.listen(host: "127.0.0.1", port: gateway.port, isSecure: isSecure)
                }
                #expect(
                    failure?.description
                        == "\(taken) is in use, as `ss -ltnp` shows; stop what listens there, or "
                        + "\(option) takes another"
                )
            }
        }
    }

    @Test func `a listener for metrics whose address is in use names it and its setting`() throws {
        try withGateway { gateway throws in
            let failure = #expect(throws: ListenFailure.self) {
                try ObservingListener(
                    .settings(.loopback(address: "127.0.0.1", port: gateway.port)),
                    observer: gateway.observer()
                )
            }

            #expect(
                failure?.description
                    == "127.0.0.1:\(gateway.port) is in use, as `ss -ltnp` shows; stop what listens "
                    + "there, or listen in [metrics] of gateway.toml takes another"
            )
        }
    }

    @Test func `a listener for metrics that has no folder for its socket names the path`() throws {
        try withGateway { gateway throws in
            let path = "\(gateway.folder.path)/missing/metrics.sock"
            let failure = #expect(throws: ListenFailure.self) {
                try ObservingListener(
                    .settings(.unix(path: path)),
                    observer: gateway.observer()
                )
            }

            #expect(
                failure?.description
                    == "unix:\(path): No such file or directory; listen in [metrics] of "
                    + "gateway.toml takes another"
            )
        }
    }

    @Test(arguments: [
        (EADDRNOTAVAIL, "is no address of this machine"), (EACCES, "a socket unit of systemd's"),
        (EMFILE, "Too many open files"),
    ])
    func `each cause is said in words, without the names of calls`(_ code: CInt, _ words: String) {
        let failure = ListenFailure(
            address: ListenFailure.text(host: "::1", port: 80),
            setting: .option("--listen"),
            cause: IOError(errnoCode: code, reason: "bind(descriptor:ptr:bytes:)")
        )

        #expect(failure.description.hasPrefix("[::1]:80"))
        #expect(failure.description.contains(words))
        #expect(failure.description.contains("--listen takes another"))
        #expect(!failure.description.contains("bind("))
    }

    @Test func `in a sandbox without TCP the socket unit is named`() {
        let cause = IOError(errnoCode: EAFNOSUPPORT, reason: "socket")
        let metrics = ListenFailure(address: "127.0.0.1:9464", setting: .metrics, cause: cause)
        let option = ListenFailure(address: "[::1]:1", setting: .option("--listen"), cause: cause)

        #expect(metrics.description.contains("systemctl enable frontend-http-metrics.socket"))
        #expect(option.description.contains("frontend-http.socket"))
        #expect(!option.description.contains("metrics"))
    }

    @Test func `a host that is unknown is named`() throws {
        try withGateway { gateway throws in
            let failure = #expect(throws: ListenFailure.self) {
                try gateway.listen(host: "no such host", port: 1, isSecure: false)
            }

            #expect(failure?.description.hasPrefix("no such host:1: no such host is known") == true)
        }
    }
}
