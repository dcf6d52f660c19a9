internal import Conformance
internal import Convolution

extension Frame {
    /// A request, whose operands are put into shared memory, in its layouts.
    init(_ request: EngineRequest, id: Int, in memory: SharedMemory) throws(SystemError) {
        self.init()
        put(id)
        put(request.attempt)
        put(request.view)
        put(request.problem)
        put(request.layouts.activation)
        put(request.layouts.filter)
        let tensors = request.tensors
        var end = 0
        put(tensors.count)
        for (role, tensor) in tensors {
            let start = SharedMemory.place(behind: end)
            put(role)
            put(tensor.type)
            put(tensor.shape.list)
            put(start)
            end = start + tensor.count * tensor.type.size
        }
        let place = SharedMemory.place(behind: end)
        put(place)
        put(request.operands.quantization)
        // With room for the answer where its size can be told; else the worker makes some.
        let answer = min(request.problem.answerShape.checkedCount ?? 0, 1 << 32) * request.problem.answerType.size
        memory.shrink(to: place + answer)
        try memory.reserve(place + answer)
        end = 0
        for (role, tensor) in tensors {
            let start = SharedMemory.place(behind: end)
            end = start + tensor.count * tensor.type.size
            tensor.copy(
                to: UnsafeMutableRawBufferPointer(rebasing: memory.bytes[start..<end]),
                in: role.order(in: request.layouts))
        }
    }

    private mutating func put(_ problem: Problem) {
        put(problem.operation)
        put(problem.types.input)
        put(problem.types.filter)
        put(problem.types.output)
        put(problem.input.list + problem.filter.list)
        put(counted: problem.biasCount.map { [$0] } ?? [])
        put([problem.strides.height, problem.strides.width, problem.dilations.height, problem.dilations.width])
        put(problem.padding.number)
        if case .explicit(let pads) = problem.padding { put(pads.list) }
        put(problem.groups)
    }

    private mutating func put(_ quantization: Quantization?) {
        for role in [Role.input, .filter, .output] {
            let parameters = quantization?[role]
            put(parameters == nil ? 0 : 1)
            guard let parameters else { continue }
            put(counted: parameters.zeroPoints)
            put(counted: parameters.scales.map { Int($0.bitPattern) })
        }
    }

    /// The request that a runner sent, with copies of its operands, and where the answer is to be put.
    mutating func request(
        from memory: SharedMemory
    ) throws(ExchangeFailure) -> (id: Int, request: EngineRequest, place: Int) {
        let (id, attempt, view) = (try next(), try next(), try nextWord(of: TensorView.self))
        let problem = try nextProblem()
        let layouts = LayoutPair(try nextWord(of: ActivationLayout.self), try nextWord(of: FilterLayout.self))
        var operands = Operands()
        for _ in 0..<(try next()) {
            let role = try nextWord(of: Role.self)
            operands[role] = try nextTensor(from: memory, order: role.order(in: layouts))
        }
        let place = try next()
        operands.quantization = try nextQuantization()
        var request = EngineRequest(problem: problem, operands: operands, layouts: layouts)
        (request.attempt, request.view) = (attempt, view)
        return (id, request, place)
    }

    private mutating func nextShape() throws(ExchangeFailure) -> Shape {
        let list = try next(4)
        return [list[0], list[1], list[2], list[3]]
    }

    /// A copy of a tensor that lies in shared memory.
    mutating func nextTensor(
        from memory: SharedMemory, order: AxisOrder, limit: Int = .max
    ) throws(ExchangeFailure) -> AnyTensor {
        let type = try nextWord(of: ElementType.self)
        let (shape, start) = (try nextShape(), try next())
        guard shape.list.allSatisfy({ $0 >= 0 }), let count = shape.checkedCount, count <= limit else {
            throw .malformed("received a tensor of the shape \(shape); expected at most \(limit) elements")
        }
        let source: UnsafeMutableRawBufferPointer?
        do throws(SystemError) {
            source = try memory.range(start, count.multipliedReportingOverflow(by: type.size).partialValue)
        } catch {
            throw .malformed("\(error)")
        }
        guard let source else { throw .malformed("received a tensor of \(count) elements that are not there") }
        return try AnyTensor(type: type, shape: shape, order: order) { $0.copyMemory(from: .init(source)) }
    }

    private mutating func nextProblem() throws(ExchangeFailure) -> Problem {
        let operation = try nextWord(of: Operation.self)
        let types = ElementTypes(
            input: try nextWord(of: ElementType.self), filter: try nextWord(of: ElementType.self),
            output: try nextWord(of: ElementType.self))
        let (input, filter) = (try nextShape(), try nextShape())
        let (bias, steps) = (try nextCounted(), try next(4))
        let padding: Padding
        switch try next() {
        case Padding.valid.number: padding = .valid
        case Padding.sameUpper.number: padding = .sameUpper
        case Padding.sameLower.number: padding = .sameLower
        default:
            let pads = try next(4)
            padding = .explicit(Pads(top: pads[0], bottom: pads[1], left: pads[2], right: pads[3]))
        }
        return Problem(
            input: input, filter: filter, biasCount: bias.first, strides: Extent(height: steps[0], width: steps[1]),
            dilations: Extent(height: steps[2], width: steps[3]), padding: padding, groups: try next(),
            operation: operation, types: types)
    }

    private mutating func nextQuantization() throws(ExchangeFailure) -> Quantization? {
        var parameters: [Quantization.Parameters?] = []
        for _ in 0..<3 {
            guard try next() == 1 else {
                parameters.append(nil)
                continue
            }
            let (zeroPoints, scales) = (try nextCounted(), try nextCounted())
            parameters.append(
                Quantization.Parameters(
                    zeroPoints: zeroPoints, scales: scales.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }))
        }
        guard let input = parameters[0], let filter = parameters[1] else { return nil }
        return Quantization(input: input, filter: filter, output: parameters[2])
    }
}
