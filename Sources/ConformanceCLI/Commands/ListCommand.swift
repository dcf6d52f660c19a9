internal import ArgumentParser
internal import Conformance
internal import Convolution
internal import GoldenStore

/// `convcheck list`: the golden cases.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the golden cases, one a line: id and problem.")

    @OptionGroup var cases: CaseOptions

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
        let store = try cases.folder.open(suites: cases.suite)
        let selected = try cases.select(from: store)
        if suites {
            printCounts(selected.map(\.suite))
        } else if tags {
            printCounts(selected.flatMap(\.tags))
        } else {
            let ids = selected.map { SafeText.line($0.id) }
            let width = ids.map(\.count).max() ?? 0
            for (id, header) in zip(ids, selected) {
                print(quiet ? id : "\(id.rightPadded(to: width))  \(header.problem)")
            }
        }
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
