import Conformance
import Convolution
import _TestSupport

enum Requests {
    /// The input that a child of ``PythonEngine/command(fault:)`` takes as its cue.
    static let faulty: Float = 13

    /// One product.
    static func product(_ input: Float, _ filter: Float) -> EngineRequest {
        request(Problem(input: [1, 1, 1, 1], filter: [1, 1, 1, 1]), input: [input], filter: [filter])
    }

    /// A 1x1 convolution of one image of one channel, with the weight 1: its output is its input.
    static func identity(height: Int, width: Int) -> EngineRequest {
        let problem = Problem(input: [1, height, width, 1], filter: [1, 1, 1, 1])
        var input = [Float](repeating: 0, count: height * width)
        for row in 0..<height { input[row * width] = Float(row) }
        return request(problem, input: input, filter: [1])
    }

    /// Distinct integers in every tensor.
    static func counting(_ problem: Problem, layouts: LayoutPair = .golden) -> EngineRequest {
        request(
            problem, input: (0..<problem.input.count).map { Float($0 % 17) - 5 },
            filter: (0..<problem.filter.count).map { Float($0 % 13) - 7 },
            bias: problem.biasCount.map { (0..<$0).map { Float(100 * $0) } }, layouts: layouts)
    }

    private static func request(
        _ problem: Problem, input: [Float], filter: [Float], bias: [Float]? = nil, layouts: LayoutPair = .golden
    ) -> EngineRequest {
        EngineRequest(
            problem: problem, input: Tensor(shape: problem.input, elements: input),
            filter: Tensor(shape: problem.filter, elements: filter), bias: bias, layouts: layouts)
    }
}

extension EngineAnswer {
    var tensor: AnyTensor? {
        if case .output(let tensor, _) = self { tensor } else { nil }
    }

    var output: Tensor<Float>? { tensor?.of(Float.self) }

    /// The verdict's word, and what was said.
    var words: (kind: String, text: String) {
        switch self {
        case .output(let tensor, _): ("output", "\(tensor.doubles.elements.prefix(10))")
        case .unsupported(let text): ("unsupported", text)
        case .rejected(let text): ("rejected", text)
        case .refused(let text): ("refused", text)
        case .error(let text): ("error", text)
        case .violation(.touchedOutside(let touch)): ("outside", "it \(touch)")
        case .violation(.changedOperand(let text)): ("changed", text)
        case .violation(.unwritten(let text)): ("unwritten", text)
        case .violation(let cause): ("violation", "\(cause)")
        case .crash(let text): ("crash", text)
        case .timeout(let text): ("timeout", text)
        }
    }
}
