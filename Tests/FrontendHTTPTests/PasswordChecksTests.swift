import NIOCore
import NIOEmbedded
import Testing

@testable import FrontendHTTP

/// Who waits for which password.
struct PasswordChecksTests {
    private let loop = EmbeddedEventLoop()
    private let key = CredentialKey()

    private func promise() -> EventLoopPromise<Verdict> { loop.makePromise() }

    @Test func `the same credentials are checked once for all who wait`() {
        var checks = PasswordChecks()
        let network = ClientAddress.test("203.0.113.7").network
        let digest = key.digest("a")
        let promises = (0..<100).map { _ in promise() }
        let entries = promises.map { checks.enter(digest, of: network, $0) }

        #expect(entries.filter { $0 == .first }.count == 1)
        #expect(entries.filter { $0 == .following }.count == 99)
        let waiting = checks.leave(digest, of: network)
        #expect(waiting.count == 100)
        for promise in waiting { promise.succeed(.wrong) }
    }

    @Test func `one address has a share of the threads, and leaves the rest to others`() {
        var checks = PasswordChecks()
        let greedy = ClientAddress.test("203.0.113.7").network
        var promises: [EventLoopPromise<Verdict>] = []
        func enter(_ text: String, _ network: ClientNetwork) -> PasswordChecks.Entry {
            let promise = promise()
            promises.append(promise)
            return checks.enter(key.digest(text), of: network, promise)
        }
        for number in 0..<PasswordChecks.maximumOfNetwork {
            #expect(enter("\(number)", greedy) == .first)
        }

        #expect(enter("more", greedy) == .refused)
        #expect(enter("other", ClientAddress.test("203.0.113.8").network) == .first)
        _ = checks.leave(key.digest("0"), of: greedy)
        #expect(enter("more", greedy) == .first)
        for promise in promises { promise.succeed(.wrong) }
    }

    @Test func `there is an end to how many wait`() {
        var checks = PasswordChecks()
        let promises = (0...PasswordChecks.maximumWaiting).map { _ in promise() }
        let network = ClientAddress.test("203.0.113.7").network
        let entries = promises.map { checks.enter(key.digest("a"), of: network, $0) }

        #expect(entries.last == .refused)
        #expect(entries.dropLast().allSatisfy { $0 != .refused })
        for promise in promises { promise.succeed(.wrong) }
    }
}
