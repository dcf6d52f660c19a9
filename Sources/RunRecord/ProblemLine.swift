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

    init(_ problem: Problem) {
        input = problem.input.list
        filter = problem.filter.list
        bias = problem.biasCount
        strides = [problem.strides.height, problem.strides.width]
        dilations = [problem.dilations.height, problem.dilations.width]
        padding = problem.padding.name
        if case .explicit(let pads) = problem.padding { self.pads = pads.list }
        groups = problem.groups
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
            padding: padding, groups: groups)
        if let geometry = try? problem.geometry() {
            let (window, overflow) = geometry.kernelHeight.multipliedReportingOverflow(by: geometry.kernelWidth)
            if overflow || window.multipliedReportingOverflow(by: geometry.channelsPerGroup).overflow {
                throw InvalidLine("the products of 'problem' are more than 64 bits count")
            }
        }
        return problem
    }
}
