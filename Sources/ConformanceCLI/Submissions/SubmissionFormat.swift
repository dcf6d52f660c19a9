internal import ArgumentParser
internal import Conformance
internal import Foundation

/// A form in which kernels in PyTorch are submitted: what a file must define, and on what sizes it is judged.
enum SubmissionFormat: String, CaseIterable {
    case gpuMode = "gpu-mode"
    case kernelBench = "kernelbench"

    /// What a submission defines, in words of Python.
    var definition: String {
        switch self {
        case .gpuMode: "def custom_kernel"
        case .kernelBench: "class ModelNew"
        }
    }

    /// The name of what it defines.
    private var name: String { String(definition.split(separator: " ")[1]) }

    /// The formats whose definition stands in a text, at the beginning of a line: a function, a class, or a name that is
    /// given something.
    static func defined(in text: String) -> [SubmissionFormat] {
        let lines = text.split(whereSeparator: \.isNewline)
        return allCases.filter { format in
            lines.contains { line in
                let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
                guard let first = words.first, line.hasPrefix(first) else { return false }
                return ["def", "class"].contains(first)
                    ? words.dropFirst().first == Substring(format.name)
                    : first == Substring(format.name) && line.contains("=")
            }
        }
    }

    /// The format of a file that says clearly which.
    ///
    /// - Throws: ``Stop``, wrong usage, where it does not, or cannot be read.
    static func guessed(of path: String) throws -> SubmissionFormat {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Stop(.wrongUsage, "'\(path)' cannot be read")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Stop(.wrongUsage, "'\(path)' is not UTF-8, expected a submission in Python")
        }
        let found = defined(in: text)
        if found.count == 1 { return found[0] }
        let all = allCases.map { "'\($0.definition)' (\($0.rawValue))" }
        let words = found.isEmpty ? "neither \(all.joined(separator: " nor "))" : all.joined(separator: " and ")
        throw Stop(.wrongUsage, "'\(path)' has \(words): --format says which of them it is")
    }

    /// The problem that a file is for by its name, where the format has one problem for each submission: KernelBench's tasks
    /// are files such as `55_conv_standard_2D.py`.
    func problem(ofFile path: String) -> String? {
        guard self == .kernelBench else { return nil }
        let number = URL(filePath: path).lastPathComponent.prefix { $0.isASCII && $0.isNumber }
        return number.isEmpty ? nil : String(number)
    }

    /// Whether the format times a problem: gpu-mode has some for the test alone.
    func times(_ problem: String) -> Bool { self != .gpuMode || !problem.hasPrefix("test-") }
}
