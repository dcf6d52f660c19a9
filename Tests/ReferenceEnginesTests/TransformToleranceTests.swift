import Conformance
import Convolution
import ReferenceEngines
import Testing
import _TestSupport

/// What the tolerance of transform engines spares, and what it catches.
@Suite struct TransformTolerances {
    private func verdict(on output: Tensor<Float>, of engine: any Engine, to golden: GoldenCase) -> Verdict {
        Judge().verdict(on: .output(output), to: golden, capabilities: engine.capabilities)
    }

    /// A huge input that no window sees is in no output's magnitude, but a transform mixes it in all the same.
    @Test func aHugeInputBetweenTheWindowsIsAllowedFor() throws {
        var random = RandomNumbers(seed: 37)
        var call = Call(Problem(input: [1, 9, 11, 1], filter: [2, 1, 1, 2], strides: Extent(height: 3, width: 2))) {
            random.real()
        }
        call.input[0, 2, 3, 0] = 0x1p24
        let golden = try call.exactGolden(.real)
        let direct = try call.output(of: DirectEngine())
        let output = try call.output(of: FFTEngine())
        let error = zip(output.elements, direct.elements).map { abs($0 - $1) }.max() ?? 0
        let largest = try #require(golden.output).magnitude.elements.max() ?? 0
        #expect(error > 1024 * 0x1p-24 * largest, "the huge input leaves no error: \(error)")
        let verdict = verdict(on: output, of: FFTEngine(), to: golden)
        #expect(verdict.status == .pass, "\(verdict)")
    }

    /// The same in a corner that only a small weight sees.
    @Test(arguments: TransformEngine.allCases)
    func aHugeInputUnderASmallWeightIsAllowedFor(engine: TransformEngine) throws {
        var random = RandomNumbers(seed: 38)
        var call = Call(Problem(input: [1, 8, 9, 1], filter: [3, 3, 1, 1])) { random.real() }
        call.input[0, 0, 0, 0] = 0x1p24
        call.filter[0, 0, 0, 0] = 0x1p-24
        let verdict = try verdict(on: call.output(of: engine.engine), of: engine.engine, to: call.exactGolden(.real))
        #expect(verdict.status == .pass, "\(verdict)")
    }

    /// Subnormal inputs under large weights: the transform of the input rounds in the subnormal range, the output is
    /// normal.
    @Test(arguments: TransformEngine.allCases)
    func subnormalInputsUnderLargeWeightsAreAllowedFor(engine: TransformEngine) throws {
        var random = RandomNumbers(seed: 40)
        var call = Call(Problem(input: [1, 8, 9, 2], filter: [3, 3, 2, 2])) { random.real() }
        call.input.elements = call.input.elements.map { $0 * 0x1p-145 }
        call.filter.elements = call.filter.elements.map { $0 * 0x1p60 }
        let verdict = try verdict(on: call.output(of: engine.engine), of: engine.engine, to: call.exactGolden(.special))
        #expect(verdict.status == .pass, "\(verdict)")
    }

    /// Transforms that flush subnormal numbers, here all of the input, are right too.
    @Test(arguments: TransformEngine.allCases)
    func flushedInputsAreAllowedFor(engine: TransformEngine) throws {
        var random = RandomNumbers(seed: 42)
        var call = Call(Problem(input: [1, 8, 9, 2], filter: [3, 3, 2, 2])) { random.real() }
        call.input.elements = call.input.elements.map { $0 * 0x1p-127 }
        call.filter.elements = call.filter.elements.map { $0 * 0x1p60 }
        let golden = try call.exactGolden(.special)
        call.input.elements = call.input.elements.map { _ in 0 }
        let verdict = try verdict(on: call.output(of: engine.engine), of: engine.engine, to: golden)
        #expect(verdict.status == .pass, "\(verdict)")
    }

    /// One fault each, around an engine that is right.
    enum Fault: String, CaseIterable {
        case inputsInTF32, inputsInBFloat16, outputInHalf, lastChannelDropped, lastTapDropped, lastColumnRepeated
        case lastTileZero, filtersSwapped

        /// Whether it changes what integers of few bits give.
        var showsOnIntegers: Bool { ![.inputsInTF32, .inputsInBFloat16].contains(self) }

        func output(of call: Call, _ engine: any Engine) throws -> Tensor<Float> {
            var call = call
            let (kernel, channels) = ((call.problem.filter[0], call.problem.filter[1]), call.problem.filter[2])
            switch self {
            case .inputsInTF32: call.round(toBits: 11)
            case .inputsInBFloat16: call.round(toBits: 8)
            case .lastChannelDropped:
                call.filter = Tensor(shape: call.filter.shape) { $2 == channels - 1 ? 0 : call.filter[$0, $1, $2, $3] }
            case .lastTapDropped:
                call.filter[kernel.0 - 1, kernel.1 - 1, channels - 1, 0] = 0
            default: break
            }
            let right = try call.output(of: engine)
            let (rows, columns, filters) = (right.shape[1], right.shape[2], right.shape[3])
            return Tensor(shape: right.shape) { n, y, x, f in
                switch self {
                case .outputInHalf: Float(Float16(right[n, y, x, f] / 16)) * 16
                case .lastColumnRepeated: right[n, y, min(x, columns - 2), f]
                case .lastTileZero: y == rows - 1 && x == columns - 1 ? 0 : right[n, y, x, f]
                case .filtersSwapped: right[n, y, x, (f + 1) % filters]
                default: right[n, y, x, f]
                }
            }
        }
    }

    @Test(arguments: Fault.allCases, TransformEngine.allCases)
    func oneFaultIsCaught(fault: Fault, engine: TransformEngine) throws {
        var random = RandomNumbers(seed: 39)
        for (channels, data) in [(1, CaseHeader.DataFamily.real), (1, .integer), (40, .real), (40, .integer)] {
            if data == .integer, !fault.showsOnIntegers { continue }
            let problem = Problem(input: [1, 9, 11, channels], filter: [3, 3, channels, 2], padding: .sameUpper)
            let call = Call(problem) { data == .integer ? random.integer(100) : random.real() }
            let golden = try call.exactGolden(data)
            #expect(verdict(on: try call.output(of: engine.engine), of: engine.engine, to: golden).status == .pass)
            let verdict = verdict(on: try fault.output(of: call, engine.engine), of: engine.engine, to: golden)
            #expect(verdict.status == .fail, "\(channels) channels, \(data): \(verdict.comparison?.ratio ?? 0)")
        }
    }
}

extension Call {
    /// Rounds input and filter to so many significant bits, to nearest.
    fileprivate mutating func round(toBits bits: Int) {
        func rounded(_ number: Float) -> Float {
            let unit = UInt32(1) << UInt32(24 - bits)
            return Float(bitPattern: (number.bitPattern &+ unit / 2) & ~(unit - 1))
        }
        input.elements = input.elements.map(rounded)
        filter.elements = filter.elements.map(rounded)
    }
}
