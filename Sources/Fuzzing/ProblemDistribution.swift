public import Convolution

/// From what problems are drawn at random.
///
/// Small sizes are the rule, since most faults show on them and they are quick; one size in six is one off, on or behind
/// a multiple of 8, 16 or 32, where blocks and tiles end. Every feature (stride, dilation, padding, groups, bias) is drawn
/// by itself, so that all meet all. One problem in twenty is invalid.
public struct ProblemDistribution: Hashable, Sendable {
    /// What is drawn from; each as likely.
    public var operations: [Operation]
    /// Of answers: a floating-point type is that of all tensors; with ``ElementType/int32`` the operands are 8-bit numbers
    /// with zero points, and with 8 bits they have scales too, and the answer is quantized.
    public var types: [ElementType]
    /// The most products of a problem.
    public var mostProducts = 200_000

    /// What an engine does not declare it is not given.
    public static let allTypes: [ElementType] = [.float32, .float64, .float16, .bfloat16, .int32, .int8, .uint8]

    public init(operations: [Operation] = Operation.allCases, types: [ElementType] = allTypes) {
        self.operations = operations
        // Gradients of 8-bit numbers are no operation of any library's.
        self.types = operations.contains(.forward) ? types : types.filter { $0.format != nil }
    }

    /// A problem, valid or not.
    func problem(using random: inout RandomStream) -> Problem {
        while true {
            var problem = candidate(using: &random)
            guard let geometry = try? problem.geometry(), geometry.outputShape.count > 0,
                geometry.products <= mostProducts
            else { continue }
            if problem.operation == .forward, random.happens(onceIn: 20) { spoil(&problem, using: &random) }
            return problem
        }
    }

    private func candidate(using random: inout RandomStream) -> Problem {
        func size(_ most: Int) -> Int {
            if !random.happens(onceIn: 6) { return random.number(1...most) }
            return max(1, random.one(of: [8, 16, 32]) * random.number(1...2) + random.number(-1...1))
        }
        let type = random.one(of: types)
        let operation = type.format == nil ? .forward : random.one(of: operations)
        let groups = random.happens(onceIn: 3) ? random.number(2...6) : 1
        let (channels, perGroup) = (groups > 1 && random.happens(onceIn: 2) ? 1 : size(6), size(6))
        let kernel = (size(4), size(4))
        let (height, width) = (size(12), size(12))
        let pads = Pads(
            top: random.number(0...kernel.0), bottom: random.number(0...kernel.0), left: random.number(0...kernel.1),
            right: random.number(0...kernel.1))
        func steps() -> Extent {
            if random.happens(onceIn: 2) { return .one }
            return Extent(height: random.number(1...4), width: random.number(1...4))
        }
        let types =
            type.format == nil
            ? ElementTypes(
                input: random.one(of: [.int8, .uint8]), filter: random.one(of: [.int8, .uint8]), output: type)
            : ElementTypes(type)
        let hasBias = operation.takesBias && types.output != .int32 && random.happens(onceIn: 2)
        return Problem(
            input: Shape(random.number(1...3), height, width, channels * groups),
            filter: Shape(kernel.0, kernel.1, channels, perGroup * groups),
            biasCount: hasBias ? (operation == .forward ? perGroup : channels) * groups : nil,
            strides: steps(), dilations: steps(),
            padding: random.one(of: [.valid, .sameUpper, .sameLower, .explicit(pads)]), groups: groups,
            operation: operation, types: types)
    }

    /// Makes a valid problem invalid, in one of the ways in which callers do.
    private func spoil(_ problem: inout Problem, using random: inout RandomStream) {
        switch random.number(0...5) {
        case 0: problem.filter[2] += 1
        case 1: problem.biasCount = problem.filter[3] + random.one(of: [-1, 1])
        case 2: problem.strides.height = 0
        case 3: problem.dilations.width = 0
        case 4: problem.groups = problem.filter[3] + 1
        default:
            problem.padding = .valid
            problem.filter[0] = problem.input[1] + random.number(1...3)
        }
        if problem.types.output == .int32 { problem.biasCount = nil }
    }
}

extension Geometry {
    /// Products in the whole answer, those with padding among them.
    var products: Int {
        let (products, overflow) = productsPerOutput.multipliedReportingOverflow(by: outputShape.count)
        return overflow ? .max : products
    }
}
