internal import Conformance
internal import Convolution

/// A problem, as a case's line holds it.
struct ProblemLine: Codable {
    /// `[batch, height, width, channels]`.
    var input: [Int]
    /// `[kernel height, kernel width, channels / groups, filters]`.
    var filter: [Int]
    /// The numbers of the bias, where there is one.
    var bias: Int?
    var strides: [Int]
    var dilations: [Int]
    var padding: String
    /// Top, bottom, left, right, where `padding` is `EXPLICIT`.
    var pads: [Int]?
    var groups: Int
    /// Where it is not `forward`.
    var operation: String?
    /// Of input, filter and output, where one is not `float32`.
    var types: [String]?

    init(_ problem: Problem) {
        input = problem.input.list
        filter = problem.filter.list
        bias = problem.biasCount
        strides = [problem.strides.height, problem.strides.width]
        dilations = [problem.dilations.height, problem.dilations.width]
        padding = problem.padding.name
        if case .explicit(let pads) = problem.padding { self.pads = pads.list }
        groups = problem.groups
        if problem.operation != .forward { operation = problem.operation.rawValue }
        let types = problem.types
        if types != .float32 { self.types = [types.input, types.filter, types.output].map(\.rawValue) }
    }

    /// - Throws: ``InvalidLine``.
    func problem() throws -> Problem {
        let given = try pads.map { try explicitPads($0, "problem.pads") }
        guard let padding = Padding(name: padding, pads: given ?? .none) else {
            throw InvalidLine("'problem.padding' is '\(padding)', which is not known")
        }
        if case .explicit = padding {
            guard given != nil else { throw InvalidLine("'problem.pads' is missing") }
        } else if given != nil {
            throw InvalidLine("'problem.pads' belongs to EXPLICIT padding only")
        }
        let problem = Problem(
            input: try tensorShape(input, "problem.input"), filter: try tensorShape(filter, "problem.filter"),
            biasCount: bias,
            strides: try extent(strides, "problem.strides"), dilations: try extent(dilations, "problem.dilations"),
            padding: padding, groups: groups,
            operation: try operation.map { try choice(Operation.self, $0, "problem.operation") } ?? .forward,
            types: try elementTypes())
        if let geometry = try? problem.geometry() {
            let (window, overflow) = geometry.kernelHeight.multipliedReportingOverflow(by: geometry.kernelWidth)
            if overflow || window.multipliedReportingOverflow(by: geometry.channelsPerGroup).overflow
                || window.multipliedReportingOverflow(by: geometry.filtersPerGroup).overflow
            {
                throw InvalidLine("the products of 'problem' are more than 64 bits count")
            }
        }
        return problem
    }

    /// - Throws: ``InvalidLine``.
    private func elementTypes() throws -> ElementTypes {
        guard let words = types else { return .float32 }
        let types = try words.map { try choice(ElementType.self, $0, "problem.types") }
        guard types.count == 3 else { throw InvalidLine("'problem.types' has \(types.count) types, expected 3") }
        return ElementTypes(input: types[0], filter: types[1], output: types[2])
    }
}
