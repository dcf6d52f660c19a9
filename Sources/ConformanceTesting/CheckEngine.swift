public import Conformance
public import Convolution
internal import Diagnosis
internal import Foundation
internal import GoldenStore
internal import Reporting
public import Testing

/// Checks an engine against the golden cases, in a test of its author's own:
///
///     import Conformance
///     import ConformanceTesting
///     import Testing
///
///     @Test func mine() {
///         checkEngine { Mine() }
///     }
///
/// Each failing case becomes an issue of the test, in the words of the command line, after what the failures have in common.
/// An issue is also everything else that is no pass: goldens that are damaged or not there, an engine that could not be
/// made, names that choose no case, and a run in which nothing was executed since the engine supports none of the cases.
///
/// The call blocks its thread until all cases have been run. All of them suit a release build, `swift test -c release`: the
/// large ones take an engine of a debug build very long, and there `suites` or `skippingTags` choose fewer.
///
/// - Parameters:
///   - suites: only these suites: all by default.
///   - cases: only cases whose id matches one of these patterns, such as `grid/b2-*`.
///   - skipping: not the cases whose id matches one of these.
///   - tags: only cases with one of these tags.
///   - skippingTags: not the cases with one of these tags.
///   - operations: only cases of these operations; what an engine does not declare is not asked of it in any case.
///   - types: only cases with a tensor of one of these element types.
///   - layouts: in which of its declared layouts the engine is run.
///   - tolerance: how answers are judged.
///   - golden: the folder of golden files. By default where `$CONVCHECK_GOLDEN` says, `Golden` in the working directory, or
///     beside this package or the caller's: where the command line finds it.
///   - jobs: how many cases run at the same time, each on an engine of its own; one for each core by default.
///   - timeLimit: how long the engine may take for a case.
///   - mostIssues: how many failing cases become issues; what is beyond is one issue more.
///   - make: makes an engine; called once for each worker.
public func checkEngine<Candidate: Engine>(
    suites: [String] = [], cases: [String] = [], skipping: [String] = [], tags: [String] = [],
    skippingTags: [String] = [], operations: [Convolution.Operation] = [], types: [ElementType] = [],
    layouts: LayoutSelection = .sample, tolerance: Tolerance = .derived, golden: String? = nil, jobs: Int? = nil,
    timeLimit: TimeLimit = .byWork, mostIssues: Int = 20, sourceLocation: SourceLocation = #_sourceLocation,
    _ make: @escaping @Sendable () throws -> Candidate
) {
    var selection = CaseSelection()
    selection.suites = suites
    selection.patterns = cases
    selection.skippedPatterns = skipping
    selection.tags = tags
    selection.skippedTags = skippingTags
    selection.operations = operations
    selection.types = types
    func record(_ text: String) { Issue.record(Comment(rawValue: text), sourceLocation: sourceLocation) }
    do {
        let opened = suites.isEmpty ? selection.patternSuites : suites
        let source = try goldens(in: golden, suites: opened)
        let engine = try InProcessEngine(name: "\(Candidate.self)", make: make)
        var runner = Runner(
            engines: [engine], source: source, cases: try selection.choose(from: source, isWhole: opened.isEmpty))
        runner.judge = Judge(tolerance: tolerance)
        runner.layouts = layouts
        runner.timeLimit = timeLimit
        runner.jobs = min(max(jobs ?? ProcessInfo.processInfo.activeProcessorCount, 1), Runner.mostJobs)
        runner.diagnosis = FaultDiagnosis()
        runner.run(report: IssueReporter(most: mostIssues, write: record).receive)
    } catch {
        record("\(error)")
    }
}

/// The golden files of a folder.
///
/// - Throws: an error in words where there are none, or where something is wrong with them.
private func goldens(in given: String?, suites: [String]) throws -> GoldenDirectory {
    let search = GoldenSearch(from: Bundle.main.executablePath ?? CommandLine.arguments[0], besides: [ownFolder])
    guard let folder = given ?? GoldenSearch.named ?? search.path else { throw NoGoldens(search.absence("'golden:'")) }
    guard FileManager.default.fileExists(atPath: folder) else {
        throw NoGoldens("there is no folder '\(folder)' of golden files")
    }
    let directory = try GoldenDirectory(path: folder, suites: suites.isEmpty ? nil : suites) { path, _ in
        // The command line looks at such a file in a process of its own, which may die of it. A test's must not.
        throw NoGoldens(
            "nothing vouches for \(path), since \(folder) has no SHA256SUMS; 'convcheck run --golden' checks such files"
        )
    }
    return directory
}

/// Where this package's golden files lie when it is built from a checkout.
private let ownFolder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Golden")
    .standardized.path

private struct NoGoldens: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
