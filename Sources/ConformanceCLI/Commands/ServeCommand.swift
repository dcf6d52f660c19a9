internal import ArgumentParser
internal import Conformance
internal import EngineHost

/// `convcheck serve`: a registered engine as a program behind a pipe.
struct ServeCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "serve",
            abstract: "Speaks the engine protocol for a registered engine, on standard input and output.",
            discussion: """
                A run can then start the engine as a process of its own, so that a crash costs its case and no more:

                \(CommandName.word) run --engine 'cmd:\(CommandName.word) serve direct'
                """)
    }

    @Argument(help: ArgumentHelp("A registered engine's name.", valueName: "engine"))
    var name: String

    func run() throws {
        let registry = Registered.engines.withLock { $0 }
        guard let entry = registry[name] else {
            throw Stop(.wrongUsage, "there is no engine '\(name)'" + Suggestion.among(registry.names, near: name))
        }
        let engine: any Engine
        do {
            engine = try entry.makeEngine()
        } catch {
            throw Stop(.engineNotStarted, "engine '\(name)' could not be started: \(error)")
        }
        do {
            try serve(engine, named: name)
        } catch {
            throw Stop(.internalFault, "\(error)")
        }
    }
}
