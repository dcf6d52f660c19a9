import Conformance
import Convolution
import Testing

@testable import FaultyEngines

@Suite struct FaultBankTests {
    @Test func theBankIsLarge() {
        #expect(Fault.all.count >= 300)
    }

    @Test func namesAreUniqueAndKebabCase() {
        let names = Fault.all.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(name)")
        }
    }

    @Test(arguments: FaultClass.allCases) func everyClassIsPopulated(faultClass: FaultClass) {
        #expect(Fault.all.count { $0.faultClass == faultClass } >= 8)
    }

    @Test func everyFaultSaysInOneSentenceWhatGoesWrong() {
        for fault in Fault.all {
            let summary = fault.summary
            #expect(summary.hasSuffix(".") && summary.count > 20 && summary.count < 140, "\(fault.name)")
        }
    }

    @Test func sourcesNameAProjectAndANumber() {
        for fault in Fault.all {
            guard let source = fault.source else { continue }
            let parts = source.split(separator: "#")
            #expect(parts.count == 2 && Int(parts[1]) != nil, "\(fault.name): \(source)")
        }
    }

    @Test func ofEachIsKnownWhatIsResponsible() {
        for fault in Fault.all {
            #expect(!fault.responsible.isEmpty && !fault.responsible.contains([]), "\(fault.name)")
        }
    }

    @Test func aFaultIsFoundByItsName() {
        #expect(Fault.named("tf32-factors")?.faultClass == .numerics)
        #expect(Fault.named("no-such-fault") == nil)
    }

    /// A fault changes what it says, and nothing else: beside its trigger the output is right in every bit.
    @Test(arguments: [
        ("last-channel-of-sixteen-and-one", 17, 17, true), ("last-channel-of-sixteen-and-one", 16, 16, false),
        ("last-channel-of-sixteen-and-one", 18, 18, false), ("last-channel-of-sixteen-and-one", 17, 1, false),
        ("depthwise-multiples-of-24", 24, 24, true), ("depthwise-multiples-of-24", 23, 23, false),
        ("depthwise-multiples-of-24", 25, 25, false), ("channels-beyond-fours", 5, 1, true),
        ("channels-beyond-fours", 8, 1, false), ("group-offset-missing", 6, 2, true),
        ("group-offset-missing", 6, 1, false),
    ]) func aFaultShowsAtItsTriggerAlone(name: String, channels: Int, groups: Int, shows: Bool) throws {
        let fault = try #require(Fault.named(name))
        let problem = Problem(
            input: [1, 4, 5, channels], filter: [3, 3, channels / groups, channels], groups: groups)
        let golden = try GoldenCase.drawn(problem)
        let output = try FaultyEngine(fault).convolve(problem, input: golden.input, filter: golden.filter, bias: nil)
        let right = try FaultyEngine(nil).convolve(problem, input: golden.input, filter: golden.filter, bias: nil)
        #expect((output != right) == shows)
    }

    /// Faults of sizes show at the size with the feature, and neither one below the size nor without the feature.
    @Test(arguments: [
        (
            "filters-behind-64-dilated", Problem.of([1, 5, 6, 2], (2, 2), to: 65, dilation: 2),
            [Problem.of([1, 5, 6, 2], (2, 2), to: 64, dilation: 2), .of([1, 5, 6, 2], (2, 2), to: 65)]
        ),
        (
            "batch-behind-sixteen-without-bias", .of([17, 2, 3, 2], (1, 1), to: 2, bias: true),
            [.of([16, 2, 3, 2], (1, 1), to: 2, bias: true), .of([17, 2, 3, 2], (1, 1), to: 2)]
        ),
        (
            "kernel-height-ten", .of([1, 12, 6, 2], (10, 2), to: 2),
            [.of([1, 12, 6, 2], (9, 2), to: 2), .of([1, 12, 6, 2], (11, 2), to: 2)]
        ),
        (
            "depthwise-from-seven", .of([1, 9, 9, 2], (7, 7), to: 2, groups: 2),
            [.of([1, 9, 9, 2], (6, 7), to: 2, groups: 2), .of([1, 9, 9, 2], (7, 7), to: 2)]
        ),
        (
            "many-groups-of-four-channels", .of([1, 2, 3, 128], (1, 1), to: 32, groups: 32),
            [.of([1, 2, 3, 124], (1, 1), to: 31, groups: 31), .of([1, 2, 3, 96], (1, 1), to: 32, groups: 32)]
        ),
        (
            "rows-behind-128-strided", .of([1, 257, 2, 1], (1, 1), to: 1, stride: 2),
            [.of([1, 256, 2, 1], (1, 1), to: 1, stride: 2), .of([1, 257, 2, 1], (1, 1), to: 1)]
        ),
        (
            "grouped-products-behind-512", .of([1, 2, 3, 514], (1, 2), to: 2, groups: 2),
            [.of([1, 2, 3, 512], (1, 2), to: 2, groups: 2), .of([1, 2, 3, 514], (1, 2), to: 2)]
        ),
        (
            "causal-pad-undilated", .of([1, 1, 9, 2], (1, 3), to: 2, dilation: 2, padding: .pads(0, 0, 4, 0)),
            [
                .of([1, 1, 9, 2], (1, 3), to: 2, padding: .pads(0, 0, 2, 0)),
                .of([1, 2, 9, 2], (1, 3), to: 2, dilation: 2, padding: .pads(0, 0, 4, 0)),
            ]
        ),
        (
            "crop-counted-in-strides", .of([1, 9, 9, 2], (2, 2), to: 2, stride: 2, padding: .pads(-1, 0, 0, 0)),
            [
                .of([1, 9, 9, 2], (2, 2), to: 2, padding: .pads(-1, 0, 0, 0)),
                .of([1, 9, 9, 2], (2, 2), to: 2, stride: 2),
            ]
        ),
    ]) func aFaultOfSizesShowsAtSizeAndFeatureAlone(name: String, met: Problem, spared: [Problem]) throws {
        let fault = try #require(Fault.named(name))
        func shows(_ problem: Problem) throws -> Bool {
            let golden = try GoldenCase.drawn(problem)
            func output(_ fault: Fault?) throws -> Tensor<Float> {
                try FaultyEngine(fault).convolve(
                    problem, input: golden.input, filter: golden.filter, bias: golden.bias)
            }
            return try output(fault) != output(nil)
        }
        #expect(try shows(met))
        for problem in spared { #expect(try !shows(problem), "\(problem)") }
    }

    @Test func theCornerFaultsAreAsNarrowAsTheySay() throws {
        let last = try #require(Fault.named("right-edge-of-last-tile"))
        let problem = Problem(input: [1, 4, 8, 2], filter: [2, 3, 2, 3])
        let golden = try GoldenCase.drawn(problem)
        let output = try FaultyEngine(last).convolve(problem, input: golden.input, filter: golden.filter, bias: nil)
        let right = try FaultyEngine(nil).convolve(problem, input: golden.input, filter: golden.filter, bias: nil)
        for y in 0..<3 {
            for x in 0..<6 {
                for f in 0..<3 where x < 5 { #expect(output[0, y, x, f] == right[0, y, x, f]) }
            }
        }
        #expect((0..<3).contains { output[0, 0, 5, $0] != right[0, 0, 5, $0] })
    }

    /// A fault gives a wrong answer; it does not end the run.
    @Test(arguments: [
        Problem(input: [0, 4, 5, 2], filter: [3, 3, 2, 2]),
        Problem(input: [1, 4, 5, 0], filter: [3, 3, 0, 4], biasCount: 4, groups: 2),
        Problem(input: [2, 4, 5, 4], filter: [3, 3, 2, 0], biasCount: 0, groups: 2),
        Problem(input: [1, 0, 5, 2], filter: [2, 2, 2, 2], padding: .pads(2, 2, 1, 1)),
        Problem(input: [1, 0, 0, 2], filter: [2, 2, 2, 2], padding: .sameUpper),
        Problem(input: [1, 6, 7, 4], filter: [2, 3, 1, 8], padding: .pads(-1, -2, -1, 0), groups: 4),
        Problem(input: [1, 4, 5, 2], filter: [1, 1, 2, 2], strides: Extent(height: 9, width: 7)),
        Problem(input: [1, 1 << 40, 1 << 40, 1], filter: [1, 1, 1, 1]),
        Problem(input: [1, 3, 3, 1], filter: [1 << 40, 1, 1, 1], dilations: Extent(height: 1 << 40, width: 1)),
        Problem(input: [1, 3, 3, 3], filter: [1, 1, 1, 3], strides: Extent(height: 0, width: -1), groups: 2),
    ]) func noFaultTrapsOnAnOddProblem(problem: Problem) throws {
        func ones(_ shape: Shape) -> Tensor<Float> {
            Tensor(repeating: 1, shape: shape.checkedCount ?? .max > 1 << 20 ? [0, 0, 0, 0] : shape)
        }
        let (input, filter) = (ones(problem.input), ones(problem.filter))
        let bias = problem.biasCount.map { [Float](repeating: 1, count: $0) }
        for fault in Fault.all {
            let output = try? FaultyEngine(fault).convolve(problem, input: input, filter: filter, bias: bias)
            #expect((output?.shape.count ?? 0) < 1000, "\(fault.name)")
        }
    }
}
