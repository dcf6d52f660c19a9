import EngineHost
import Foundation

extension EngineCommand {
    /// The Swift engine of `Tests/ServedEngine`, which lies beside the test program.
    static func served(_ arguments: String...) throws -> EngineCommand {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(filePath: tests).deletingLastPathComponent().appending(path: "served-engine")
        return EngineCommand(words: [program.path(percentEncoded: false)] + arguments)
    }
}
