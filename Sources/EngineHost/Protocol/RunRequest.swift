internal import Conformance
internal import Convolution

/// One convolution to be computed; input, filter and, where there is one, bias follow the line.
struct RunRequest: Codable, Hashable {
    /// The problem without its shapes, which the tensors carry.
    struct ProblemMessage: Codable, Hashable {
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

        enum CodingKeys: String, CodingKey {
            case strides, dilations, padding, pads, groups
            case inputLayout = "input_layout"
            case filterLayout = "filter_layout"
        }
    }

    var type = "run"
    var id: Int
    var problem: ProblemMessage
    var tensors: [TensorHeader]

    init(id: Int, _ request: EngineRequest) {
        self.id = id
        let problem = request.problem
        self.problem = ProblemMessage(
            strides: [problem.strides.height, problem.strides.width],
            dilations: [problem.dilations.height, problem.dilations.width], padding: problem.padding.name,
            pads: problem.pads.list, groups: problem.groups, inputLayout: request.layouts.activation.rawValue,
            filterLayout: request.layouts.filter.rawValue)
        let operands = request.float32
        tensors = [TensorHeader(name: "input", operands.input), TensorHeader(name: "filter", operands.filter)]
        if let bias = operands.bias { tensors.append(TensorHeader(name: "bias", shape: [bias.count])) }
    }
}

extension RunRequest {
    /// The request in a line.
    ///
    /// - Throws: ``ExchangeFailure/malformed(_:)`` where it is none.
    init(line: [UInt8]) throws(ExchangeFailure) {
        self = try Wire.message(RunRequest.self, in: line, expected: "a request of type run")
        guard type == "run" else { throw .malformed("received \(excerpt(line)); expected a request of type run") }
    }

    /// The problem and its tensors, which `read` reads from the stream.
    func request(
        read: (_ header: TensorHeader, _ rank: Int) throws(ExchangeFailure) -> [Float]
    ) throws(ExchangeFailure) -> EngineRequest {
        guard let activation = ActivationLayout(rawValue: problem.inputLayout),
            let filterLayout = FilterLayout(rawValue: problem.filterLayout)
        else {
            throw .malformed(
                "received layouts '\(problem.inputLayout)', '\(problem.filterLayout)'; expected layouts that are known")
        }
        let names = tensors.map(\.name)
        guard names == ["input", "filter"] || names == ["input", "filter", "bias"] else {
            throw .malformed("received tensors \(names); expected input, filter and perhaps bias")
        }
        let input = try tensor(tensors[0], activation.order, read)
        let filter = try tensor(tensors[1], filterLayout.order, read)
        let bias = tensors.count > 2 ? try read(tensors[2], 1) : nil
        let problem = try convolutionProblem(input: input.shape, filter: filter.shape, biasCount: bias?.count)
        return EngineRequest(
            problem: problem, input: input, filter: filter, bias: bias, layouts: LayoutPair(activation, filterLayout))
    }

    private func tensor(
        _ header: TensorHeader, _ order: AxisOrder,
        _ read: (_ header: TensorHeader, _ rank: Int) throws(ExchangeFailure) -> [Float]
    ) throws(ExchangeFailure) -> Tensor<Float> {
        let elements = try read(header, 4)
        guard let shape = order.logical(header.shape) else {
            throw .malformed("received '\(header.name)' with shape \(header.shape); expected rank 4")
        }
        return Tensor(shape: shape, order: order, elements: elements)
    }

    private func convolutionProblem(
        input: Shape, filter: Shape, biasCount: Int?
    ) throws(ExchangeFailure) -> Problem {
        let (strides, dilations, pads) = (problem.strides, problem.dilations, problem.pads)
        guard strides.count == 2, dilations.count == 2, pads.count == 4 else {
            throw .malformed(
                "received strides \(strides), dilations \(dilations), pads \(pads); expected 2, 2 and 4 numbers")
        }
        let explicit = Pads(top: pads[0], bottom: pads[1], left: pads[2], right: pads[3])
        guard let padding = Padding(name: problem.padding, pads: explicit) else {
            throw .malformed("received padding '\(problem.padding)', which is not known")
        }
        return Problem(
            input: input, filter: filter, biasCount: biasCount,
            strides: Extent(height: strides[0], width: strides[1]),
            dilations: Extent(height: dilations[0], width: dilations[1]), padding: padding, groups: problem.groups)
    }
}
