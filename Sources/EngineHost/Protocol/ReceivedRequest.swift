internal import Conformance
internal import Convolution

extension RunRequest {
    /// The request in a line.
    ///
    /// - Throws: ``ExchangeFailure/malformed(_:)`` where it is none.
    init(line: [UInt8]) throws(ExchangeFailure) {
        self = try Wire.message(RunRequest.self, in: line, expected: "a request of type run")
        guard type == "run" else { throw .malformed("received \(excerpt(line)); expected a request of type run") }
    }

    /// The problem and its operands, which `read` reads from the stream.
    ///
    /// - Parameter limit: the most elements of a tensor.
    func request(
        limit: Int,
        read: (_ name: String, _ memory: UnsafeMutableRawBufferPointer) throws(ExchangeFailure) -> Void
    ) throws(ExchangeFailure) -> EngineRequest {
        guard let activation = ActivationLayout(rawValue: problem.inputLayout),
            let filterLayout = FilterLayout(rawValue: problem.filterLayout)
        else {
            throw .malformed(
                "received layouts '\(problem.inputLayout)', '\(problem.filterLayout)'; expected layouts that are known")
        }
        let (operation, layouts) = (problem.operation?.word ?? .forward, LayoutPair(activation, filterLayout))
        let roles = tensors.count == operation.operands.count ? operation.operands : operation.factors
        guard tensors.map(\.name) == roles.map(\.rawValue) else {
            let names = operation.factors.map(\.rawValue).joined(separator: ", ")
            throw .malformed(
                "received tensors \(tensors.map(\.name)) for \(operation.rawValue); expected \(names)"
                    + (operation.takesBias ? " and perhaps bias" : ""))
        }
        let wanted = try self.wanted(operation)
        var shapes: [Role: Shape] = [:]
        if wanted.shape != nil {
            shapes[operation.answer] = try wanted.shape(of: operation.answer, in: layouts, limit: .max)
        }
        var operands = Operands(quantization: try quantization())
        for (role, header) in zip(roles, tensors) {
            let (type, shape) = (try header.type(), try header.shape(of: role, in: layouts, limit: limit))
            operands[role] = try AnyTensor(type: type, shape: shape, order: role.order(in: layouts)) {
                memory throws(ExchangeFailure) in try read("'\(header.name)'", memory)
            }
            shapes[role] = shape
        }
        let answerType = try wanted.type()
        let types = ElementTypes(
            input: operands.input?.type ?? answerType, filter: operands.filter?.type ?? answerType,
            output: operands.output?.type ?? answerType)
        var problem = try convolution(shapes, biasCount: operands.bias?.count)
        problem.operation = operation
        problem.types = types
        return EngineRequest(problem: problem, operands: operands, layouts: layouts)
    }

    /// What is wanted, of the operation's answer.
    private func wanted(_ operation: Operation) throws(ExchangeFailure) -> TensorHeader {
        let (role, isGradient) = (operation.answer, operation != .forward)
        guard let answer else {
            if isGradient { throw .malformed("received no answer's description for \(operation.rawValue)") }
            return TensorHeader(role, .float32, shape: nil)
        }
        guard answer.name == role.rawValue, (answer.shape != nil) == isGradient else {
            throw .malformed(
                "received '\(answer.name)' \(answer.shape == nil ? "without" : "with") a shape as the answer wanted for "
                    + "\(operation.rawValue); expected '\(role.rawValue)' \(isGradient ? "with" : "without") one")
        }
        return answer
    }

    private func quantization() throws(ExchangeFailure) -> Quantization? {
        if problem.zeroPoints == nil, problem.scales == nil { return nil }
        let (zeroPoints, scales) = (problem.zeroPoints ?? [:], problem.scales ?? [:])
        let known: Set = [Role.input.rawValue, Role.filter.rawValue, Role.output.rawValue]
        guard known.isSuperset(of: zeroPoints.keys), known.isSuperset(of: scales.keys) else {
            throw .malformed(
                "received zero points of \(zeroPoints.keys.sorted()), scales of \(scales.keys.sorted()); expected input, "
                    + "filter and perhaps output")
        }
        func parameters(_ role: Role) -> Quantization.Parameters? {
            let (points, factors) = (zeroPoints[role.rawValue], scales[role.rawValue])
            return points == nil && factors == nil ? nil : .init(zeroPoints: points ?? [], scales: factors ?? [])
        }
        guard let input = parameters(.input), let filter = parameters(.filter) else {
            throw .malformed("received zero points of \(zeroPoints.keys.sorted()); expected those of input and filter")
        }
        return Quantization(input: input, filter: filter, output: parameters(.output))
    }

    /// The convolution that the message speaks of, of which a gradient's operands may tell only a part.
    private func convolution(_ shapes: [Role: Shape], biasCount: Int?) throws(ExchangeFailure) -> Problem {
        let (strides, dilations, pads) = (problem.strides, problem.dilations, problem.pads)
        guard strides.count == 2, dilations.count == 2, pads.count == 4 else {
            throw .malformed(
                "received strides \(strides), dilations \(dilations), pads \(pads); expected 2, 2 and 4 numbers")
        }
        let explicit = Pads(top: pads[0], bottom: pads[1], left: pads[2], right: pads[3])
        guard let padding = Padding(name: problem.padding, pads: explicit) else {
            throw .malformed("received padding '\(problem.padding)', which is not known")
        }
        let complete = Problem(
            input: shapes[.input] ?? [0, 0, 0, 0], filter: shapes[.filter] ?? [0, 0, 0, 0], biasCount: biasCount,
            strides: Extent(height: strides[0], width: strides[1]),
            dilations: Extent(height: dilations[0], width: dilations[1]), padding: padding, groups: problem.groups)
        guard shapes[.input] == nil, let output = shapes[.output], let bias = shapes[.bias] else { return complete }
        return complete.withShapes(giving: output, filters: bias[3])
    }
}

extension Problem {
    /// A convolution with this output and the same strides, dilations, padding and groups: of the one whose bias gradient
    /// is wanted, no more is known, and no more has a part in it. The least kernel that leaves an input is taken.
    fileprivate func withShapes(giving output: Shape, filters: Int) -> Problem {
        var problem = self
        problem.input = [output[0], 0, 0, max(groups, 0)]
        problem.filter = [1, 1, 1, filters]
        let isSame = padding == .sameUpper || padding == .sameLower
        let (pads, steps) = (self.pads, [strides.height, strides.width])
        for (axis, pads, dilation) in [
            (0, [pads.top, pads.bottom], dilations.height), (1, [pads.left, pads.right], dilations.width),
        ] {
            if isSame {
                problem.input[1 + axis] = output[1 + axis].multipliedClamped(by: steps[axis])
                continue
            }
            // With a kernel of one tap; each further one adds a dilation.
            let size = (output[1 + axis] - 1).multipliedClamped(by: steps[axis]) &+ 1 &- pads[0] &- pads[1]
            let taps = size < 1 && dilation > 0 ? (dilation &- size) / dilation : 0
            problem.filter[axis] = 1 &+ taps
            problem.input[1 + axis] = size &+ taps &* dilation
        }
        return problem
    }
}

extension Int {
    /// The product, or the largest number where it is larger.
    fileprivate func multipliedClamped(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}
