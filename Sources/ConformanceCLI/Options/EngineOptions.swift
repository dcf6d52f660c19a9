internal import ArgumentParser
internal import Conformance
internal import Convolution
internal import EngineHost

/// Which engines to run.
struct EngineOptions: ParsableArguments {
    @Option(
        name: .customLong("engine"),
        help: ArgumentHelp(
            "A registered engine's name, or 'cmd:PROGRAM ARG...' for a program that speaks the engine protocol (repeatable; all "
                + "registered engines where none is given).", valueName: "engine"))
    var specifications: [String] = []

    @Option(
        help: ArgumentHelp(
            "Judge the engines as if they declared this arithmetic: \(words(of: Arithmetic.self)).", valueName: "name"),
        transform: word(of: Arithmetic.self))
    var arithmetic: Arithmetic?

    /// The engines, started.
    ///
    /// - Throws: ``Stop``: wrong usage for an unknown name, with the nearest ones; engine not started.
    func start() throws -> [any EngineUnderTest] {
        let registry = Registered.engines.withLock { $0 }
        let words = specifications.isEmpty ? registry.names : specifications
        var engines: [any EngineUnderTest] = []
        for word in words {
            let engine = try start(word, registry: registry)
            let namesakes = engines.count { $0.name == engine.name || $0.name.hasPrefix(engine.name + "#") }
            engines.append(
                AdjustedEngine(
                    engine, name: namesakes == 0 ? engine.name : "\(engine.name)#\(namesakes + 1)",
                    arithmetic: arithmetic))
        }
        return engines
    }

    private static let commandPrefix = "cmd:"

    private func start(_ word: String, registry: EngineRegistry) throws -> any EngineUnderTest {
        do {
            if word.hasPrefix(Self.commandPrefix) {
                return try CommandEngine(EngineCommand(String(word.dropFirst(Self.commandPrefix.count))))
            }
            if let entry = registry[word] { return try entry.start() }
        } catch let error as EngineStartError {
            throw Stop(.engineNotStarted, error.description)
        } catch let error as InvalidEngineCommand {
            throw Stop(.wrongUsage, "--engine \(word): \(error)")
        }
        throw Stop(
            .wrongUsage,
            "there is no engine '\(word)'" + Suggestion.among(registry.names, near: word)
                + " (a program is given as 'cmd:PROGRAM ARG...')")
    }
}

/// An engine under another name, or judged by another arithmetic.
struct AdjustedEngine: EngineUnderTest {
    let name: String
    let capabilities: Capabilities
    private let base: any EngineUnderTest

    init(_ base: any EngineUnderTest, name: String, arithmetic: Arithmetic?) {
        self.base = base
        self.name = name
        var capabilities = base.capabilities
        capabilities.arithmetic = arithmetic ?? capabilities.arithmetic
        self.capabilities = capabilities
    }

    var version: String { base.version }
    var specification: String { base.specification }

    func openSession() throws(EngineStartError) -> any EngineSession {
        try base.openSession()
    }
}
