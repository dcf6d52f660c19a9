internal import ArgumentParser
public import Conformance
internal import Foundation
internal import ReferenceEngines
internal import Synchronization

/// The command line, for this package's own executable and for anybody else's.
///
/// A package with engines of its own gets all of it in one line of `main.swift`:
///
///     ConformanceCLI.main { $0.register("mine") { Mine() } }
public enum ConformanceCLI {
    /// Parses the process's arguments, does what they say and exits with the status of the design.
    ///
    /// - Parameter register: adds engines to the built-in ones; those of the user come first.
    public static func main(_ register: (inout EngineRegistry) -> Void = { _ in }) -> Never {
        var registry = EngineRegistry()
        register(&registry)
        for entry in EngineRegistry.builtIn.entries where registry[entry.name] == nil {
            registry.register(entry)
        }
        exit(run(CommandLine.arguments.dropFirst().map { $0 }, registry: registry).rawValue)
    }

    /// Does what the arguments say.
    static func run(_ arguments: [String], registry: EngineRegistry) -> ExitStatus {
        Registered.engines.withLock { $0 = registry }
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try RootCommand.parseAsRoot(arguments)
            try command.run()
            return .success
        } catch let stop as Stop {
            if let message = stop.message { StandardError.write("convcheck: \(message)\n") }
            return stop.status
        } catch {
            return report(error)
        }
    }

    /// Tells of what the argument parser throws: help, or wrong usage.
    private static func report(_ error: any Error) -> ExitStatus {
        let message = RootCommand.fullMessage(for: error)
        switch RootCommand.exitCode(for: error) {
        case .success:
            print(message)
            return .success
        case .validationFailure:
            StandardError.write(message + "\n")
            return .wrongUsage
        default:
            StandardError.write("convcheck: internal fault: \(message)\n")
            return .internalFault
        }
    }
}

/// The engines that commands can name. The argument parser makes the commands itself, so they cannot be handed in.
enum Registered {
    static let engines = Mutex(EngineRegistry())
}

/// Ends a command with a status and, where there is more to say, a message on standard error.
struct Stop: Error {
    let status: ExitStatus
    var message: String?

    init(_ status: ExitStatus, _ message: String? = nil) {
        self.status = status
        self.message = message
    }
}
