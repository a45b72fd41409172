import NIOCore
import Supervision
import Synchronization

/// Asks event loops for signs of life: a loop answers between two pieces of its work, and one that
/// is stuck in a piece does not.
final class LoopProbe {
    private final class Answers: Sendable {
        let count = Atomic<UInt64>(0)
    }

    private struct Loop {
        let loop: any EventLoop
        let name: String
        let answers = Answers()
        var asked: UInt64 = 0

        /// How many questions were answered; `nil` once all are.
        var steps: UInt64? {
            let answered = answers.count.load(ordering: .acquiring)
            return answered == asked ? nil : answered
        }
    }

    private var loops: [Loop]

    /// Watches the loops of a group.
    init(_ group: some EventLoopGroup) {
        loops = group.makeIterator().enumerated().map { number, loop in
            Loop(loop: loop, name: "event-loop-\(number)")
        }
    }

    /// Asks every loop that has nothing left to answer.
    ///
    /// - Returns: The loops, as a ``Heartbeat`` looks at them: at work until they have answered.
    func ask() -> [Heartbeat.Part] {
        loops.indices.map { index in
            if loops[index].steps == nil {
                loops[index].asked += 1
                let answers = loops[index].answers
                loops[index].loop.execute { answers.count.add(1, ordering: .releasing) }
            }
            return Heartbeat.Part(loops[index].name, steps: loops[index].steps)
        }
    }
}
