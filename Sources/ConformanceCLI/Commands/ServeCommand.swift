internal import ArgumentParser
internal import Conformance
internal import EngineHost
internal import FaultyEngines

/// `convcheck serve`: a registered engine, or one in a shared library, as a program behind a pipe.
struct ServeCommand: ParsableCommand {
    static let name = "serve"

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: name,
            abstract: "Speaks the engine protocol for an engine, on standard input and output.",
            discussion: """
                A run can then start the engine as a process of its own, so that a crash costs its case and no more:

                \(CommandName.word) run --engine 'cmd:\(CommandName.word) serve direct'

                An engine in a shared library is always run so: --engine lib:PATH starts serve lib:PATH.
                """)
    }

    @Argument(help: ArgumentHelp("A registered engine's name, or lib:PATH, or lib:PATH#NAME.", valueName: "engine"))
    var name: String

    @Flag(help: .hidden)
    var worker = false

    func run() throws {
        if name.hasPrefix(EngineLibrary.prefix) { return try serveLibrary() }
        let registry = Registered.engines.withLock { $0 }
        if worker, let fault = Fault.specified(by: name) { return try serveAsWorker { FaultyEngine(fault) } }
        guard let entry = registry[name] else {
            throw Stop(.wrongUsage, "there is no engine '\(name)'" + Suggestion.among(registry.names, near: name))
        }
        if worker { return try serveAsWorker(entry.makeEngine) }
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

    private func serveAsWorker(_ make: () throws -> any Engine) throws {
        do {
            try EngineHost.serveAsWorker(named: name) { try make() }
        } catch is EngineStartError {
            // The runner has been told why.
            throw Stop(.engineNotStarted)
        } catch {
            throw Stop(.internalFault, "\(error)")
        }
    }

    private func serveLibrary() throws {
        do {
            let library = try EngineLibrary(String(name.dropFirst(EngineLibrary.prefix.count)))
            if worker { try EngineHost.serveAsWorker(library) } else { try serve(library) }
        } catch let error as InvalidEngineLibrary {
            throw Stop(.wrongUsage, "\(error)")
        } catch is EngineStartError {
            // The runner, who reads this process's standard output, has been told why.
            throw Stop(.engineNotStarted)
        } catch {
            throw Stop(.internalFault, "\(error)")
        }
    }
}
