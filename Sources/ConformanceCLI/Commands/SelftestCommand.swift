internal import ArgumentParser
internal import Conformance
internal import FaultyEngines
internal import Foundation
internal import Reporting

/// `convcheck selftest`: whether the golden cases catch wrong engines and spare right ones.
struct SelftestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest", abstract: "Tests the golden cases on engines with one known fault each.",
        discussion: """
            Prints how many cases of each suite catch each fault, the faults that survive first, and how near right engines come to \
            being accused. Fails where a fault survives, is caught by fewer than three cases, or a right engine is accused.
            """)

    /// A fault must be caught by so many cases.
    private static let least = 3

    @OptionGroup(title: "Cases") var caseOptions: CaseOptions

    @Option(help: ArgumentHelp("Only faults whose name matches, such as 'tf32-*' (repeatable).", valueName: "glob"))
    var fault: [String] = []

    @Option(help: ArgumentHelp("How many cases run at the same time (default: one for each core).", valueName: "n"))
    var jobs: Int?

    @Option(help: ArgumentHelp("Leave out cases with more products than this, and list them.", valueName: "n"))
    var products = 4_000_000

    @Option(help: ArgumentHelp("Write the matrix as Markdown.", valueName: "path"))
    var markdown: String?

    @Flag(
        help: """
            Instead, give each fault's failures to the diagnosis, and print how often it names the fault; and what it says of a fault \
            that it does not know.
            """)
    var diagnosis = false

    @Flag(name: .shortAndLong, help: "Also list the cases that kill nothing that one other does not.")
    var verbose = false

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs), expected at least 1") }
        if products < 1 { throw ValidationError("--products is \(products), expected at least 1") }
    }

    func run() throws {
        let store = try caseOptions.folder.open(suites: caseOptions.suites)
        let cases = try caseOptions.select(from: store)
        let page: OutputFile?
        do {
            page = try markdown.map { path throws(OutputError) in
                var claims = OutputClaims()
                for golden in caseOptions.folder.files { claims.protect(golden, "it is a golden file") }
                try claims.claim(path, for: "--markdown")
                return try OutputFile(path: path)
            }
        } catch {
            throw Stop(.wrongUsage, error.description)
        }
        let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        if diagnosis {
            let measure = DiagnosisMeasure(store: store, cases: cases.filter { isSmall($0) }, jobs: jobs)
            let isGood = try caseOptions.folder.explainingGoldenErrors {
                try measure.run(faults(), print: { print($0) })
            }
            if !isGood { throw Stop(.failed) }
            return
        }
        let matrix = try caseOptions.folder.explainingGoldenErrors {
            try KillMatrix(of: faults(), on: store, cases: cases, jobs: jobs, productLimit: products)
        }
        let entries = EngineRegistry.correctEngines.entries + EngineRegistry.flushingEngines.entries
        let engines = try entries.map { try $0.start() }
        let small = Set(matrix.skipped.map(\.id))
        let spared = try caseOptions.folder.explainingGoldenErrors {
            try SparedEngine.measure(
                engines, on: store, cases: cases.filter { !small.contains($0.id) }, jobs: jobs)
        }
        let report = SelftestReport(
            matrix: matrix, spared: spared, digest: store.digest, least: Self.least, isVerbose: verbose)
        page?.write(report.page)
        let table = matrix.lines(least: Self.least, columns: StandardStreams.columns)
        for line in table + report.lines { print(line) }
        try closePage(page)
        let isGood =
            matrix.survivors.isEmpty && matrix.thinlyCaught(least: Self.least).isEmpty && matrix.falseAlarms.isEmpty
            && spared.allSatisfy(\.accusations.isEmpty)
        if !isGood { throw Stop(.failed) }
    }

    private func isSmall(_ header: CaseHeader) -> Bool {
        guard let geometry = try? header.problem.geometry() else { return true }
        let (count, overflow) = geometry.productsPerOutput.multipliedReportingOverflow(by: geometry.outputShape.count)
        return !overflow && count <= products
    }

    private func faults() throws -> [Fault] {
        if fault.isEmpty { return Fault.all }
        let names = Fault.all.map(\.name)
        for pattern in fault where !names.contains(where: { Glob(pattern).matches($0) }) {
            throw Stop(.nothingExecuted, "no fault matches '\(pattern)'" + Suggestion.among(names, near: pattern))
        }
        return Fault.all.filter { candidate in fault.contains { Glob($0).matches(candidate.name) } }
    }

    private func closePage(_ page: OutputFile?) throws {
        do {
            try page?.close()
        } catch {
            throw Stop(.internalFault, "\(error)")
        }
    }
}
