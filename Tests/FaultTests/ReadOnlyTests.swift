import Foundation
import TestSupport
import Testing

/// A disk that takes no writes: mounted so, turned so by the system after an error, or failing.
@Suite(.serialized)
struct ReadOnlyTests {
    @Test(.enabled(if: SmallDisk.isAllowed, "mounting a small disk takes root"))
    func `on a read-only disk a backend serves reads, or says why it does not start`() throws {
        try withSmallDisk { server, disk throws in
            try server.startBackend("default")
            let writer = CardWriter(server)
            try writer.put("a.vcf", 0)
            server.stopBackend("default")
            try disk.setReadOnly(true)

            do {
                try server.startBackend("default")
                #expect(try writer.problems() == [])
                #expect(try writer.put("b.vcf", 0) >= 500)
                server.stopBackend("default")
            } catch let failure as TestServer.Failure {
                let text = failure.description.lowercased()
                #expect(text.contains("read-only"), "\(failure)")
                #expect(text.contains(server.store()), "\(failure)")
            }
            try disk.setReadOnly(false)
            try server.startBackend("default")

            #expect(try writer.problems() == [])
            #expect(try writer.put("c.vcf", 0) == 201)
        }
    }

    @Test(arguments: [EROFS, EIO])
    func `a disk that begins to refuse writes stops no reads and loses nothing`(
        code: Int32
    ) throws {
        try withServer { server throws in
            let switches = try FaultSwitches(in: server)
            let variables = Recording.environment(of: server, switches: switches)
            server.stopBackend("default")
            try server.startBackend("default", environment: variables)
            let process = server.backendID("default")
            let writer = CardWriter(server)
            for number in 0..<5 { try writer.put("\(number).vcf", 0) }

            switches.refuseWrites(code)
            let statuses = try (0..<5).map { try writer.put("\($0).vcf", 1) }
            let deleted = try writer.delete("4.vcf")
            let problems = try writer.problems()
            let isAlive = kill(process, 0) == 0
            switches.allowWrites()
            server.stopBackend("default", SIGKILL)
            try server.startBackend("default")

            #expect(statuses.allSatisfy { $0 >= 500 })
            #expect(deleted >= 500)
            #expect(problems == [])
            #expect(isAlive)
            #expect(try writer.problems() == [])
            #expect(try writer.put("after.vcf", 0) == 201)
        }
    }

    @Test func `a write whose flush fails is not acknowledged`() throws {
        try withServer { server throws in
            let switches = try FaultSwitches(in: server)
            let variables = Recording.environment(of: server, switches: switches)
            server.stopBackend("default")
            try server.startBackend("default", environment: variables)
            let writer = CardWriter(server)
            for number in 0..<3 { try writer.put("\(number).vcf", 0) }

            switches.refuseFlushes(EIO)
            let statuses = try (0..<3).map { try writer.put("\($0).vcf", 1) }
            let problems = try writer.problems()
            switches.refuseFlushes(0)
            server.stopBackend("default", SIGKILL)
            try server.startBackend("default")

            #expect(statuses.allSatisfy { $0 >= 500 })
            #expect(problems == [])
            #expect(try writer.problems() == [])
            #expect(try writer.put("after.vcf", 0) == 201)
        }
    }
}
