import Glibc
import NIOCore

/// An address that the gateway cannot listen on: which, why, and what helps.
struct ListenFailure: Error, CustomStringConvertible {
    /// Who named the address.
    enum Setting: Equatable {
        /// `--listen` or `--listen-tls`.
        case option(String)
        /// `[metrics] listen` of `gateway.toml`.
        case metrics
    }

    /// The address, as people write it.
    let address: String
    /// Where it was named.
    let setting: Setting
    /// What the system said.
    let cause: any Error

    /// Waits for a socket; must not be called on an event loop.
    ///
    /// - Throws: ``ListenFailure`` where there is none.
    static func wait(
        for channel: EventLoopFuture<any Channel>,
        at address: String,
        _ setting: Setting
    ) throws(ListenFailure) -> any Channel {
        do { return try channel.wait() } catch {
            throw ListenFailure(address: address, setting: setting, cause: error)
        }
    }

    /// `127.0.0.1:8080`, `[::1]:8080`.
    static func text(host: String, port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    var description: String {
        let name =
            switch setting {
            case .option(let name): name
            case .metrics: "listen in [metrics] of gateway.toml"
            }
        let another = "\(name) takes another"
        guard let error = cause as? IOError else {
            return cause is SocketAddressError.UnknownHost
                ? "\(address): no such host is known; \(name) takes an address as well"
                : "\(address): \(cause); \(another)"
        }
        switch error.errnoCode {
        case EADDRINUSE:
            return
                "\(address) is in use, as `ss -ltnp` shows; stop what listens there, or \(another)"
        case EADDRNOTAVAIL: return "\(address) is no address of this machine; \(another)"
        case EACCES, EPERM, EROFS:
            return
                "\(address) is not for the gateway to take here; \(another), and a socket unit of "
                + "systemd's takes any"
        case EAFNOSUPPORT: return "\(address): sockets of its kind are not allowed here; \(sandbox)"
        default: return "\(address): \(String(cString: strerror(error.errnoCode))); \(another)"
        }
    }

    /// What helps where the unit allows Unix sockets only.
    private var sandbox: String {
        switch setting {
        case .option: "under systemd a socket unit listens, as frontend-http.socket does"
        case .metrics:
            "under systemd a socket unit listens: `systemctl enable frontend-http-metrics.socket "
                + "&& systemctl restart frontend-http`"
        }
    }
}
