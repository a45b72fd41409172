// frontend-http: the gateway. Takes HTTP from clients and forwards it to the backends.
//
//   frontend-http [--config DIR] [--runtime DIR] [--state DIR] [--listen ADDRESS:PORT]...
//                 [--listen-tls ADDRESS:PORT]... [--check]
//
// PURPOSE  Settles who asks (passwords and app passwords of users.toml, passwords that PAM checks,
//          access tokens of OAuth issuers), where (Host to instance) and with what right
//          (http/contacts/<instance>: reader or writer), then streams the request to the instance's
//          contacts-backend and the answer back. Knows nothing of address books.
// SOCKETS  Listens on the sockets that systemd hands over, else on each --listen and --listen-tls
//          address. Those whose FileDescriptorName= begins with https speak TLS, with HTTP/1.1 and
//          HTTP/2; on the first that begins with metrics, else where gateway.toml says, else
//          nowhere, metrics and health are told. Connects to <runtime>/<instance>.sock, and to the
//          URLs of issuers' keys where gateway.toml names some.
// FILES    <config>/contacts.toml: instances and their vhosts. <config>/users.toml: users; read
//          again at once when it changes. <config>/gateway.toml: how clients are met; need not be
//          there; the service of PAM that it names is a file in /etc/pam.d. The certificates that it
//          names are looked at every ten seconds.
//          <state>/last-use.toml: when app passwords were last used; written once a minute at the
//          most.
// SIGNALS  SIGTERM and SIGINT: takes no more connections, answers the requests under way (for
//          times.drain at the most: 30 seconds, or what gateway.toml says, 0 to 10 minutes), ends
//          with 0. SIGHUP: reads all of them again; one with an error in it leaves the old state in
//          force, and the log and `systemctl status` say so. [times], [backends] and [metrics] of
//          gateway.toml wait for the next start.
// SYSTEMD  Type=notify: readiness, reloads, its end, and what it is doing. WatchdogSec=: signs of
//          life come as long as every event loop gets on with its work.
// EXIT     0 ended as asked; 1 failed; 64 wrong use; 78 wrong settings.

import ArgumentParser
import Glibc
import Logging
import NIOCore
import NIOPosix
import Settings
import Supervision

@main
struct FrontendHTTP: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frontend-http",
        abstract: "Takes HTTP and HTTPS from CardDAV clients and forwards it to the backends.",
        discussion: manual,
        version: ServiceVersion.current
    )

    @Option(help: "The folder with contacts.toml, users.toml and gateway.toml.")
    var config = "/etc/everlock-contacts"

    @Option(help: "The folder with the backends' sockets, <instance>.sock.")
    var runtime = "/run/everlock-contacts"

    @Option(
        help: """
            The folder where it is recorded when app passwords were last used; without it, that is \
            not recorded.
            """
    )
    var state: String?

    @Option(
        help: "An address to listen on, for example 127.0.0.1:8080 or [::1]:8080; may be repeated."
    )
    var listen: [ListenAddress] = []

    @Option(
        name: .customLong("listen-tls"),
        help: "The same for https; gateway.toml must name a certificate."
    )
    var listenTLS: [ListenAddress] = []

    /// What the name of systemd's socket begins with for metrics and health.
    private static let metricsName = "metrics"

    @Flag(help: "Read the settings, say what is wrong with them, and end.")
    var check = false

    func run() throws {
        Signals.block(Self.signals)
        let log = ServiceLog.logger(service: "frontend-http")
        if check { return try SettingsCheck(folder: config, log: log).run(say: Self.say) }
        let pool = NIOThreadPool(numberOfThreads: Authenticator.threads)
        let tokenPool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        tokenPool.start()
        let services: GatewayServices
        do throws(SettingsError) {
            let users = "\(config)/\(UsersFile.fileName)"
            services = try GatewayServices(
                folder: config,
                authenticator: Authenticator(
                    path: users,
                    pool: pool,
                    tokenPool: tokenPool,
                    state: state,
                    log: log
                ),
                log: log,
                requestSink: RequestLog.serviceSink("frontend-http")
            )
        } catch {
            Self.say("\(error)")
            throw ExitCode(78)
        }
        do {
            try serve(services)
        } catch let error as ValidationError {
            throw error
        } catch let code as ExitCode {
            throw code
        } catch {
            log.error("the gateway cannot start", metadata: ["error": "\(error)"])
            throw ExitCode(1)
        }
    }

    private func serve(_ services: GatewayServices) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        let gateway = Gateway(group: group, services: services, runtime: runtime)
        let inherited = try InheritedSocket.all()
        let listeners = try listeners(inherited.filter { !$0.name.hasPrefix(Self.metricsName) })
        if services.certificates.isEmpty, listeners.contains(where: \.isSecure) {
            Self.say(
                "\(config)/gateway.toml: names no certificate for https; write [[certificate]]"
            )
            throw ExitCode(78)
        }
        let addresses = try gateway.start(listeners)
        let observing = try observe(
            gateway,
            services,
            inherited.first { $0.name.hasPrefix(Self.metricsName) }
        )
        var upkeep = GatewayUpkeep(group, services, addresses: addresses)
        ServiceManager.ready(status: upkeep.line)
        services.log.notice(
            "started",
            metadata: ["addresses": "\(addresses.joined(separator: " "))"]
        )
        follow(services, &upkeep)
        ServiceManager.stopping(status: "Stopping: answers requests under way")
        gateway.stop()
        services.authenticator.saveUses()
        try services.requestLog.stop()
        try observing?.stop()
        services.log.notice("stopped")
        ServiceManager.status("Stopped")
    }

    private static let signals = [
        Signals.terminate, Signals.interrupt, Signals.reload, Signals.wake,
    ]

    /// Does what is due until the service is to end.
    private func follow(_ services: GatewayServices, _ upkeep: inout GatewayUpkeep) {
        while true {
            switch Signals.wait(Self.signals, until: upkeep.next) {
            case Signals.terminate, Signals.interrupt: return
            case Signals.reload:
                ServiceManager.reloading()
                services.reload()
                ServiceManager.ready(status: upkeep.line)
            default: upkeep.perform()
            }
        }
    }

    /// Listens for those who look after the gateway, where they are to be heard.
    private func observe(
        _ gateway: Gateway,
        _ services: GatewayServices,
        _ inherited: InheritedSocket?
    ) throws -> ObservingListener? {
        let place: ObservingListener.Place
        if let inherited {
            place = .inherited(inherited.descriptor)
        } else if let settings = services.settings.metrics.listen {
            place = .settings(settings)
        } else {
            return nil
        }
        let listener = try ObservingListener(place, observer: gateway.observer())
        services.log.notice("metrics", metadata: ["address": "\(listener.address)"])
        return listener
    }

    private func listeners(_ inherited: [InheritedSocket]) throws -> [Gateway.Listener] {
        if !inherited.isEmpty {
            return inherited.map {
                .inherited($0.descriptor, isSecure: $0.name.hasPrefix("https"))
            }
        }
        guard !listen.isEmpty || !listenTLS.isEmpty else {
            throw ValidationError(
                "--listen or --listen-tls ADDRESS:PORT is missing, and systemd handed no socket over"
            )
        }
        return listen.map { .address(host: $0.host, port: $0.port) }
            + listenTLS.map { .address(host: $0.host, port: $0.port, isSecure: true) }
    }

    private static func say(_ text: String) {
        let bytes = Array("frontend-http: \(text)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}

/// `ADDRESS:PORT`, an IPv6 address in brackets.
struct ListenAddress: ExpressibleByArgument {
    let host: String
    let port: Int

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"),
            let port = Int(argument[argument.index(after: colon)...]), (0...65_535).contains(port)
        else { return nil }
        var host = argument[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
    }
}
