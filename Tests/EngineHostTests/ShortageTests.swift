import Conformance
import EngineHost
import Foundation
import Testing

/// A host that has not enough is not an engine that fails.
struct ShortageTests {
    @Test func `Descriptors that run out are a shortage, and some are left for others`() throws {
        // In a process of its own: a limit concerns everybody in it.
        let engine = PythonEngine.command("greet(); hear()")
        let host = Foundation.Process()
        let output = Foundation.Pipe()
        host.executableURL = URL(filePath: "/bin/sh")
        let served = try EngineCommand.served("sessions", engine.text).words
        host.arguments = ["-c", "ulimit -n 64; exec \"$0\" \"$@\""] + served
        host.standardOutput = output
        try host.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        host.waitUntilExit()
        #expect(host.terminationStatus == 0)
        #expect(said.contains("shortage true"), "\(said)")
        #expect(said.contains("Too many open files"), "\(said)")
        let sessions = try #require(said.firstMatch(of: /(\d+) sessions/).flatMap { Int($0.1) })
        #expect((2...20).contains(sessions))
        let left = try #require(said.firstMatch(of: /(\d+) left/).flatMap { Int($0.1) })
        #expect(left >= 16)
    }

    @Test func `A program that is not there is no shortage`() throws {
        let error = #expect(throws: EngineStartError.self) { try CommandEngine(EngineCommand("no-such-engine")) }
        #expect(error?.isShortage == false)
    }

    @Test func `A restart is not charged to the next request`() throws {
        let session = try CommandEngine.session(
            PythonEngine.command(
                """
                time.sleep(1)
                greet()
                while True:
                    message, tensors = request()
                    if tensors[0] == struct.pack("<f", 13): os._exit(1)
                    result(message, product(tensors))
                """))
        #expect(session.answer(Requests.product(Requests.faulty, 1)).words.kind == "crash")
        #expect(session.answer(to: Requests.product(2, 3), within: .milliseconds(700)).output?.elements == [6])
    }
}
