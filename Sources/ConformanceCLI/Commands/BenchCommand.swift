internal import ArgumentParser
internal import Benchmarking
internal import Conformance
internal import Convolution
internal import DrawnCases
internal import Foundation
internal import GoldenStore
internal import Reporting

/// `convcheck bench`: times engines on cases, and judges every answer that it times.
struct BenchCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "bench", abstract: "Times engines, and judges every answer that it times.",
            discussion: """
                \(CommandName.word) bench --engine direct --against im2col --case 'networks/resnet-50-*-real'
                \(CommandName.word) bench --engine lib:./libmine.so --problems mine.csv

                Every round has new data. Each engine is timed from the request to its whole answer, by the clock of this program, \
                and the answer is judged: an engine that is wrong in any round has no time. A figure above what the machine can do, \
                as measured at the start, is refused. What a pipe takes is part of the time of an engine behind 'cmd:'.

                \(ExitStatus.explanation)
                """)
    }

    @OptionGroup(title: "Engines") var engineOptions: EngineOptions

    @Option(
        help: ArgumentHelp(
            "Time this engine beside the others, in the same rounds, and tell how many times its time they take.",
            valueName: "engine"))
    var against: String?

    @OptionGroup(title: "Cases") var caseOptions: CaseOptions
    @OptionGroup(title: "Cases") var problemOptions: ProblemOptions
    @OptionGroup(title: "Truth") var truthOptions: TruthOptions

    @Option(help: ArgumentHelp("How many times each engine is timed on a case, after the first time.", valueName: "n"))
    var rounds = 7

    @Option(
        help: ArgumentHelp(
            "What the engines' device can do, in billions of operations a second (default: what is measured on this machine's "
                + "cores). A figure above it is refused.", valueName: "gflops"))
    var peak: Double?

    @Option(
        help: ArgumentHelp("What the data follows from (default: another each time, told at the end).", valueName: "n"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "How long an engine may take for an answer (default: 60 seconds, and one for every ten million products).",
            valueName: "seconds"))
    var timeout: Double?

    @Option(help: ArgumentHelp("Skip the cases whose tensors need more memory.", valueName: "MiB"))
    var memoryLimit = 1024

    @Option(help: ArgumentHelp("Write the record: one JSON object a line, with every time.", valueName: "path"))
    var jsonl: String?

    func validate() throws {
        if !(1...100_000).contains(rounds) {
            throw ValidationError("--rounds is \(rounds), expected 1 to 100000")
        }
        if let peak, !(peak > 0 && peak.isFinite) { throw ValidationError("--peak is \(peak), expected more than 0") }
        if let timeout, !(timeout > 0 && timeout <= 1e6) {
            throw ValidationError("--timeout is \(timeout), expected more than 0 and at most 1000000 seconds")
        }
        if memoryLimit < 1 { throw ValidationError("--memory-limit is \(memoryLimit), expected at least 1 MiB") }
        if problemOptions.problems.isEmpty, caseOptions.selectionArguments.isEmpty, caseOptions.shard == nil {
            throw ValidationError("say what to time: --problems, --suite, --case, --tag or another option of cases")
        }
    }

    func run() throws {
        let status = try perform { _ in }
        if status != .success { throw Stop(status) }
    }

    /// Times the engines, and tells of it.
    ///
    /// - Parameter observe: is told of every case that was timed.
    /// - Throws: ``Stop`` where there was nothing to time, or something could not be done.
    func perform(observe: (Benchmark.Outcome) -> Void) throws -> ExitStatus {
        let policy = truthOptions.policy()
        let listed = try problemOptions.cases(policy: policy)
        let source: any CaseSource =
            try listed
            ?? caseOptions.folder.open(
                suites: caseOptions.suites, memoryLimit: max(GoldenDirectory.defaultMemoryLimit, memoryLimit << 22))
        let chosen = try caseOptions.select(from: source)
        // Of a list each problem is there twice, of whole numbers and of reals: time does not depend on it.
        let cases = chosen.filter {
            Benchmark.canTime($0) && (listed == nil || $0.data == .real || $0.problem.types.output.format == nil)
        }
        let left = listed == nil ? chosen.count - cases.count : 0
        if cases.isEmpty {
            throw Stop(.nothingExecuted, "none of the \(chosen.count) chosen cases has drawn data to time")
        }
        var claims = OutputClaims()
        for path in caseOptions.folder.files { claims.protect(path, "it is a golden file") }
        for path in problemOptions.problems { claims.protect(path, "it is a list of problems") }
        for path in engineOptions.commandWords { claims.protect(path, "it is part of an engine's command") }
        let words =
            engineOptions.specifications.isEmpty ? Registered.defaults.withLock { $0 } : engineOptions.specifications
        Registered.hidden.withLock { $0 = [caseOptions.folder.golden] }
        let engines = try engineOptions.start(words + (against.map { [$0] } ?? []))
        let file: OutputFile?
        do throws(OutputError) {
            if let jsonl { try claims.claim(jsonl, for: "--jsonl") }
            file = if let jsonl { try OutputFile(path: jsonl) } else { nil }
        } catch {
            throw Stop(.wrongUsage, error.description)
        }
        let peak = peak.map { MachinePeak(gigaflops: $0) } ?? MachinePeak.measured()
        let seed = seed ?? UInt64.random(in: 0..<1 << 53)
        var benchmark = Benchmark(engines: engines, peak: peak, seed: seed)
        benchmark.rounds = rounds
        benchmark.judge.projectionSeed = truthOptions.judgeSeed
        if let timeout { benchmark.timeLimit = .fixed(.seconds(timeout)) }
        let table = BenchText(columns: ReportOptions.columns, hasReference: against != nil)
        let record = BenchRecord { file?.write($0) }
        record.begin(peak, engines, rounds: rounds, program: CommandName.path)
        StandardOutput.write(table.head(peak) + "\n")
        let handler = try InterruptHandler()
        var (timed, failed) = (0, 0)
        for header in cases where !handler.interruption.isRequested {
            let exact =
                listed.map { $0.exactExtent(of: header) }
                ?? (header.isDerived ? policy.exactExtent(of: header.problem) : .whole)
            if header.problem.bytesInMemory(of: exact) > memoryLimit << 20 {
                StandardOutput.write("\n\(header.id): skipped, its tensors need more than \(memoryLimit) MiB\n")
                record.skip(header)
                continue
            }
            let outcome: Benchmark.Outcome
            do {
                outcome = try benchmark.outcome(of: header, interruption: handler.interruption) { header, seed in
                    try listed.map { try $0.load(header, seed: seed) }
                        ?? FreshCases.load(header, from: source, seed: seed, policy: policy)
                }
            } catch let error as EngineStartError {
                throw Stop(.engineNotStarted, error.description)
            } catch {
                throw Stop(.goldenDamaged, "\(error)")
            }
            if handler.interruption.isRequested { break }
            StandardOutput.write("\n" + table.text(of: outcome))
            record.add(outcome)
            observe(outcome)
            timed += outcome.measurements.count { $0.verdict == .timed }
            failed += outcome.measurements.count { $0.isFailure }
        }
        let status: ExitStatus =
            handler.interruption.isRequested
            ? .interrupted : failed > 0 ? .failed : timed == 0 ? .nothingExecuted : .success
        record.end(seed: seed, timed: timed, failed: failed, status: status)
        StandardOutput.write("\n" + table.end(seed: seed, timed: timed, failed: failed, left: left))
        do {
            try file?.close()
        } catch {
            throw Stop(.internalFault, error.description)
        }
        return status
    }
}

extension Benchmark.Measurement {
    /// Whether an answer was wrong, did not come, or came too soon.
    var isFailure: Bool {
        switch verdict {
        case .timed, .unsupported: false
        case .failed, .impossible: true
        }
    }
}
