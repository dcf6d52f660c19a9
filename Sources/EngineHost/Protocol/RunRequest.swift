internal import Conformance
internal import Convolution

/// One answer to be computed; the operands follow the line.
struct RunRequest: Codable, Hashable {
    /// The problem without its shapes, which the tensors carry.
    struct ProblemMessage: Codable, Hashable {
        /// None for the forward convolution.
        var operation: WireWord<Operation>?
        /// Height, width.
        var strides: [Int]
        /// Height, width.
        var dilations: [Int]
        var padding: String
        /// Top, bottom, left, right: resolved, also for SAME.
        var pads: [Int]
        var groups: Int
        var inputLayout: String
        var filterLayout: String
        /// By role; none where the operands are no whole numbers.
        var zeroPoints: [String: [Int]]?
        /// By role; none where the answer is not quantized.
        var scales: [String: [Float]]?

        enum CodingKeys: String, CodingKey {
            case operation, strides, dilations, padding, pads, groups, scales
            case inputLayout = "input_layout"
            case filterLayout = "filter_layout"
            case zeroPoints = "zero_points"
        }
    }

    var type = "run"
    var id: Int
    var problem: ProblemMessage
    var tensors: [TensorHeader]
    /// What is wanted; none for a float32 output, so that a request of one is what it always was.
    var answer: TensorHeader?

    init(id: Int, _ request: EngineRequest) {
        self.id = id
        problem = ProblemMessage(request)
        tensors = request.tensors.map { TensorHeader($0.role, $0.tensor) }
        let problem = request.problem
        if problem.isFloat32Forward { return }
        let role = problem.operation.answer
        let shape = problem.gradientShape.map { role.extents(of: $0, in: role.order(in: request.layouts)) }
        answer = TensorHeader(role, problem.answerType, shape: shape)
    }
}

extension RunRequest.ProblemMessage {
    fileprivate init(_ request: EngineRequest) {
        let problem = request.problem
        operation = problem.operation == .forward ? nil : WireWord(problem.operation)
        strides = [problem.strides.height, problem.strides.width]
        dilations = [problem.dilations.height, problem.dilations.width]
        padding = problem.padding.name
        pads = problem.pads.list
        groups = problem.groups
        inputLayout = request.layouts.activation.rawValue
        filterLayout = request.layouts.filter.rawValue
        guard let quantization = request.operands.quantization else { return }
        let parameters = Role.allCases.compactMap { role in quantization[role].map { (role.rawValue, $0) } }
        zeroPoints = Dictionary(uniqueKeysWithValues: parameters.map { ($0.0, $0.1.zeroPoints) })
        if quantization.output == nil { return }
        scales = Dictionary(uniqueKeysWithValues: parameters.map { ($0.0, $0.1.scales) })
    }
}

extension Problem {
    /// The shape of the answer where that is a gradient; `nil` for an output, whose shape an engine is not told.
    var gradientShape: Shape? {
        switch operation.answer {
        case .output: nil
        case .input: input
        case .filter: filter
        case .bias: [1, 1, 1, filter[3]]
        }
    }
}
