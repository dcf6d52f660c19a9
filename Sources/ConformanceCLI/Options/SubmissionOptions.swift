internal import ArgumentParser
internal import Conformance
internal import EngineHost

/// How a submission is run.
struct SubmissionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What was submitted: \(words(of: SubmissionFormat.self)) (default: as the file defines custom_kernel or ModelNew).",
            valueName: "name"), transform: word(of: SubmissionFormat.self))
    var format: SubmissionFormat?

    @Option(
        help: ArgumentHelp(
            "How it computes, as whoever judges allows it: \(words(of: Capabilities.Algorithm.self)). A transform is judged by "
                + "what transforms can do.", valueName: "name"), transform: word(of: Capabilities.Algorithm.self))
    var algorithm = Capabilities.Algorithm.direct

    /// Where to run it.
    enum Place: String, CaseIterable {
        case all, cpu, cuda
    }

    @Option(
        help: ArgumentHelp(
            "Where it runs: \(words(of: Place.self)). By default on the CPU and, where torch sees one, on the GPU; what then does "
                + "not run on the CPU is unsupported there.", valueName: "name"), transform: word(of: Place.self))
    var device = Place.all

    @Option(
        help: ArgumentHelp(
            "The Python that runs it (default: the first with torch and numpy of python3, /usr/bin/python3 and those in .venv).",
            valueName: "program"))
    var python: String?

    @Option(
        name: .customLong("host"),
        help: ArgumentHelp(
            "Where submission_host.py is, with the published problems beside it (default: Scripts/engines here, or in the "
                + "program's package).", valueName: "path"))
    var hostPath: String?

    @Option(help: ArgumentHelp("How long it may take to start: torch to be imported.", valueName: "seconds"))
    var startTimeout = 60.0

    @Option(
        help: ArgumentHelp(
            "How much memory its process may have before it is ended (default: half of the machine's).",
            valueName: "MiB"))
    var engineMemory: Int?

    @Flag(
        inversion: .prefixedNo,
        help: """
            Run it without network, without other processes, and without files but the system's libraries, torch, and the \
            submission's own folder, to be read. What the system cannot do is said; with --confine=strict nothing is run then.
            """)
    var confine = true

    /// As ``ConformanceCLI`` passes `--confine=strict` on: the parser's flags have no values.
    @Flag(name: .customLong(EngineOptions.strictly), help: .hidden)
    var confineStrictly = false

    @Flag(
        help: """
            Let it start compilers, as torch.compile, Triton and torch's C++ extensions do: confined as it is, and with a \
            temporary folder to write into; both end with its process.
            """)
    var confineCompilers = false

    @Option(help: ArgumentHelp("What it may read besides, and under /dev also write (repeatable).", valueName: "path"))
    var confineAllow: [String] = []

    func validate() throws {
        if !confine, confineStrictly || confineCompilers || !confineAllow.isEmpty {
            throw ValidationError(
                "--no-confine goes neither with --confine=strict nor with --confine-compilers or --confine-allow")
        }
    }

    /// What runs it.
    ///
    /// - Throws: ``Stop``, as ``SubmissionHost`` does.
    func host() throws -> SubmissionHost { try SubmissionHost(given: hostPath, python: python) }

    /// Where it is run, the place that matters most last.
    ///
    /// - Throws: ``Stop``, engine not started, where a GPU is wanted and torch sees none.
    func devices(_ host: SubmissionHost) throws -> [SubmissionHost.Device] {
        switch device {
        case .cpu: return [.cpu]
        case .all: return SubmissionHost.Device.mayBeGPU && host.python.seesGPU() ? [.cpu, .cuda] : [.cpu]
        case .cuda:
            guard host.python.seesGPU() else {
                throw Stop(.engineNotStarted, "--device cuda: the torch of \(host.python.program) sees no GPU")
            }
            return [.cuda]
        }
    }

    /// The arguments of `run` and `bench` that say how engines are run.
    func engineArguments(_ host: SubmissionHost, _ devices: [SubmissionHost.Device]) -> [String] {
        var arguments = ["--judge-as", algorithm.rawValue, "--start-timeout", "\(startTimeout)"]
        if let engineMemory { arguments += ["--engine-memory", "\(engineMemory)"] }
        if !confine { return arguments }
        let allowed = host.python.folders + devices.flatMap(\.files) + confineAllow
        return arguments + ["--" + (confineStrictly ? EngineOptions.strictly : "confine")]
            + (confineCompilers ? ["--confine-compilers"] : [])
            + allowed.flatMap { ["--confine-allow", $0] }
    }

    /// What keeps the submission from the rest of the machine, in a sentence.
    var confinementWords: String {
        if !confine { return "it is not confined (--no-confine): it can read, write and send what you can" }
        if Confinement(compilers: confineCompilers).lacking.isEmpty {
            let rest = "nothing to be read but the system, torch and its own folder"
            return confineCompilers
                ? "it is confined: no network, no processes but those that it starts, which end with it, nothing to be written but "
                    + "temporary files, and \(rest)"
                : "it is confined: no network, no other process, nothing to be written, and \(rest)"
        }
        return "it is confined as far as this system can, which is not all of it"
    }
}

/// Whether and how a right submission is timed.
struct SubmissionTiming: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Whether what is right is timed.")
    var bench = true

    @Option(help: ArgumentHelp("How many times it is timed on a problem, after the first time.", valueName: "n"))
    var rounds = 7

    @Option(
        help: ArgumentHelp(
            "What it is timed beside: 'torch', whose own convolution then goes through the same pipe, any engine, or 'none'.",
            valueName: "engine"))
    var against = "torch"

    @Option(
        help: ArgumentHelp(
            "What the device can do, in billions of operations a second: a figure above it is refused (default: what is measured "
                + "on this machine's cores; of a GPU \(Self.mostOfGPU.formatted(.number.locale(.init(identifier: "en_US"))))).",
            valueName: "gflops"))
    var peak: Double?

    @Option(help: ArgumentHelp("Write the record of the times: one JSON object a line.", valueName: "path"))
    var benchJsonl: String?

    /// More than any GPU computes in float32.
    private static let mostOfGPU = 1_000_000

    func validate() throws {
        if !(1...100_000).contains(rounds) { throw ValidationError("--rounds is \(rounds), expected 1 to 100000") }
        if let peak, !(peak > 0 && peak.isFinite) { throw ValidationError("--peak is \(peak), expected more than 0") }
        if !bench, benchJsonl != nil { throw ValidationError("--bench-jsonl and --no-bench contradict each other") }
    }

    /// The arguments of `bench`.
    func arguments(_ host: SubmissionHost, _ device: SubmissionHost.Device) -> [String] {
        let other = against == "torch" ? host.torch(on: device) : against
        let peak = peak ?? (device == .cpu ? nil : Double(Self.mostOfGPU))
        return ["--rounds", "\(rounds)"] + (against == "none" ? [] : ["--against", other])
            + (peak.map { ["--peak", "\($0)"] } ?? []) + (benchJsonl.map { ["--jsonl", $0] } ?? [])
    }
}
