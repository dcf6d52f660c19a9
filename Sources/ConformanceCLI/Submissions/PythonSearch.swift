internal import Conformance
internal import Foundation
internal import GoldenStore

/// A Python that has torch.
struct PythonSearch {
    /// Its program, without what a shell or a version manager puts before it.
    let program: String
    /// Where its torch and numpy lie, which need not be beside it.
    let folders: [String]

    /// What a submission's host imports.
    private static let modules = ["torch", "numpy"]
    /// How long an interpreter may take to say what it has; it imports nothing for it.
    private static let patience = DispatchTimeInterval.seconds(30)

    /// Says where the interpreter is and, of each module, in which folder, without those of the working directory.
    private static let question = """
        import importlib.util, json, os, sys
        sys.path = [path for path in sys.path if path]
        found = [importlib.util.find_spec(name) for name in sys.argv[1:]]
        folders = [os.path.dirname(os.path.dirname(one.origin)) if one and one.origin else "" for one in found]
        print(json.dumps([sys.executable, *folders]))
        """

    /// - Parameters:
    ///   - given: the program that an option names; the usual ones are tried where there is none.
    ///   - usual: programs, in the order in which they are tried.
    /// - Throws: ``Stop``, engine not started, where none has torch and numpy, with what was tried.
    init(given: String?, usual: [String] = usualPlaces) throws {
        var tried: [String] = []
        for place in given.map({ [$0] }) ?? usual {
            switch Self.answer(of: place) {
            case .found(let program, let folders):
                (self.program, self.folders) = (program, folders)
                return
            case .lacking(let words): tried.append("  \(place): \(words)")
            }
        }
        let option = given == nil ? "; --python says where one is" : ""
        throw Stop(
            .engineNotStarted,
            (["no Python with torch and numpy, which a submission needs\(option); tried:"] + tried).joined(
                separator: "\n"))
    }

    /// `python3`, the system's, and those of virtual environments here and in this package.
    static var usualPlaces: [String] {
        let package = PackageSearch("Scripts/engines", from: Bundle.main.executablePath ?? CommandName.path).path
        let roots = [".", package.map { $0 + "/../.." }].compactMap(\.self)
        let environments = roots.flatMap { root -> [String] in
            let folder = root + "/.venv"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return [folder + "/bin/python"] + names.sorted().map { folder + "/" + $0 + "/bin/python" }
        }
        return ["python3", "/usr/bin/python3"]
            + environments.filter { FileManager.default.isExecutableFile(atPath: $0) }.map {
                URL(filePath: $0).standardized.path
            }
    }

    /// Whether torch sees a GPU, which it takes seconds to say.
    func seesGPU() -> Bool {
        Self.output(of: program, ["-c", "import torch; print(torch.cuda.is_available())"])?.words == "True"
    }

    private enum Answer {
        case found(program: String, folders: [String])
        case lacking(String)
    }

    private static func answer(of program: String) -> Answer {
        guard let said = output(of: program, ["-c", question] + modules) else {
            return .lacking("there is no such program")
        }
        guard let parts = try? JSONDecoder().decode([String].self, from: Data(said.words.utf8)),
            parts.count == 1 + modules.count
        else { return .lacking(said.isInTime ? "it is no Python 3" : "it does not answer") }
        let missing = zip(modules, parts.dropFirst()).filter { $0.1.isEmpty }.map(\.0)
        return missing.isEmpty
            ? .found(program: parts[0], folders: Array(Set(parts.dropFirst())).sorted())
            : .lacking("it has no \(missing.joined(separator: " and no "))")
    }

    /// What a program prints, without the ends of its lines; `nil` where it does not start.
    private static func output(of program: String, _ arguments: [String]) -> (words: String, isInTime: Bool)? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["--", program] + arguments
        let output = Pipe()
        (process.standardInput, process.standardOutput) = (FileHandle.nullDevice, output)
        process.standardError = FileHandle.nullDevice
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        guard (try? process.run()) != nil else { return nil }
        let isInTime = ended.wait(timeout: .now() + patience) == .success
        if !isInTime {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
        }
        // What env says of a program that is not there.
        if process.terminationStatus == 127 || process.terminationStatus == 126 { return nil }
        // A few hundred bytes, which the pipe holds.
        let data = isInTime ? (try? output.fileHandleForReading.readToEnd()) ?? Data() : Data()
        return (String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines), isInTime)
    }
}
