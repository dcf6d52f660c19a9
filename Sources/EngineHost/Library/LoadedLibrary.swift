internal import CChildProcess
internal import CConvcheckEngine
internal import Conformance
internal import Convolution
internal import Glibc

/// A shared library in this process, as an engine.
final class LoadedLibrary: Engine {
    typealias Capable = @convention(c) (UnsafePointer<CChar>?) -> UnsafePointer<CChar>?
    typealias Convolve = @convention(c) (UnsafePointer<convcheck_request>?) -> convcheck_status

    let name: String
    let version: String
    let capabilities: Capabilities
    let configuration: ConfigurationMessage?
    /// How tensors lie that the library is given or fills.
    var layouts = LayoutPair.golden
    /// How often the request has been asked before, as what views, and by what number.
    var attempt = 0
    var view = TensorView.dense
    var identity = 0
    private let engine: String
    private let convolve: Convolve
    private var lastComputation = Computation()

    /// Loads a library and asks it what it can do. It stays loaded: what it has started may still run.
    ///
    /// - Throws: ``LibraryFailure`` where the file is not a library, lacks a function, has another ABI version, has no engine of
    ///   the name, or declares what is not known.
    init(_ library: EngineLibrary) throws(LibraryFailure) {
        let process = getpid()
        let symbols = try LibrarySymbols(path: library.path)
        endCopy(of: process)
        let capable = unsafeBitCast(symbols.capabilities, to: Capable.self)
        convolve = unsafeBitCast(symbols.convolve, to: Convolve.self)
        engine = library.engine
        let greeting = try LoadedLibrary.greeting(of: library.engine, capable)
        endCopy(of: process)
        name = greeting.name ?? library.usualName
        version = greeting.version ?? ""
        capabilities = greeting.capabilities?.capabilities ?? Capabilities()
        configuration = greeting.configuration
    }

    private static func greeting(of engine: String, _ capable: Capable) throws(LibraryFailure) -> LibraryGreeting {
        let function = LibrarySymbols.capabilitiesName
        guard let text = capable(engine) else {
            throw LibraryFailure(
                engine.isEmpty
                    ? "it has no engine without a name (\(function)(\"\") returned NULL); expected lib:PATH#NAME"
                    : "it has no engine '\(engine)': \(function)(\"\(engine)\") returned NULL")
        }
        let length = strnlen(text, MessageChannel.longestLine)
        if length == MessageChannel.longestLine {
            throw LibraryFailure("what \(function) returned has no end within \(length) bytes")
        }
        let bytes = UnsafeRawBufferPointer(start: text, count: length)
        do throws(ExchangeFailure) {
            return try Wire.message(
                LibraryGreeting.self, in: Array(bytes),
                expected: #"a greeting, such as {"engine":{"name":"mine"},"capabilities":{"groups":false}}"#)
        } catch {
            throw LibraryFailure("from \(function) \(error.text)")
        }
    }

    func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let operands = Operands(input: input, filter: filter, bias: bias)
        guard case .float32(let output) = try compute(problem, operands) else {
            throw LibraryFailure("an output in float32 was asked for, and is none")
        }
        return output
    }

    func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
        var request = EngineRequest(problem: problem, operands: operands, layouts: layouts)
        (request.attempt, request.view) = (attempt, view)
        let call = try LibraryCall(engine, request, alignment: capabilities.alignment)
        let process = getpid()
        cguard_watch(Int64(identity))
        let status = call.perform(convolve)
        endCopy(of: process)
        if let damage = call.damage { throw EngineViolation(damage) }
        switch status {
        case CONVCHECK_DONE: lastComputation = try call.computation()
        case CONVCHECK_UNSUPPORTED: throw EngineRefusal.unsupported(call.message ?? "no reason given")
        case CONVCHECK_REJECTED: throw EngineRefusal.rejected(call.message ?? "no reason given")
        case CONVCHECK_REFUSED: throw EngineRefusal.refused(call.message ?? "no reason given")
        case CONVCHECK_ERROR: throw LibraryFailure(call.message ?? "no message given")
        default:
            throw LibraryFailure(
                "it returned \(status), expected CONVCHECK_DONE (0), UNSUPPORTED (1), REJECTED (2), REFUSED (3) or ERROR (4)"
            )
        }
        return try call.tensor()
    }

    func computation(of problem: Problem) -> Computation { lastComputation }
}

/// Ends this process where it is a copy of another, made by a library that then returned in both: only one may speak.
private func endCopy(of process: pid_t) {
    if getpid() != process { _exit(0) }
}

/// Why a library cannot be used, or what it did wrong.
struct LibraryFailure: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
