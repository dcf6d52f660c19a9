internal import Conformance
internal import EngineHost
internal import Foundation
internal import GoldenStore

/// The program that runs a submission as an engine: `Scripts/engines/submission_host.py`, with the problems beside it.
struct SubmissionHost {
    private static let name = "Scripts/engines/submission_host.py"

    let path: String
    let python: PythonSearch

    /// - Parameters:
    ///   - given: the host's path, where an option names it.
    ///   - program: the Python that an option names.
    /// - Throws: ``Stop``: wrong usage where there is no host, engine not started where no Python has torch.
    init(given: String?, python program: String?) throws {
        let search = PackageSearch(Self.name, from: Bundle.main.executablePath ?? CommandName.path)
        guard let path = given ?? search.path else {
            throw Stop(
                .wrongUsage,
                "there is no submission_host.py; looked for\n" + search.places.map { "  \($0)\n" }.joined()
                    + "--host says where it is")
        }
        guard FileManager.default.fileExists(atPath: path) else {
            throw Stop(.wrongUsage, "there is no file '\(path)', which --host names")
        }
        self.path = path
        python = try PythonSearch(given: program)
    }

    /// The list of the sizes that a format publishes.
    func problems(of format: SubmissionFormat) -> String {
        URL(filePath: path).deletingLastPathComponent().appending(path: "problems/\(format.rawValue).csv").relativePath
    }

    /// Where a submission may run, as torch calls it.
    enum Device: String, CaseIterable {
        case cpu, cuda

        /// Whether the system has a GPU that torch might see.
        static var mayBeGPU: Bool {
            ["/dev/nvidiactl", "/dev/kfd", "/dev/dxg"].contains { FileManager.default.fileExists(atPath: $0) }
        }

        /// What an engine has to be given of the machine.
        var files: [String] {
            if self == .cpu { return [] }
            let devices = (try? FileManager.default.contentsOfDirectory(atPath: "/dev")) ?? []
            let kinds = ["nvidia", "kfd", "dri", "dxg"]
            return devices.filter { name in kinds.contains { name.hasPrefix($0) } }.sorted().map { "/dev/" + $0 }
                + ["/proc/driver", "/sys"]
        }
    }

    /// The engine that a submission is, as `--engine` takes it.
    func engine(
        _ submission: String, _ format: SubmissionFormat, _ algorithm: Capabilities.Algorithm, on device: Device,
        mayNotRun: Bool
    ) -> String {
        specification(
            [format.rawValue, submission, "--device", device.rawValue]
                + (algorithm == .direct ? [] : ["--algorithm", algorithm.rawValue])
                + (mayNotRun ? ["--may-not-run"] : []))
    }

    /// The engine that is torch's own convolution.
    func torch(on device: Device) -> String { specification(["torch", "--device", device.rawValue]) }

    private func specification(_ arguments: [String]) -> String {
        "cmd:\(EngineCommand(words: [python.program, path] + arguments))"
    }
}
