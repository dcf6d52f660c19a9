/// What the whole numbers of a convolution's tensors stand for: value = scale * (number - zero point).
public struct Quantization: Hashable, Sendable {
    /// How the numbers of one tensor are read.
    public struct Parameters: Hashable, Sendable {
        /// One, or for a filter one for each filter.
        public var zeroPoints: [Int]
        /// Likewise; empty where the answer is the exact sum of products.
        public var scales: [Float]

        public init(zeroPoints: [Int] = [0], scales: [Float] = []) {
            self.zeroPoints = zeroPoints
            self.scales = scales
        }
    }

    public var input: Parameters
    public var filter: Parameters
    /// `nil` where the answer is the exact sum of products, in int32.
    public var output: Parameters?

    public init(input: Parameters, filter: Parameters, output: Parameters? = nil) {
        self.input = input
        self.filter = filter
        self.output = output
    }

    public subscript(role: Role) -> Parameters? {
        switch role {
        case .input: input
        case .filter: filter
        case .output: output
        case .bias: nil
        }
    }

    /// The zero point of a filter.
    public func filterZeroPoint(_ f: Int) -> Int { filter.zeroPoints[filter.zeroPoints.count == 1 ? 0 : f] }
    /// The scale of a filter.
    public func filterScale(_ f: Int) -> Float { filter.scales[filter.scales.count == 1 ? 0 : f] }

    /// What is wrong with these numbers for a problem's types, in a sentence; `nil` where nothing is.
    public func objection(to problem: Problem) -> String? {
        let kind = problem.types.kind
        guard kind == .integer || kind == .quantized else {
            return "there are zero points, and tensors of \(problem.types) have none"
        }
        if (output != nil) != (kind == .quantized) {
            return output == nil
                ? "the output is \(problem.types.output.rawValue), and has no zero point and no scale"
                : "the output is int32, and has a zero point or a scale"
        }
        for role in [Role.input, .filter, .output] {
            guard let parameters = self[role] else { continue }
            let type = problem.types[role]
            let most = role == .filter ? problem.filter[3] : 1
            let counts = [("zero points", parameters.zeroPoints.count), ("scales", parameters.scales.count)]
            for (what, count) in counts where count != 1 && count != most {
                if what == "scales", kind == .integer, count == 0 { continue }
                return "the \(role.rawValue) has \(count) \(what), expected 1\(most == 1 ? "" : " or \(most)")"
            }
            if kind == .integer, !parameters.scales.isEmpty {
                return "the \(role.rawValue) has a scale, and the output is int32"
            }
            if let range = type.range, let point = parameters.zeroPoints.first(where: { !range.contains($0) }) {
                return "a zero point of the \(role.rawValue) is \(point), outside \(type.rawValue)"
            }
            if let scale = parameters.scales.first(where: { !($0 > 0 && $0.isFinite) }) {
                return "a scale of the \(role.rawValue) is \(scale), expected a finite number above 0"
            }
        }
        return nil
    }
}
