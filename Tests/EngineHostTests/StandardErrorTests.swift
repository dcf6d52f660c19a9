import Conformance
import Foundation
import Testing

@testable import EngineHost

/// What children write to their standard error: where it goes, and that nobody waits for it.
struct StandardErrorTests {
    @Test func `What a child wrote for a request that it dies of stands in the answer alone`() throws {
        let lines = Lines()
        let session = try CommandEngine.session(
            PythonEngine.command(
                """
                log("starting")
                greet()
                message, tensors = request()
                log("first request")
                result(message, product(tensors))
                message, tensors = request()
                for i in range(100): log(f"line {i}")
                os.abort()
                """), lines: lines)
        #expect(session.answer(Requests.product(2, 3)).output != nil)
        let answer = session.answer(Requests.product(2, 3)).words
        #expect(answer.kind == "crash")
        let told = answer.text.split(separator: "\n").dropFirst().map { $0.drop { $0 == " " } }
        #expect(
            told.map(String.init)
                == (0..<10).map { "line \($0)" } + ["(80 more lines)"] + (90..<100).map { "line \($0)" })
        #expect(lines.all == ["starting", "first request"])
    }

    @Test func `A child that hangs has told why`() throws {
        let session = try CommandEngine.session(
            PythonEngine.command(fault: "log('waiting for the GPU'); time.sleep(60)"))
        let answer = session.answer(to: Requests.product(Requests.faulty, 1), within: .seconds(1)).words
        #expect(answer.kind == "timeout")
        #expect(answer.text.contains("waiting for the GPU"))
    }

    @Test func `A Swift child is asked for a short backtrace, unless the user asked for another`() throws {
        let lines = Lines()
        let code = "log(os.environ.get('SWIFT_BACKTRACE')); greet(); hear()"
        let engine = try CommandEngine.quick(PythonEngine.command(code), lines: lines)
        let given = EngineCommand(
            words: ["/usr/bin/env", "SWIFT_BACKTRACE=enable=no"] + PythonEngine.command(code).words)
        let other = try CommandEngine.quick(given, lines: lines)
        withExtendedLifetime((engine, other)) {
            #expect(lines.all.first?.contains("color=no") == true)
            #expect(lines.all.last == "enable=no")
        }
    }

    @Test func `A reader that does not read keeps nobody waiting, and is told what it missed`() throws {
        let pipe = Foundation.Pipe()
        let writer = StandardErrorWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let line = String(repeating: "x", count: 999)
        let written = 10_000
        // Ten times what pipe and writer hold together; a blocking writer would stay here for ever.
        for _ in 0..<written { writer.write(line) }
        writer.finish(patience: .milliseconds(100))
        DispatchQueue.global().async {
            writer.finish(patience: .seconds(20))
            try? pipe.fileHandleForWriting.close()
        }
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let lines = text.split(separator: "\n")
        let dropped = lines.compactMap { $0.firstMatch(of: /^\((\d+) lines dropped/).flatMap { Int($0.1) } }
        #expect(dropped.reduce(0, +) > 0)
        #expect(lines.count - dropped.count + dropped.reduce(0, +) == written)
    }
}
