internal import ArgumentParser
internal import Conformance
internal import Convolution
internal import Diagnosis
internal import Foundation
internal import Fuzzing
internal import GoldenStore
internal import Reporting

/// `convcheck fuzz`: gives random problems to an engine, and shrinks what it fails.
struct FuzzCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "fuzz", abstract: "Tries random problems on an engine, and shrinks those that it fails.",
            discussion: """
                \(CommandName.word) fuzz --engine lib:./libmine.so --seconds 60
                \(CommandName.word) fuzz --engine direct --operation filter-gradient --type float16 --save found/mine.h5

                Problems are drawn from a seed: small ones, valid and now and then invalid, whose features all meet each other, with \
                whole and with real numbers. Their exact answers are computed on the spot, and answers are judged as those to golden \
                cases are. A problem that the engine fails is made smaller for as long as the engine fails it, and shown.

                \(ExitStatus.explanation)
                """)
    }

    private static let usualProducts = ProblemDistribution().mostProducts

    @OptionGroup(title: "Engines") var engineOptions: EngineOptions
    @OptionGroup(title: "Reports") var reportOptions: ReportOptions

    @Option(
        help: ArgumentHelp(
            "How long to go on, of wall time (default: 60, or without an end where --count is given).", valueName: "n"))
    var seconds: Double?

    @Option(help: ArgumentHelp("How many problems to try.", valueName: "n"))
    var count: Int?

    @Option(
        help: ArgumentHelp(
            "What the problems follow from; the same seed gives the same ones. By default another one each time, which is said.",
            valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("The first problem to try, counted from 0.", valueName: "n"))
    var first = 0

    @Option(
        help: ArgumentHelp(
            "Only problems of this operation: \(words(of: Convolution.Operation.self)) (repeatable: of any of them).",
            valueName: "operation"),
        transform: word(of: Convolution.Operation.self))
    var operation: [Convolution.Operation] = []

    @Option(
        help: ArgumentHelp(
            "Only problems whose answer has this element type, of 8 bits a quantized one (repeatable): \(ProblemDistribution.allTypes.map(\.rawValue).joined(separator: ", ")).",
            valueName: "type"),
        transform: word(of: ElementType.self))
    var type: [ElementType] = []

    @Option(help: ArgumentHelp("The most products of a problem.", valueName: "n"))
    var products = Self.usualProducts

    @Option(help: ArgumentHelp("How many failing problems to shrink and show.", valueName: "n"))
    var maxFound = 5

    @Option(
        help: ArgumentHelp("How many problems are tried at the same time (default: one for each core).", valueName: "n")
    )
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "Write counts, the pairs of features that met and the numbers of failing problems, as JSON, for parts to be added up.",
            valueName: "path"))
    var counts: String?

    @Option(
        help: ArgumentHelp(
            "Write what was found to this new golden file, SUITE.h5; '\(CommandName.word) run --golden FOLDER' runs it.",
            valueName: "path"))
    var save: String?

    func validate() throws {
        if let seconds, !(seconds > 0 && seconds <= 1e7) {
            throw ValidationError("--seconds is \(seconds), expected more than 0 and at most 10000000")
        }
        for (name, value, least) in [
            ("count", count, 1), ("first", first, 0), ("products", products, 1), ("max-found", maxFound, 1),
            ("jobs", jobs, 1),
        ] {
            if let value, value < least { throw ValidationError("--\(name) is \(value), expected at least \(least)") }
        }
        if let other = type.first(where: { !ProblemDistribution.allTypes.contains($0) }) {
            let known = ProblemDistribution.allTypes.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--type is \(other.rawValue), expected one of \(known)")
        }
        if !type.isEmpty, !operation.isEmpty, distribution.types.isEmpty {
            throw ValidationError(
                "--type \(type[0].rawValue) is of forward convolutions, and --operation leaves those out")
        }
        if let save {
            if !save.hasSuffix(".h5") { throw ValidationError("--save is '\(save)', expected a path that ends in .h5") }
            let folder = URL(filePath: save).deletingLastPathComponent().path
            if !FileManager.default.isWritableFile(atPath: folder) {
                throw ValidationError("--save: '\(folder)' is no folder that can be written to")
            }
            if FileManager.default.fileExists(atPath: save) {
                throw ValidationError("--save: '\(save)' is there already, and is not written over")
            }
        }
    }

    func run() throws {
        let seed = seed ?? UInt64.random(in: 0..<1 << 53)
        let engines = try engineOptions.start()
        var claims = OutputClaims()
        for path in engineOptions.commandWords { claims.protect(path, "it is part of an engine's command") }
        var repeatCommand = RepeatCommand(executable: CommandName.path)
        repeatCommand.isOfFuzzing = save == nil
        let countsFile: OutputFile?
        do throws(OutputError) {
            if let counts { try claims.claim(counts, for: "--counts") }
            countsFile = try counts.map { path throws(OutputError) in try OutputFile(path: path) }
        } catch {
            throw Stop(.wrongUsage, error.description)
        }
        let reports = try reportOptions.open(repeatCommand: repeatCommand, claims: claims)
        var sum = FuzzCounts(seed: seed, first: first, options: drawingOptions)
        let handler = try InterruptHandler()
        var found: [(engine: any EngineUnderTest, golden: GoldenCase)] = []
        var (executed, failures) = (0, 0)
        for engine in engines {
            var fuzzer = Fuzzer(distribution: distribution, seed: seed)
            fuzzer.first = first
            fuzzer.most = count
            fuzzer.duration = seconds.map { .seconds($0) } ?? (count == nil ? .seconds(60) : nil)
            fuzzer.jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
            fuzzer.mostKept = maxFound
            let start = ContinuousClock.now
            let outcome: Fuzzer.Outcome
            do {
                outcome = try fuzzer.run(engine, interruption: handler.interruption)
            } catch let error as EngineStartError {
                throw Stop(.engineNotStarted, error.description)
            }
            let taken = start.duration(to: .now)
            StandardOutput.write(text(of: outcome, engine.name, seed, taken) + "\n")
            sum.add(outcome, name: engine.name, version: engine.version)
            executed += outcome.executed
            failures += outcome.failures
            found += outcome.found.map { golden in
                var golden = golden
                // By this id it is found again.
                if let save { golden.header.suite = URL(filePath: save).deletingPathExtension().lastPathComponent }
                return (engine, golden)
            }
        }
        if !found.isEmpty { try show(found, seed: seed, reports) }
        try reports.close()
        if let countsFile { try sum.write(to: countsFile) }
        if handler.interruption.isRequested { throw Stop(.interrupted) }
        if failures > 0 { throw Stop(.failed) }
        if executed == 0 { throw Stop(.nothingExecuted, "no engine computes any of the problems that were tried") }
    }

    /// The options that problems follow from beside the seed.
    private var drawingOptions: [String] {
        operation.flatMap { ["--operation", $0.rawValue] } + type.flatMap { ["--type", $0.rawValue] }
            + (products == Self.usualProducts ? [] : ["--products", "\(products)"])
    }

    private var distribution: ProblemDistribution {
        var distribution = ProblemDistribution(
            operations: operation.isEmpty ? Convolution.Operation.allCases : operation,
            types: type.isEmpty ? ProblemDistribution.allTypes : type)
        distribution.mostProducts = products
        return distribution
    }

    /// The result in a few words: problems by status, and the pairs of features that met.
    private func text(of outcome: Fuzzer.Outcome, _ engine: String, _ seed: UInt64, _ taken: Duration) -> String {
        func grouped(_ number: Int) -> String { number.formatted(.number.locale(Locale(identifier: "en_US"))) }
        let counts = Status.allCases.compactMap { status in
            outcome.counts[status].map { "\(grouped($0)) \(status.rawValue)" }
        }
        let part = 100 * Double(outcome.pairs.met.count) / Double(outcome.pairs.all)
        let tried = "\(grouped(outcome.tried)) problems in \(String(format: "%.1f s", taken / .seconds(1)))"
        return "\(engine), seed \(seed): \(tried): \(counts.joined(separator: ", ")); "
            + String(format: "%.1f %% of all pairs of features met", part)
    }

    /// Runs what was found again, each alone in a fresh session, and tells the reports.
    private func show(
        _ found: [(engine: any EngineUnderTest, golden: GoldenCase)], seed: UInt64, _ reports: Reports
    ) throws {
        if let save {
            do {
                var writer = try SuiteWriter(
                    creating: save, title: "Found by fuzzing", description: "Problems that an engine failed, shrunk.",
                    generator: "convcheck fuzz \(CommandName.version), seed \(seed)")
                for golden in distinct(found.map(\.golden)) { try writer.append(golden) }
                try writer.finish()
            } catch {
                throw Stop(.internalFault, "\(error)")
            }
        }
        let source = CaseList(distinct(found.map(\.golden)))
        var engines: [any EngineUnderTest] = []
        for (engine, _) in found where !engines.contains(where: { $0.name == engine.name }) { engines.append(engine) }
        var runner = Runner(engines: engines, source: source, cases: source.cases)
        runner.layouts = .preferred
        runner.diagnosis = FaultDiagnosis()
        runner.historyLimit = Runner.usualHistoryLimit
        runner.note = { StandardError.say($0) }
        runner.tool = .init(program: CommandName.path, version: CommandName.version)
        runner.repeatArguments =
            save.map { ["--golden", URL(filePath: $0).deletingLastPathComponent().relativePath] }
            // Other problems have other numbers.
            ?? drawingOptions
        let mine = Set(found.map { "\($0.engine.name) \($0.golden.header.id)" })
        runner.isChosen = { engine, header, _ in mine.contains("\(engine) \(header.id)") }
        var passing: [String] = []
        runner.run { event in
            if case .finished(let result) = event, result.status == .pass { passing.append(result.header.id) }
            reports.receive(event)
        }
        for id in passing {
            StandardError.say(
                "\(id) failed among the others, and passes when it is run alone: the engine keeps something from call to call, "
                    + "or fails by chance"
            )
        }
    }

    /// The cases without repetitions: two engines may fail the same problem.
    private func distinct(_ cases: [GoldenCase]) -> [GoldenCase] {
        var ids: Set<String> = []
        return cases.filter { ids.insert($0.header.id).inserted }
    }
}
