import Conformance
import Convolution
import ReferenceEngines

/// A convolution with its data, in logical memory order, and every engine's answer to it.
struct Call {
    var problem: Problem
    var input: Tensor<Float>
    var filter: Tensor<Float>
    var bias: [Float]?

    /// A problem with elements in logical memory order.
    init(_ problem: Problem, input: [Float], filter: [Float], bias: [Float]? = nil) {
        self.problem = problem
        self.problem.biasCount = bias?.count
        self.input = Tensor(shape: problem.input, elements: input)
        self.filter = Tensor(shape: problem.filter, elements: filter)
        self.bias = bias
    }

    /// A problem with elements drawn in the order of input, filter, bias.
    init(_ problem: Problem, drawing element: () -> Float) {
        self.init(
            problem, input: (0..<problem.input.count).map { _ in element() },
            filter: (0..<problem.filter.count).map { _ in element() },
            bias: problem.biasCount.map { (0..<$0).map { _ in element() } })
    }

    /// All combinations of layouts.
    static let layouts = Capabilities(
        inputLayouts: ActivationLayout.allCases, filterLayouts: FilterLayout.allCases
    ).layouts

    func output(of engine: any Engine, in layouts: LayoutPair = .golden) throws -> Tensor<Float> {
        try engine.convolve(
            problem, input: input.reordered(to: layouts.activation.order),
            filter: filter.reordered(to: layouts.filter.order), bias: bias)
    }

    /// The call as a golden case.
    func golden(_ data: CaseHeader.DataFamily, output: GoldenCase.Output?) -> GoldenCase {
        GoldenCase(
            header: CaseHeader(suite: "tests", name: "\(problem)", problem: problem, data: data),
            input: input, filter: filter, bias: bias, output: output)
    }

    /// The call as a golden case with its exact output.
    func exactGolden(_ data: CaseHeader.DataFamily) throws -> GoldenCase {
        let exact = try ExactReference().exactOutput(problem, input: input, filter: filter, bias: bias)
        return golden(data, output: .init(expected: exact.expected, magnitude: exact.magnitude))
    }
}

/// The built-in engines that add products, as arguments of tests.
enum BuiltInEngine: String, CaseIterable {
    case reference, direct, im2col

    var engine: any Engine {
        switch self {
        case .reference: ExactReference()
        case .direct: DirectEngine()
        case .im2col: Im2colEngine()
        }
    }
}
