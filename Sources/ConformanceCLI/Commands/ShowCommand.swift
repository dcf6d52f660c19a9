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
        let store = try golden.open()
        guard let description = store.cases.first(where: { $0.id == id }) else {
            throw Stop(
                .wrongUsage,
                "there is no case '\(id)'" + Suggestion.among(store.cases.map(\.id), near: id)
                    + " ('\(CommandName.word) list' lists them)")
        }
        let loaded: GoldenCase
        do {
            loaded = try store.load(description)
        } catch {
            throw Stop(.goldenDamaged, "\(error)")
        }
        print(head(description).joined(separator: "\n"))
        let printer = TensorPrinter(limit: all ? .max : 200)
        printBlock(printer.lines("input", loaded.input, .input))
        printBlock(printer.lines("filter", loaded.filter, .filter))
        if let bias = loaded.bias {
            printBlock(["bias [\(bias.count)]", "    " + bias.map(\.exactDescription).joined(separator: " ")])
        }
        if let output = loaded.output { printBlock(printer.lines("expected", output.expected, .output)) }
    }

    private func head(_ description: CaseDescription) -> [String] {
        let expectation =
            switch description.expectation {
            case .output: ""
            case .rejection: "; a right engine rejects it"
            case .rejectionOrEmpty: "; a right engine rejects it, or answers with a tensor without elements"
            }
        var lines = [
            SafeText.line(description.id), "  \(description.problem)",
            "  \(description.data.rawValue) data, seed \(description.seed)\(expectation)",
        ]
        if !description.note.isEmpty { lines.append("  note:    \(SafeText.line(description.note))") }
        if let source = description.source { lines.append("  source:  \(SafeText.line(source))") }
        if !description.tags.isEmpty {
            lines.append("  tags:    \(SafeText.line(description.tags.joined(separator: " ")))")
        }
        return lines
    }

    private func printBlock(_ lines: [String]) {
        print("\n" + lines.joined(separator: "\n"))
    }
}
