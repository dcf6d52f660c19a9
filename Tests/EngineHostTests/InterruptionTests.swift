import EngineHost
import Foundation
import Testing

struct InterruptionTests {
    @Test(arguments: ["exit", "kill"])
    func `A child that hangs does not outlive an exit`(_ ending: String) throws {
        let hanging = PythonEngine.command("log(os.getpid()); greet(); time.sleep(60)")
        let command = try EngineCommand.served(ending, hanging.text)
        let errors = Foundation.Pipe()
        let host = Foundation.Process()
        host.executableURL = URL(filePath: command.words[0])
        host.arguments = Array(command.words.dropFirst())
        host.standardError = errors
        try host.run()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        host.waitUntilExit()
        #expect(host.terminationStatus == 130)
        let pid = try #require(Int32(said.trimmingCharacters(in: .newlines)), "\(said)")
        let deadline = ContinuousClock.now + .seconds(5)
        while isRunning(pid), .now < deadline { usleep(1000) }
        #expect(!isRunning(pid))
    }
}
