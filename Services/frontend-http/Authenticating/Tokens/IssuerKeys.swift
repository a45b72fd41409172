import AsyncHTTPClient
import FoundationEssentials
import Glibc
import Logging
import NIOCore
import NIOHTTP1
import Settings
import Synchronization

/// The keys of one issuer: fetched, kept, and fetched again when they are old or a token names one that
/// is not among them. While that fails the old ones stay.
final class IssuerKeys: Sendable {
    /// How long a fetch may take.
    private static let patience: TimeAmount = .seconds(5)

    private struct State {
        var keys: [SigningKey] = []
        var webKeys: [WebKey] = []
        var fileTime: FileTime?
        /// When the keys are fetched again in any case.
        var nextRefresh: ContinuousClock.Instant = .now
        /// Before that they are not, whoever asks.
        var nextTry: ContinuousClock.Instant = .now
        var fetching: EventLoopFuture<Void>?
    }

    private let settings: OAuthIssuerSettings
    private let client: HTTPClient?
    private let log: Logger
    private let keysWentAway: @Sendable () -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - settings: The issuer.
    ///   - client: Fetches keys from URLs.
    ///   - log: Where failures are told.
    ///   - keysWentAway: Called when a key is none any more: what it signed is not valid either.
    init(
        _ settings: OAuthIssuerSettings,
        client: HTTPClient?,
        log: Logger,
        keysWentAway: @escaping @Sendable () -> Void
    ) {
        self.settings = settings
        self.client = client
        self.log = log
        self.keysWentAway = keysWentAway
    }

    /// The keys that could have signed a token: those of its id; where it names none, all.
    func keys(for header: AccessToken.Header, _ algorithm: SignatureAlgorithm) -> [SigningKey] {
        state.withLock { state in
            state.keys.filter { key in
                key.algorithms.contains(algorithm) && (header.kid == nil || key.id == header.kid)
            }
        }
    }

    /// Whether the keys are old enough to be fetched again while they are used.
    func isRefreshDue(now: ContinuousClock.Instant) -> Bool {
        state.withLock { now >= $0.nextRefresh && now >= $0.nextTry }
    }

    /// Fetches the keys, where the last try is long enough ago. Reading a file blocks.
    ///
    /// - Returns: When it is done, whatever came of it; `nil` where it is too early.
    func refresh(now: ContinuousClock.Instant, on loop: any EventLoop) -> EventLoopFuture<Void>? {
        switch settings.keys {
        case .file(let path):
            let fileTime = FileTime(path)
            let isOther = state.withLock { state in
                defer { state.nextTry = now + .seconds(1) }
                return state.fileTime != fileTime
            }
            guard isOther else { return nil }
            read(path, fileTime, now: now)
            return loop.makeSucceededVoidFuture()
        case .url(let url):
            let promise = loop.makePromise(of: Void.self)
            let under = state.withLock { state -> EventLoopFuture<Void>? in
                if let fetching = state.fetching { return fetching }
                guard now >= state.nextTry else { return nil }
                state.nextTry = now + settings.retry
                state.fetching = promise.futureResult
                return promise.futureResult
            }
            guard under === promise.futureResult else {
                promise.succeed()
                return under?.hop(to: loop)
            }
            fetch(url, promise)
            return promise.futureResult
        }
    }

    private func read(_ path: String, _ fileTime: FileTime, now: ContinuousClock.Instant) {
        state.withLock { $0.fileTime = fileTime }
        // Why it cannot be read is told below, in words of its own.
        let data = try? Data(contentsOf: URL(filePath: path))
        take(data, trouble: "the file cannot be read")
    }

    private func fetch(_ url: String, _ promise: EventLoopPromise<Void>) {
        let request: HTTPClient.Request
        do {
            request = try HTTPClient.Request(
                url: url,
                headers: ["accept": "application/jwk-set+json, application/json"]
            )
        } catch {
            return fetched(nil, "\(error)", promise)
        }
        let delegate = ResponseAccumulator(
            request: request,
            maxBodySize: WebKeySet.maximumBytes
        )
        guard let client else { return fetched(nil, "no client", promise) }
        client.execute(request: request, delegate: delegate, deadline: .now() + Self.patience)
            .futureResult.whenComplete { [self] result in
                switch result {
                case .success(let response) where response.status == .ok:
                    fetched(response.body.map { Data($0.readableBytesView) }, "no body", promise)
                case .success(let response):
                    fetched(nil, "status \(response.status.code)", promise)
                case .failure(let error): fetched(nil, "\(error)", promise)
                }
            }
    }

    private func fetched(_ data: Data?, _ trouble: String, _ promise: EventLoopPromise<Void>) {
        take(data, trouble: trouble)
        state.withLock { $0.fetching = nil }
        promise.succeed()
    }

    /// Takes a set over; keeps the old one where there is none, or none that is of use.
    private func take(_ data: Data?, trouble: String) {
        let webKeys: [WebKey]
        let keys: [SigningKey]
        do {
            guard let data else { throw Trouble(text: trouble) }
            guard data.count <= WebKeySet.maximumBytes else { throw Trouble(text: "too long") }
            webKeys = try JSONDecoder().decode(WebKeySet.self, from: data).keys
            keys = webKeys.compactMap { SigningKey($0) }
            guard !keys.isEmpty else { throw Trouble(text: "no key for signatures among them") }
        } catch {
            let hasKeys = state.withLock { !$0.keys.isEmpty }
            return log.warning(
                "keys for access tokens not fetched",
                metadata: [
                    "issuer": "\(settings.name)", "error": "\(error)",
                    "old_keys_stay": "\(hasKeys)",
                ]
            )
        }
        let hasLess = state.withLock { state in
            let hasLess = !state.webKeys.allSatisfy(webKeys.contains)
            state.keys = keys
            state.webKeys = webKeys
            state.nextRefresh = .now + age
            return hasLess
        }
        log.info(
            "keys for access tokens fetched",
            metadata: ["issuer": "\(settings.name)", "keys": "\(keys.count)"]
        )
        if hasLess { keysWentAway() }
    }

    /// How old keys get; a file is looked at often, since that costs next to nothing.
    private var age: Duration {
        switch settings.keys {
        case .file: .seconds(1)
        case .url: settings.refresh
        }
    }

    private struct Trouble: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }
}
