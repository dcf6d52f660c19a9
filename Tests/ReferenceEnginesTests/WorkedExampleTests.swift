import Convolution
import Testing
import _TestSupport

/// Convolutions whose output was published, on each engine and in each layout.
@Suite struct WorkedExamples {
    private func expect(
        _ call: Call, _ engine: BuiltInEngine, _ output: [Float], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for layouts in Call.layouts {
            let got = try call.output(of: engine.engine, in: layouts)
            #expect(got.reordered(to: .logical).elements == output, "\(layouts)", sourceLocation: sourceLocation)
        }
    }

    /// As TensorFlow prints it, to eight decimals.
    @Test(arguments: BuiltInEngine.allCases)
    func scaledImage(engine: BuiltInEngine) throws {
        let call = Call(
            Problem(input: [1, 2, 2, 1], filter: [1, 1, 1, 1], padding: .sameUpper),
            input: [1.60314465, -0.55022103, 0.00595062, -0.69889867], filter: [-0.59594476])
        let printed = [-0.95538563, 0.32790133, -0.00354624, 0.41650501]
        for layouts in Call.layouts {
            let got = try call.output(of: engine.engine, in: layouts).elements
            #expect(zip(got, printed).allSatisfy { abs(Double($0) - $1) <= 0.5e-8 }, "\(got)")
            #expect(got.count == 4)
        }
    }

    @Test(arguments: BuiltInEngine.allCases)
    func smallFilter(engine: BuiltInEngine) throws {
        let call = Call(
            Problem(input: [1, 4, 4, 1], filter: [3, 3, 1, 1]),
            input: [4, 3, 1, 0, 2, 1, 0, 1, 1, 2, 4, 1, 3, 1, 0, 2], filter: [1, 0, 1, 2, 1, 0, 0, 0, 1])
        try expect(call, engine, [14, 6, 6, 12])
    }

    /// The operation is a cross-correlation: a flipped filter gives the strict convolution.
    @Test(arguments: BuiltInEngine.allCases)
    func filtersAreNotFlipped(engine: BuiltInEngine) throws {
        let problem = Problem(input: [1, 3, 3, 1], filter: [2, 2, 1, 1])
        let input = (0...8).map(Float.init)
        try expect(Call(problem, input: input, filter: [0, 1, 2, 3]), engine, [19, 25, 37, 43])
        try expect(Call(problem, input: input, filter: [3, 2, 1, 0]), engine, [5, 11, 23, 29])
    }

    @Test(arguments: BuiltInEngine.allCases)
    func verticalEdges(engine: BuiltInEngine) throws {
        let row: [Float] = [1, 1, 0, 0, 0, 0, 1, 1]
        let image = Call(
            Problem(input: [1, 6, 8, 1], filter: [1, 2, 1, 1]), input: Array(repeatElement(row, count: 6).joined()),
            filter: [1, -1])
        try expect(image, engine, Array(repeatElement([0, 1, 0, 0, 0, -1, 0], count: 6).joined()))
        let transposed = Call(
            Problem(input: [1, 8, 6, 1], filter: [1, 2, 1, 1]),
            input: row.flatMap { [Float](repeating: $0, count: 6) }, filter: [1, -1])
        try expect(transposed, engine, [Float](repeating: 0, count: 8 * 5))
    }

    @Test(arguments: BuiltInEngine.allCases)
    func horizontalGradient(engine: BuiltInEngine) throws {
        let (input, filter) = ((1...16).map(Float.init), [1, 0, -1, 1, 0, -1, 1, 0, -1] as [Float])
        let valid = Problem(input: [1, 4, 4, 1], filter: [3, 3, 1, 1])
        try expect(Call(valid, input: input, filter: filter), engine, [-6, -6, -6, -6])
        var same = valid
        same.padding = .sameUpper
        let output: [Float] = [-8, -4, -4, 10, -18, -6, -6, 21, -30, -6, -6, 33, -24, -4, -4, 26]
        try expect(Call(same, input: input, filter: filter), engine, output)
    }

    @Test(arguments: BuiltInEngine.allCases)
    func layerAddsTheBiasOfEachFilter(engine: BuiltInEngine) throws {
        // Both filters at once, innermost as HWIO has them.
        let call = Call(
            Problem(input: [1, 3, 3, 1], filter: [2, 2, 1, 2]), input: (0...8).map(Float.init),
            filter: [0, 3, 1, 2, 2, 1, 3, 0], bias: [-20, 100])
        try expect(call, engine, [-1, 105, 5, 111, 17, 123, 23, 129])
    }
}
