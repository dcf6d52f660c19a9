import Conformance
import Convolution
import Testing
import _TestSupport

/// Extents of zero, kernels as large as the padded input, croppings, and problems without an output.
@Suite struct DegenerateProblems {
    private func expect(
        _ call: Call, _ engine: BuiltInEngine, shape: Shape, _ elements: [Float],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for layouts in Call.layouts {
            let got = try call.output(of: engine.engine, in: layouts)
            #expect(got.shape == shape, "\(layouts)", sourceLocation: sourceLocation)
            #expect(got.reordered(to: .logical).elements == elements, "\(layouts)", sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: BuiltInEngine.allCases)
    func emptyBatch(engine: BuiltInEngine) throws {
        let call = Call(Problem(input: [0, 5, 4, 2], filter: [2, 3, 2, 3], biasCount: 3)) { 1 }
        try expect(call, engine, shape: [0, 4, 2, 3], [])
    }

    /// Neither the rows nor the patches of an output without elements are counted through.
    @Test(arguments: BuiltInEngine.allCases, [[0, 1 << 62, 1 << 62, 1], [1 << 62, 0, 1 << 62, 1]] as [Shape])
    func emptyOutputOfHugeExtent(engine: BuiltInEngine, input: Shape) throws {
        let problem = Problem(input: input, filter: [2, 3, 1, 2], padding: .sameUpper)
        let call = Call(problem, input: [], filter: [Float](repeating: 1, count: 12))
        try expect(call, engine, shape: [input[0], input[1], input[2], 2], [])
    }

    @Test(arguments: BuiltInEngine.allCases)
    func rowsOfPaddingOnly(engine: BuiltInEngine) throws {
        let pads = Pads(top: 2, bottom: 1, left: 0, right: 0)
        let problem = Problem(input: [1, 0, 3, 2], filter: [2, 2, 2, 2], padding: .explicit(pads))
        try expect(Call(problem) { 7 }, engine, shape: [1, 2, 2, 2], [Float](repeating: 0, count: 8))
        let biased = Call(problem, input: [], filter: [Float](repeating: 7, count: 16), bias: [3, -4])
        try expect(biased, engine, shape: [1, 2, 2, 2], [3, -4, 3, -4, 3, -4, 3, -4])
    }

    @Test(arguments: BuiltInEngine.allCases)
    func noChannels(engine: BuiltInEngine) throws {
        let call = Call(Problem(input: [1, 2, 3, 0], filter: [2, 2, 0, 2]), input: [], filter: [], bias: [0.5, -3])
        try expect(call, engine, shape: [1, 1, 2, 2], [0.5, -3, 0.5, -3])
    }

    @Test(arguments: BuiltInEngine.allCases)
    func noFilters(engine: BuiltInEngine) throws {
        let call = Call(Problem(input: [1, 2, 3, 2], filter: [2, 2, 2, 0], groups: 2)) { 1 }
        #expect(throws: InvalidProblem.self) { try call.output(of: engine.engine) }
        try expect(
            Call(Problem(input: [1, 2, 3, 2], filter: [2, 2, 1, 0], biasCount: 0, groups: 2)) { 1 }, engine,
            shape: [1, 1, 2, 0], [])
    }

    @Test(arguments: BuiltInEngine.allCases)
    func kernelAsLargeAsThePaddedInput(engine: BuiltInEngine) throws {
        let pads = Pads(top: 1, bottom: 0, left: 0, right: 1)
        let call = Call(
            Problem(input: [1, 2, 2, 1], filter: [3, 3, 1, 1], padding: .explicit(pads)),
            input: [1, 2, 3, 4], filter: [9, 9, 9, 10, 100, 9, 1000, 10000, 9])
        try expect(call, engine, shape: [1, 1, 1, 1], [43210])
    }

    @Test(arguments: BuiltInEngine.allCases)
    func padsLargerThanTheKernel(engine: BuiltInEngine) throws {
        let pads = Pads(top: 0, bottom: 0, left: 3, right: 4)
        let call = Call(
            Problem(input: [1, 1, 2, 1], filter: [1, 2, 1, 1], padding: .explicit(pads)),
            input: [1, 2], filter: [10, 100], bias: [5])
        try expect(call, engine, shape: [1, 1, 8, 1], [5, 5, 105, 215, 25, 5, 5, 5])
    }

    @Test(arguments: BuiltInEngine.allCases)
    func strideLargerThanTheInput(engine: BuiltInEngine) throws {
        let problem = Problem(
            input: [1, 2, 2, 1], filter: [1, 1, 1, 1], strides: Extent(height: .max, width: 5))
        try expect(Call(problem, input: [1, 2, 3, 4], filter: [3]), engine, shape: [1, 1, 1, 1], [3])
    }

    @Test(arguments: BuiltInEngine.allCases)
    func negativePadsCrop(engine: BuiltInEngine) throws {
        let pads = Pads(top: -1, bottom: 0, left: 1, right: -2)
        let call = Call(
            Problem(input: [1, 2, 3, 1], filter: [1, 2, 1, 1], padding: .explicit(pads)),
            input: [1, 2, 3, 4, 5, 6], filter: [10, 1])
        try expect(call, engine, shape: [1, 1, 1, 1], [4])
    }

    @Test(arguments: BuiltInEngine.allCases)
    func invalidProblemsAreRejected(engine: BuiltInEngine) throws {
        let call = Call(Problem(input: [1, 3, 3, 2], filter: [2, 2, 2, 2])) { 1 }
        let changes: [(inout Problem) -> Void] = [
            { $0.groups = 0 }, { $0.groups = 2 }, { $0.strides.width = 0 }, { $0.dilations.height = 0 },
            { $0.dilations.width = 3 }, { $0.biasCount = 2 }, { $0.input = [1, 3, 4, 2] },
            { $0.filter = [2, 2, 2, 3] },
        ]
        _ = try call.output(of: engine.engine)
        for change in changes {
            var changed = call
            change(&changed.problem)
            #expect(throws: InvalidProblem.self, "\(changed.problem)") { try changed.output(of: engine.engine) }
        }
    }
}
