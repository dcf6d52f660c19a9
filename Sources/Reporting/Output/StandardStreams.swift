internal import SystemPackage

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// What the process was started with: standard input, output and error.
public enum StandardStreams {
    /// Makes writing to them safe: to a closed pipe is an error instead of the end of the process, and to a closed stream
    /// never lands in a file that was given its number.
    ///
    /// To be called before any file is opened.
    public static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        for stream in [FileDescriptor.standardInput, .standardOutput, .standardError]
        where (try? stream.stat()) == nil {
            // The lowest free number is the stream's. Reading from an output fails, and so does writing to an input, which
            // is what a closed one does.
            let isOutput = stream == .standardOutput
            _ = try? FileDescriptor.open("/dev/null", isOutput ? .readOnly : .writeOnly)
        }
    }

    /// Whether standard output is a terminal.
    public static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// The columns of the terminal at standard output, or `nil` where there is none or it does not say.
    public static var columns: Int? {
        var size = winsize()
        guard outputIsTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes to standard error, as far as it goes: there is nobody to tell of a failure.
    public static func writeError(_ text: String) {
        _ = try? FileDescriptor.standardError.writeAll(text.utf8)
    }
}
