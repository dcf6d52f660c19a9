internal import ArgumentParser
internal import Conformance
internal import Foundation
internal import ProblemLists
internal import Reporting

/// `convcheck judge`: judges a kernel that somebody submitted elsewhere, then times it.
struct JudgeCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "judge", abstract: "Judges a kernel that was submitted elsewhere, then times it.",
            discussion: """
                \(CommandName.word) judge submission.py
                \(CommandName.word) judge 55_model.py --format kernelbench --html report.html

                A submission is a file in PyTorch, as gpu-mode's conv2d (custom_kernel) or KernelBench's first level (ModelNew) take \
                it. It runs in a process of its own, confined as far as this system can, on the sizes that its format publishes, \
                with data that is drawn for this run from a seed that is told afterwards. What is right is timed beside torch, and \
                every timed answer is judged too. It is 'run --fresh', then 'bench'. The last line is the verdict.

                Exit status: 0 right; 1 wrong, in the checks or when it was timed; 2 wrong usage; 3 it could not be started, or no \
                Python has torch; 4 it computes none of the problems, or not all; 70 an internal fault, or output that could not be written; \
                130 interrupted.
                """)
    }

    @Argument(help: ArgumentHelp("The file that was submitted.", valueName: "submission"))
    var submission: String

    @OptionGroup(title: "Submission") var submissionOptions: SubmissionOptions

    @Option(
        help: ArgumentHelp(
            "Only this published problem: its name, what it begins with, or a pattern (repeatable). By default all of gpu-mode's, "
                + "and of KernelBench's the one whose number the file's name begins with.", valueName: "name"))
    var problem: [String] = []

    @Option(
        help: ArgumentHelp("A list in the place of the published problems, as for run.", valueName: "file"))
    var problems: String?

    @Option(
        help: ArgumentHelp(
            "Problems with more products are reduced, batch first, then height and width, which is said: their exact answers "
                + "take long (default: 4e9).", valueName: "n"))
    var products: Double?

    private var mostProducts: Double { products ?? 4e9 }

    @Option(help: ArgumentHelp("The same for problems whose tensors need more memory.", valueName: "MiB"))
    var memoryLimit = 1024

    @Option(
        help: ArgumentHelp(
            "What the data follows from, to repeat a judgement (default: another each time, told at the end).",
            valueName: "n"))
    var seed: UInt64?

    @Option(name: .customLong("repeat"), help: ArgumentHelp("Ask every case so often.", valueName: "n"))
    var repeats = 1

    @Option(
        help: ArgumentHelp(
            "How long a kernel may take for an answer (default: 60 seconds, and one for every ten million products).",
            valueName: "seconds"))
    var timeout: Double?

    @OptionGroup(title: "Times") var timing: SubmissionTiming
    @OptionGroup(title: "Reports") var reportOptions: ReportOptions

    func validate() throws {
        if let products, !(products >= 1) { throw ValidationError("--products is \(products), expected at least 1") }
        if problems != nil, !problem.isEmpty { throw ValidationError("--problems and --problem exclude each other") }
    }

    func run() throws {
        var judgement = Judgement(submission)
        do {
            let status = try judge(&judgement)
            StandardOutput.write(judgement.line(status) + "\n")
            if status != .success { throw Stop(status) }
        } catch let stop as Stop where stop.message != nil {
            guard stop.status != .wrongUsage else { throw stop }
            StandardError.say(stop.message ?? "")
            StandardOutput.write(judgement.line(stop.status) + "\n")
            throw Stop(stop.status)
        }
    }

    private func judge(_ judgement: inout Judgement) throws -> ExitStatus {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: submission, isDirectory: &isFolder), !isFolder.boolValue else {
            throw Stop(.wrongUsage, "there is no file '\(submission)'")
        }
        try claimReports()
        let format = try submissionOptions.format ?? SubmissionFormat.guessed(of: submission)
        let host = try submissionOptions.host()
        let chosen = try chosenProblems(format, host)
        let devices = try submissionOptions.devices(host)
        announce(format, host, devices, chosen)

        let engines = devices.map {
            host.engine(submission, format, submissionOptions.algorithm, on: $0, mayNotRun: $0 != devices.last)
        }
        let common =
            submissionOptions.engineArguments(host, devices) + [
                "--problems", chosen.path, "--reduce-products", String(format: "%.0f", mostProducts), "--reduce-memory",
                "\(memoryLimit)",
            ]
            + ["--memory-limit", "\(memoryLimit)"] + (timeout.map { ["--timeout", "\($0)"] } ?? [])
        var run = try RunCommand.parse(
            engines.flatMap { ["--engine", $0] } + common + chosen.patterns().flatMap { ["--case", $0] }
                + ["--jobs", "1", "--repeat", "\(repeats)", "--fresh"] + (seed.map { ["\($0)"] } ?? []))
        run.reportOptions = reportOptions
        let summary = try run.perform { judgement.note($0) }
        if summary.exitStatus == .success, !judgement.isWhole { return .nothingExecuted }
        if summary.exitStatus != .success {
            if judgement.isNearlyRight, submissionOptions.algorithm == .direct { StandardOutput.write(Self.hint) }
            return summary.exitStatus
        }
        guard timing.bench, let engine = engines.last, let device = devices.last else { return .success }
        let timed = chosen.patterns(where: format.times)
        let bench = try BenchCommand.parse(
            ["--engine", engine] + common + (timed.isEmpty ? chosen.patterns() : timed).flatMap { ["--case", $0] }
                + timing.arguments(host, device) + (seed.map { ["--seed", "\($0)"] } ?? []))
        StandardOutput.write("\n")
        let status = try bench.perform { judgement.note($0) }
        // What it is compared with may fail, or compute nothing, without its fault.
        return judgement.isWrongWhenTimed ? .failed : [.failed, .nothingExecuted].contains(status) ? .success : status
    }

    /// What to say of answers that are all nearly right.
    private static let hint = """
        Every wrong number is near the right one. It was judged as a direct sum, as it was declared; what computes by FFT or \
        Winograd errs by more, and is judged as one with --algorithm fft, winograd or transform. Whether it may be one is for \
        you to decide.

        """

    private func chosenProblems(_ format: SubmissionFormat, _ host: SubmissionHost) throws -> SubmissionProblems {
        let path = problems ?? host.problems(of: format)
        var chosen = problem
        if problems == nil, chosen.isEmpty, format == .kernelBench {
            guard let number = format.problem(ofFile: submission) else {
                let names = try SubmissionProblems(path: path, chosen: []).names.joined(separator: ", ")
                throw Stop(
                    .wrongUsage,
                    "a submission to KernelBench is for one problem, and '\(submission)' does not begin with its number: "
                        + "--problem says which; there are \(names)")
            }
            chosen = [number]
        }
        return try SubmissionProblems(path: path, chosen: chosen)
    }

    /// Says what is judged, by what, and on what.
    private func announce(
        _ format: SubmissionFormat, _ host: SubmissionHost, _ devices: [SubmissionHost.Device],
        _ chosen: SubmissionProblems
    ) {
        let places = devices.map { $0 == .cpu ? "the CPU" : "the GPU" }.joined(separator: " and ")
        let without = devices.contains(.cuda) || submissionOptions.device != .all ? "" : "; torch sees no GPU here"
        StandardError.say(
            "\(submission) is judged as a submission to \(format.rawValue), by \(host.python.program), on \(places)\(without)"
        )
        StandardError.say(submissionOptions.confinementWords)
        for line in chosen.reductions(.init(mostProducts: mostProducts, mostBytes: memoryLimit << 20)) {
            StandardError.say(line)
        }
    }

    /// - Throws: ``Stop``, wrong usage, where a report is written to the place of another, or of the submission.
    private func claimReports() throws {
        var claims = OutputClaims()
        claims.protect(submission, "it is the submission")
        let paths = [
            ("--jsonl", reportOptions.jsonl), ("--junit", reportOptions.junit), ("--markdown", reportOptions.markdown),
            ("--html", reportOptions.html), ("--bench-jsonl", timing.benchJsonl),
        ]
        do throws(OutputError) {
            for (option, path) in paths { if let path { try claims.claim(path, for: option) } }
        } catch {
            throw Stop(.wrongUsage, error.description)
        }
    }
}
