internal import ArgumentParser
internal import Conformance
internal import Convolution
internal import GoldenStore

/// `convcheck show`: one golden case, with its numbers.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one golden case: what it is, what it catches, and its numbers.",
        discussion: "Each matrix is a slice: rows and columns of one batch and channel, or of one filter and channel.")

    @Argument(help: ArgumentHelp("The case's id: SUITE/NAME.", valueName: "case"))
    var id: String

    @OptionGroup var golden: GoldenOptions

    @Flag(help: "Show every number, also of large tensors.")
    var all = false

    func run() throws {
        // Its own suite is enough; all are opened only to name the nearest ids, or to say what is wrong with them.
        let suite = String(id.prefix { $0 != "/" })
        let store = try (try? golden.open(suites: [suite])) ?? golden.open()
        guard let header = store.cases.first(where: { $0.id == id }) else {
            throw Stop(
                .wrongUsage,
                "there is no case '\(id)'" + Suggestion.among(try golden.open().cases.map(\.id), near: id)
                    + " ('\(CommandName.word) list' lists them)")
        }
        let loaded: GoldenCase
        do {
            loaded = try store.load(header)
        } catch {
            throw Stop(.goldenDamaged, "\(error)")
        }
        print(head(header).joined(separator: "\n"))
        let printer = TensorPrinter(limit: all ? .max : 200)
        for role in Role.allCases {
            guard let tensor = loaded.operands[role] else { continue }
            printBlock(printer.lines(role.rawValue, tensor, role))
        }
        if let quantization = loaded.operands.quantization { printBlock(lines(of: quantization)) }
        if let output = loaded.output {
            printBlock(printer.lines("expected", .float64(output.expected), header.problem.operation.answer))
        }
    }

    private func head(_ header: CaseHeader) -> [String] {
        let expectation =
            switch header.expectation {
            case .output: ""
            case .rejection: "; a right engine rejects it"
            case .rejectionOrEmpty: "; a right engine rejects it, or answers with a tensor without elements"
            }
        var lines = [
            SafeText.line(header.id), "  \(header.problem)",
            "  \(header.data.rawValue) data, seed \(header.seed)\(expectation)",
        ]
        if !header.note.isEmpty { lines.append("  note:    \(SafeText.line(header.note))") }
        if let source = header.source { lines.append("  source:  \(SafeText.line(source))") }
        if !header.tags.isEmpty {
            lines.append("  tags:    \(SafeText.line(header.tags.joined(separator: " ")))")
        }
        return lines
    }

    private func lines(of quantization: Quantization) -> [String] {
        [Role.input, .filter, .output].compactMap { role in
            guard let parameters = quantization[role] else { return nil }
            let zeroPoints = parameters.zeroPoints.map(String.init).joined(separator: " ")
            let scales = parameters.scales.map { Double($0).exactDescription }.joined(separator: " ")
            return "\(role.rawValue): zero point \(zeroPoints)" + (scales.isEmpty ? "" : ", scale \(scales)")
        }
    }

    private func printBlock(_ lines: [String]) {
        print("\n" + lines.joined(separator: "\n"))
    }
}
