import Conformance
import EngineHost
import Foundation
import Synchronization

/// Lines that children wrote to their standard error.
final class Lines: Sendable {
    private let storage = Mutex<[String]>([])

    var all: [String] { storage.withLock { $0 } }

    func add(_ line: String) {
        storage.withLock { $0.append(line) }
    }
}

extension CommandEngine {
    /// An engine whose children are quick to start and to end, and quiet.
    static func quick(
        _ command: EngineCommand, greeting: Duration = .seconds(20), closing: Duration = .seconds(2),
        lines: Lines = Lines()
    ) throws(EngineStartError) -> CommandEngine {
        try CommandEngine(command, limits: EngineLimits(greeting: greeting, closing: closing)) { lines.add($0) }
    }

    /// A session of such an engine.
    static func session(_ command: EngineCommand, lines: Lines = Lines()) throws -> any EngineSession {
        try quick(command, lines: lines).openSession()
    }
}

extension EngineSession {
    /// The answer where it is expected at once, on however busy a machine.
    func answer(_ request: EngineRequest) -> EngineAnswer {
        answer(to: request, within: .seconds(20))
    }
}

/// Whether a process runs: not one that has ended and that nobody has waited for.
func isRunning(_ pid: Int32) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
    return status.split(separator: ") ").last?.first != "Z"
}

/// Whether there is a process of that number, running or not waited for.
func exists(_ pid: Int32) -> Bool {
    FileManager.default.fileExists(atPath: "/proc/\(pid)")
}
