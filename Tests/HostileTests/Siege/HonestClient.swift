import Foundation
import Synchronization
import TestSupport

/// Reads a card over and over while others do what they like.
final class HonestClient: Sendable {
    /// How it fared.
    struct Report: Sendable {
        var served = 0
        var failures: [String] = []
        /// The longest wait for an answer.
        var longest = Duration.zero
    }

    private let report = Mutex(Report())
    private let isStopped = Mutex(false)
    private let done = DispatchSemaphore(value: 0)

    /// Begins; each request must be answered within ten seconds.
    init(port: Int) {
        Foundation.Thread.detachNewThread { [self] in
            var connection: HostileSocket?
            while !isStopped.withLock({ $0 }) {
                let began = ContinuousClock.now
                do {
                    let open = try connection ?? HostileSocket(port, from: Siege.honestAddress)
                    let isServed = Self.ask(open)
                    // The last one that a connection may have ends it.
                    connection = isServed && !open.isClosed ? open : nil
                    note(isServed ? nil : "answered \(open.statuses)", since: began)
                } catch {
                    note("\(error)", since: began)
                }
                // Room for the attacker: it is not the honest client that loads the machine.
                usleep(5_000)
            }
            done.signal()
        }
    }

    /// Ends, and waits for the end.
    @discardableResult
    func stop() -> Report {
        isStopped.withLock { $0 = true }
        done.wait()
        defer { done.signal() }
        return report.withLock { $0 }
    }

    private static let request: [UInt8] = TestServer.head(
        "GET",
        "\(Siege.book)honest.vcf",
        [:],
        nil,
        TestServer.reader,
        "localhost"
    )

    private static func ask(_ connection: HostileSocket) -> Bool {
        connection.forget()
        connection.send(request)
        connection.read {
            WireAnswer.all(in: connection.received).first?.body.count
                == Siege.honestCard.utf8.count
        }
        let last = WireAnswer.all(in: connection.received).first
        return last?.status == 200 && last?.body == Array(Siege.honestCard.utf8)
    }

    private func note(_ failure: String?, since began: ContinuousClock.Instant) {
        report.withLock { report in
            if let failure { report.failures.append(failure) } else { report.served += 1 }
            report.longest = max(report.longest, .now - began)
        }
    }
}
