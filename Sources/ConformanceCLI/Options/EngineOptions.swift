internal import ArgumentParser
internal import Conformance
internal import EngineHost
internal import FaultyEngines

/// Which engines to run.
struct EngineOptions: ParsableArguments {
    @Option(
        name: .customLong("engine"),
        help: ArgumentHelp(
            "Registered engines, by name ('direct' or 'direct,fft'), all of them ('all'), a shared library that exports what "
                + "convcheck_engine.h declares ('lib:PATH', or 'lib:PATH#NAME' for one engine of several), or a program that "
                + "speaks the engine protocol ('cmd:PROGRAM ARG...'); 'fault:NAME' is one that makes a mistake of the fault bank, "
                + "to see what reports say of it. Repeatable. By default the engines that this program's "
                + "package registers, or where it registers none: reference, direct, im2col.", valueName: "engine"))
    var specifications: [String] = []

    @Option(
        help: ArgumentHelp(
            "Judge the engines as if they declared this arithmetic: \(words(of: Arithmetic.self)).", valueName: "name"),
        transform: word(of: Arithmetic.self))
    var arithmetic: Arithmetic?

    @Option(
        help: ArgumentHelp(
            "Judge the engines as computing by this algorithm, and in float32 or what --arithmetic says, whatever they or their "
                + "answers say of themselves: \(words(of: Capabilities.Algorithm.self)).", valueName: "algorithm"),
        transform: word(of: Capabilities.Algorithm.self))
    var judgeAs: Capabilities.Algorithm?

    @Option(
        help: ArgumentHelp(
            "How long an engine may take to start: to greet, or to be made. No case is charged with it.",
            valueName: "seconds"))
    var startTimeout = 60.0

    /// Where registered engines run.
    enum Place: String, EnumerableFlag {
        case inWorkers, inProcess

        static func help(for value: Place) -> ArgumentHelp? {
            switch value {
            case .inWorkers:
                """
                Run every registered engine in processes of its own, so that a crash costs its case and no more; by default all \
                but convcheck's built-in ones.
                """
            case .inProcess: "Run registered engines in this process, for a debugger: a crash then ends the run."
            }
        }
    }

    @Flag(exclusivity: .exclusive)
    var place: Place?

    @Option(
        help: ArgumentHelp(
            "How much memory an engine's process may have before it is ended (default: half of the machine's).",
            valueName: "MiB"))
    var engineMemory: Int?

    @Flag(
        help: """
            Run engines without network, without other processes, and without files but the system's libraries and their own \
            folder, to be read. What the system cannot do is said; with --confine=strict nothing is run then.
            """)
    var confine = false

    /// As ``ConformanceCLI`` passes `--confine=strict` on: the parser's flags have no values.
    @Flag(name: .customLong(Self.strictly), help: .hidden)
    var confineStrictly = false

    static let strictly = "confine-strictly"

    @Flag(
        help: """
            With --confine: engines may start compilers and other programs of the system, which are confined as they are, and \
            write into a temporary folder (TMPDIR); both end with the engine's process.
            """)
    var confineCompilers = false

    private var isConfined: Bool { confine || confineStrictly }

    @Option(
        help: ArgumentHelp(
            "With --confine: what engines may read besides, and under /dev also write (repeatable).", valueName: "path")
    )
    var confineAllow: [String] = []

    func validate() throws {
        if !confineAllow.isEmpty, !isConfined { throw ValidationError("--confine-allow goes with --confine") }
        if confineCompilers, !isConfined { throw ValidationError("--confine-compilers goes with --confine") }
        if isConfined, place == .inProcess {
            throw ValidationError("--confine and --in-process contradict each other")
        }
        if let engineMemory, !(1...1 << 40).contains(engineMemory) {
            throw ValidationError("--engine-memory is \(engineMemory), expected at least 1 MiB")
        }
        if !(startTimeout > 0 && startTimeout <= 1e6) {
            throw ValidationError(
                "--start-timeout is \(startTimeout), expected more than 0 and at most 1000000 seconds")
        }
    }

    /// The engines, started: those of the options, else the default ones.
    ///
    /// - Throws: ``Stop``: wrong usage for an unknown name, with the nearest ones; engine not started.
    func start() throws -> [any EngineUnderTest] {
        try start(specifications.isEmpty ? Registered.defaults.withLock { $0 } : specifications)
    }

    /// The engines of a record, started, under the names that they have there.
    func start(
        _ recorded: [RunHeader.EngineIdentity], arithmetic: Arithmetic?, judgeAs: Capabilities.Algorithm?
    ) throws -> [any EngineUnderTest] {
        try sayWhatIsNotConfined()
        let registry = Registered.engines.withLock { $0 }
        return try recorded.map {
            AdjustedEngine(
                try start($0.specification, registry: registry), name: $0.name,
                arithmetic: self.arithmetic ?? arithmetic, algorithm: self.judgeAs ?? judgeAs)
        }
    }

    /// The engines of the given words, started, under names that tell them apart.
    func start(_ words: [String]) throws -> [any EngineUnderTest] {
        try sayWhatIsNotConfined()
        let registry = Registered.engines.withLock { $0 }
        let singles = words.flatMap { EngineOptions.split($0, registry: registry) }
        let engines = try singles.map { try start($0, registry: registry) }
        return zip(engines, EngineNames.distinct(engines.map(\.name))).map { engine, name in
            AdjustedEngine(engine, name: name, arithmetic: arithmetic, algorithm: judgeAs)
        }
    }

    /// What the engines may use of the machine; `nil` where that is everything.
    private var confinement: Confinement? {
        if !isConfined { return nil }
        return Confinement(
            allowed: confineAllow, hidden: Registered.hidden.withLock { $0 }, compilers: confineCompilers)
    }

    private func sayWhatIsNotConfined() throws {
        guard let lacking = confinement?.lacking, !lacking.isEmpty else { return }
        let words = lacking.map { "this system does not keep engines from \($0)" }
        if confineStrictly {
            throw Stop(.engineNotStarted, (["--confine=strict: nothing is run"] + words).joined(separator: "\n"))
        }
        for line in words { StandardError.say("--confine: " + line) }
    }

    /// The words of the commands that are started as engines, and the libraries that are loaded as such: a report may not
    /// replace one of their files.
    var commandWords: [String] {
        let registry = Registered.engines.withLock { $0 }
        return specifications.flatMap { EngineOptions.split($0, registry: registry) }.flatMap { word in
            if let text = word.rest(after: EngineLibrary.prefix) {
                return (try? EngineLibrary(text)).map { [$0.path] } ?? []
            }
            return word.rest(after: EngineOptions.commandPrefix).flatMap { try? EngineCommand($0) }?.words ?? []
        }
    }

    private static let commandPrefix = "cmd:"
    static let faultPrefix = "fault:"
    /// This program, whatever it is called: it serves an engine as `serve --worker ENGINE`.
    private static let worker = ["/proc/self/exe", ServeCommand.name, "--worker"]

    /// The engines that one word names. A comma ends a name, but not a command or a path, which reach to the end of the word.
    static func split(_ word: String, registry: EngineRegistry) -> [String] {
        if word.hasPrefix(commandPrefix) || word.hasPrefix(EngineLibrary.prefix) || registry[word] != nil {
            return [word]
        }
        if word == "all" { return registry.names }
        guard let comma = word.firstIndex(of: ",") else { return [word] }
        return split(String(word[..<comma]), registry: registry)
            + split(String(word[word.index(after: comma)...]), registry: registry)
    }

    private func start(_ word: String, registry: EngineRegistry) throws -> any EngineUnderTest {
        do {
            let limits = EngineLimits(
                greeting: .seconds(startTimeout), memory: engineMemory.map { $0 << 20 },
                confinement: confinement)
            if let command = word.rest(after: Self.commandPrefix) {
                return try CommandEngine(EngineCommand(command), limits: limits)
            }
            if let library = word.rest(after: EngineLibrary.prefix) {
                return try LibraryEngine(EngineLibrary(library), worker: Self.worker, limits: limits)
            }
            if let name = word.rest(after: Self.faultPrefix) {
                guard let fault = Fault.specified(by: word) else {
                    let suggestion = Suggestion.among(Fault.all.map(\.name), near: name)
                    throw Stop(.wrongUsage, "--engine \(word): the fault bank has no '\(name)'\(suggestion)")
                }
                if place == .inWorkers {
                    return try WorkerEngine(word, worker: Self.worker + ["--", word], limits: limits)
                }
                return try InProcessEngine(name: word) { FaultyEngine(fault) }
            }
            if let entry = registry[word] {
                let isOwn = Registered.own.withLock { $0.contains(word) }
                if place.map({ $0 == .inWorkers }) ?? isOwn {
                    return try WorkerEngine(word, worker: Self.worker + ["--", word], limits: limits)
                }
                return try entry.start(within: .seconds(startTimeout))
            }
        } catch let error as EngineStartError {
            throw Stop(.engineNotStarted, error.description)
        } catch let error as InvalidEngineCommand {
            throw Stop(.wrongUsage, "--engine \(word): \(error)")
        } catch let error as InvalidEngineLibrary {
            throw Stop(.wrongUsage, "--engine \(error)")
        }
        throw Stop(
            .wrongUsage,
            "there is no engine '\(word)'" + Suggestion.among(registry.names + ["all"], near: word)
                + " (a program is given as 'cmd:PROGRAM ARG...', a shared library as 'lib:PATH')")
    }
}

extension Fault {
    /// The fault that `fault:NAME` names, if there is one.
    static func specified(by word: String) -> Fault? {
        word.rest(after: EngineOptions.faultPrefix).flatMap(Fault.named)
    }
}

extension String {
    /// What follows a prefix, or `nil` where the text does not begin with it.
    fileprivate func rest(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
