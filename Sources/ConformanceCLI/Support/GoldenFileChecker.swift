internal import Foundation
internal import GoldenStore

/// Checks golden files that no list of digests vouches for, each in a process of its own, which may die.
///
/// The process is this very program, as `check-golden PATH`: it reads the file's bytes from its standard input and
/// writes its findings to its standard output (see ``CheckGoldenCommand``).
struct GoldenFileChecker: Sendable {
    /// What is started; the file's path is added to the arguments.
    var executable = Self.ownExecutable
    var arguments = [CheckGoldenCommand.name]
    /// How long a check may take, where it does not end itself before.
    var timeout: Duration?

    /// What is wrong with a file, a crash or a hang of the check among it.
    ///
    /// - Throws: ``Stop`` with an internal fault where the check itself cannot be done.
    func faults(path: String, bytes: [UInt8]) throws -> [GoldenError.Fault] {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments + [path]
        process.environment = ProcessInfo.processInfo.environment.merging([
            // What is read before it is written shall not be zero by chance.
            "MALLOC_PERTURB_": "165",
            // A crash is an answer here; nobody reads its backtrace.
            "SWIFT_BACKTRACE": "enable=no",
        ]) { $1 }
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        do {
            try process.run()
        } catch {
            throw Stop(.internalFault, "\(path) cannot be checked: '\(executable)' does not start: \(error)")
        }
        // On a thread of its own: a child that dies early, or never reads, must not hold this one up.
        let writer = input.fileHandleForWriting
        Thread.detachNewThread {
            // A pipe that nobody reads is no reason to end this process.
            var pipeSignal = sigset_t()
            sigemptyset(&pipeSignal)
            sigaddset(&pipeSignal, SIGPIPE)
            pthread_sigmask(SIG_BLOCK, &pipeSignal, nil)
            try? writer.write(contentsOf: bytes)
            try? writer.close()
        }
        let timeout = timeout ?? .seconds(CheckGoldenCommand.seconds(bytes: bytes.count) + 60)
        let milliseconds = Int(timeout / .milliseconds(1))
        let isInTime = ended.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
        if !isInTime {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
        }
        func fault(_ message: String) -> [GoldenError.Fault] { [GoldenError.Fault(file: path, message: message)] }
        if !isInTime { return fault("is not to be read: libhdf5 was still at it after \(timeout)") }
        if process.terminationReason == .uncaughtSignal {
            return fault("is not to be read: \(Self.description(ofSignal: process.terminationStatus))")
        }
        // Bounded by what a pipe holds, so that it could be written while nobody read.
        let answer = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        guard process.terminationStatus == 0,
            let findings = try? JSONDecoder().decode([CheckGoldenCommand.Finding].self, from: answer)
        else {
            throw Stop(
                .internalFault,
                "\(path) cannot be checked: '\(executable) \(arguments.joined(separator: " "))' ended with status "
                    + "\(process.terminationStatus)")
        }
        return findings.map { GoldenError.Fault(file: path, caseID: $0.caseID, message: $0.message) }
    }

    /// What a signal says of the check that it ended.
    static func description(ofSignal signal: Int32) -> String {
        switch signal {
        case SIGXCPU, SIGALRM: "libhdf5 did not come to an end with it"
        default: "libhdf5 crashed on it (\(String(cString: strsignal(signal))))"
        }
    }

    /// The program that is running.
    private static var ownExecutable: String {
        #if os(Linux)
            "/proc/self/exe"
        #else
            Bundle.main.executablePath ?? CommandLine.arguments[0]
        #endif
    }
}
