internal import ArgumentParser
internal import Conformance
internal import Convolution
internal import GoldenStore
internal import Reporting

/// `convcheck list`: the golden cases.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the golden cases, one a line: id and problem.")

    @OptionGroup var cases: CaseOptions
    @OptionGroup var problemOptions: ProblemOptions

    @Flag(help: "Show the suites only, with their numbers of cases.")
    var suites = false

    @Flag(help: "Show the tags only, with their numbers of cases.")
    var tags = false

    @Flag(help: "Show ids only.")
    var quiet = false

    func validate() throws {
        if suites && tags { throw ValidationError("--suites and --tags are two different lists; give one") }
    }

    func run() throws {
        let source: any CaseSource =
            try problemOptions.cases() ?? cases.folder.open(suites: cases.suites)
        let selected = try cases.part(of: cases.choose(from: source, includingSlow: true))
        if suites {
            printCounts(selected.map(\.suite))
        } else if tags {
            printCounts(selected.flatMap(\.tags))
        } else {
            let ids = selected.map { SafeText.line($0.id) }
            let lines = quiet ? ids : beside(ids, selected.map { "\($0.problem)" })
            for line in lines { print(line) }
        }
    }

    /// Each problem behind its id, or below it where they do not fit the terminal.
    private func beside(_ ids: [String], _ problems: [String]) -> [String] {
        let width = ids.map(\.count).max() ?? 0
        let lines = zip(ids, problems).map { "\($0.rightPadded(to: width))  \($1)" }
        guard let columns = StandardStreams.columns, lines.contains(where: { $0.count > columns }) else { return lines }
        return zip(ids, problems).map { "\($0)\n    \($1)" }
    }

    /// Prints every distinct name with how often it occurs.
    private func printCounts(_ names: [String]) {
        let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
        let width = counts.keys.map(\.count).max() ?? 0
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
            print("\(SafeText.line(name).rightPadded(to: width))  \(String(count).leftPadded(to: 6))")
        }
    }
}
