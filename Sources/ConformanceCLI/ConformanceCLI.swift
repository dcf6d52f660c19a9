internal import ArgumentParser
public import Conformance
internal import EngineHost
internal import Foundation
internal import ReferenceEngines
internal import Reporting
internal import Synchronization

/// The command line, for this package's own executable and for anybody else's.
///
/// A package with engines of its own gets all of it in one line of `main.swift`:
///
///     ConformanceCLI.main { $0.register("mine") { Mine() } }
public enum ConformanceCLI {
    /// Parses the process's arguments, does what they say and exits with the status of the design.
    ///
    /// - Parameter register: adds engines to the built-in ones; those of the user come first, and are what is run where
    ///   no engine is named.
    public static func main(_ register: (inout EngineRegistry) -> Void = { _ in }) -> Never {
        StandardStreams.prepare()
        var registry = EngineRegistry()
        register(&registry)
        let own = registry.names
        for entry in EngineRegistry.builtIn.entries where registry[entry.name] == nil {
            registry.register(entry)
        }
        let status = run(CommandLine.arguments.dropFirst().map { $0 }, registry: registry, own: own)
        if status == .interrupted {
            // Engines that hang still have their threads: what `exit` tears down could be in use.
            finishRelaying(patience: .milliseconds(200))
            fflush(nil)
            _exit(status.rawValue)
        }
        exit(status.rawValue)
    }

    /// Does what the arguments say.
    private static func run(_ arguments: [String], registry: EngineRegistry, own: [String]) -> ExitStatus {
        Registered.engines.withLock { $0 = registry }
        if !own.isEmpty { Registered.defaults.withLock { $0 = own } }
        Registered.own.withLock { $0 = Set(own) }
        let status = perform(arguments)
        guard let failure = StandardOutput.failure else { return status }
        StandardError.say("\(failure)")
        return .internalFault
    }

    private static func perform(_ arguments: [String]) -> ExitStatus {
        let arguments = arguments.map { $0 == "--confine=strict" ? "--" + EngineOptions.strictly : $0 }
        do {
            try refuseUnknownCommand(arguments)
            var command = try RootCommand.parseAsRoot(arguments)
            try command.run()
            return .success
        } catch let stop as Stop {
            if let message = stop.message { StandardError.say(message) }
            return stop.status
        } catch {
            return report(error)
        }
    }

    /// - Throws: ``Stop`` with the nearest commands, where the first word is none. The argument parser only says that it did
    ///   not expect the word.
    private static func refuseUnknownCommand(_ arguments: [String]) throws {
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
        let known = RootCommand.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard let word = words.first, !word.hasPrefix("-"), !known.contains(word) else { return }
        throw Stop(
            .wrongUsage,
            "there is no command '\(word)'" + Suggestion.among(known, near: word)
                + "\nSee '\(CommandName.word) --help' for what there is.")
    }

    /// Tells of what the argument parser throws: help, or wrong usage.
    private static func report(_ error: any Error) -> ExitStatus {
        let message = RootCommand.fullMessage(for: error)
        switch RootCommand.exitCode(for: error) {
        case .success:
            print(message)
            return .success
        case .validationFailure:
            StandardError.write(message.harmless)
            return .wrongUsage
        default:
            StandardError.say("internal fault: \(message)")
            return .internalFault
        }
    }
}

/// The engines that commands can name. The argument parser makes the commands itself, so they cannot be handed in.
enum Registered {
    static let engines = Mutex(EngineRegistry())
    /// Those that are run where none is named: a newcomer's first look, or a package's own engines.
    static let defaults = Mutex(["reference", "direct", "im2col"])
    /// Those of the program's package: not this one's built-in engines, which are known to end.
    static let own = Mutex<Set<String>>([])
    /// What a confined engine may not see: the golden data of the run.
    static let hidden = Mutex<[String]>([])
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

extension String {
    /// Every line of it, as `SafeText` makes it: it may hold what an engine said, or the name of a file.
    var harmless: String {
        split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { SafeText.printable($0) + "\n" }.joined()
    }
}

extension ExitStatus {
    /// What each status means, for help texts.
    static let explanation = """
        Exit status: 0 all as expected; 1 a case failed; 2 wrong usage; 3 an engine could not be started; 4 nothing was \
        executed; 5 golden data or a record damaged or of an unknown format; 70 an internal fault, or output that could not be written; \
        130 interrupted.
        """
}
