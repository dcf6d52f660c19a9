// A well-behaved child for the tests: an engine that prints where it should not, and declines some problems.
import Conformance
import Convolution
import EngineHost
import Foundation
import _TestSupport

struct TextbookEngine: Engine {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    var version: String { "1.5" }

    var capabilities: Capabilities {
        Capabilities(
            inputLayouts: ActivationLayout.allCases, filterLayouts: FilterLayout.allCases, groups: false,
            negativePads: true, arithmetic: .bfloat16)
    }

    func computation(of problem: Problem) -> Computation {
        Computation(
            algorithm: .winograd, tile: Extent(height: 2, width: 6), arithmetic: .float32,
            implementation: "textbook, stride \(problem.strides)")
    }

    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        print("computing \(problem)")
        puts("and C says so too")
        let geometry = try problem.geometry()
        if geometry.groups > 1 { throw EngineRefusal.unsupported("no groups today") }
        if geometry.strides.height == 7 { throw EngineRefusal.refused("no room for a stride of 7") }
        if geometry.dilations != .one { throw Failure(description: "dilations overheat it") }
        return Tensor(shape: geometry.outputShape) { n, y, x, f in
            var sum = bias?[f] ?? 0
            for ky in 0..<geometry.kernelHeight {
                guard let row = geometry.inputRow(y, ky) else { continue }
                for kx in 0..<geometry.kernelWidth {
                    guard let column = geometry.inputColumn(x, kx) else { continue }
                    for c in 0..<geometry.channels {
                        sum += input[n, row, column, c] * filter[ky, kx, c, f]
                    }
                }
            }
            return sum
        }
    }
}

/// One product, but where the input is 13 it does what its name says.
struct MisbehavingEngine: Engine {
    static let names = [
        "fatal error", "index out of range", "exit", "hang", "runaway memory", "print", "changes its input",
    ]

    let name: String

    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        if input.elements[0] == 13 { misbehave(input.elements) }
        if input.elements[0] == 13, name == "changes its input" {
            input.elements.withUnsafeBufferPointer { UnsafeMutablePointer(mutating: $0.baseAddress!)[0] = 0 }
        }
        return Tensor(shape: [1, 1, 1, 1], elements: [input.elements[0] * filter.elements[0]])
    }

    private func misbehave(_ elements: [Float]) {
        switch name {
        case "fatal error": fatalError("too hot")
        case "index out of range": print(elements[elements.count])
        case "exit": exit(3)
        case "hang": while true { sleep(1) }
        case "runaway memory":
            var memory: [[Float]] = []
            while true { memory.append([Float](repeating: 1, count: 1 << 20)) }
        default:
            print("so hot")
            write(STDOUT_FILENO, "and raw\n", 8)
        }
    }
}

/// Every operation and type by the definition, or an answer of another type or shape.
struct EveryType: Engine {
    static let names = ["every type", "answers in float64", "answers with a matrix"]

    let name: String

    var capabilities: Capabilities { .everything }

    func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
        -> Tensor<Float>
    {
        throw EngineRefusal.unsupported("it was not asked by 'compute'")
    }

    func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
        let answer = try definition(problem, operands)
        return switch name {
        case "answers in float64": .float64(answer.doubles)
        case "answers with a matrix":
            AnyTensor(nearest: answer.doubles.elements, type: answer.type, shape: [1, 1, 2, answer.count / 2])
        default: answer
        }
    }
}

if CommandLine.arguments.dropFirst().first == "worker" {
    // As a program may that greets its user before anything else.
    print("welcome")
    let name = CommandLine.arguments[2]
    do {
        try serveAsWorker(named: name) {
            if name == "unmade" { throw TextbookEngine.Failure(description: "no device") }
            if EveryType.names.contains(name) { return EveryType(name: name) }
            return MisbehavingEngine.names.contains(name) ? MisbehavingEngine(name: name) : TextbookEngine()
        }
        exit(0)
    } catch {
        exit(3)
    }
}

switch CommandLine.arguments.dropFirst().first {
case nil:
    do {
        try serve(TextbookEngine(), named: "textbook")
    } catch {
        FileHandle.standardError.write(Data("served-engine: \(error)\n".utf8))
        exit(70)
    }
case let name? where EveryType.names.contains(name):
    do {
        try serve(EveryType(name: name), named: name)
    } catch {
        FileHandle.standardError.write(Data("served-engine: \(error)\n".utf8))
        exit(70)
    }
case let library? where library.hasPrefix(EngineLibrary.prefix):
    do {
        try serveAsWorker(EngineLibrary(String(library.dropFirst(EngineLibrary.prefix.count))))
    } catch {
        exit(3)
    }
case "sessions":
    // Opens as many sessions as the host has room for, and says how many descriptors are left.
    let engine = try CommandEngine(EngineCommand(CommandLine.arguments[2]))
    var sessions: [any EngineSession] = []
    do throws(EngineStartError) {
        while true { sessions.append(try engine.openSession()) }
    } catch {
        var left = 0
        while dup(0) >= 0 { left += 1 }
        print("\(sessions.count) sessions, \(left) left, shortage \(error.isShortage): \(error)")
    }
case let ending?:
    // Ends, as a run does that is cut off, while a child still lives.
    let engine = try CommandEngine(EngineCommand(CommandLine.arguments[2]))
    // The child tells of itself in this file, once it hangs.
    if let list = ProcessInfo.processInfo.environment["PIDS"] {
        while (try? String(contentsOfFile: list, encoding: .utf8).hasSuffix("\n")) != true { usleep(1000) }
    }
    withExtendedLifetime(engine) {
        switch ending {
        case "exit": exit(130)
        case "_exit": _exit(130)
        default:
            // Whoever started the tests may have blocked or ignored the signal, and a child inherits that.
            var none = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, nil)
            let number = Int32(ending) ?? SIGKILL
            signal(number, SIG_DFL)
            kill(getpid(), number)
            sleep(10)
        }
    }
}
