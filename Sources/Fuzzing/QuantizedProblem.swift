internal import Convolution
internal import DrawnCases

/// Zero points, scales and data of quantized problems, drawn at random such that no value lies near the middle between two
/// answers: there engines may differ by how they multiply, and be right.
enum QuantizedProblem {
    /// Sums are divided by odd multiples of their unit, and a larger divisor leaves too little beside a tie.
    private static let mostDivisor = 117
    /// The share of answers that may be saturated, nearly.
    private static let saturated = 0.1

    /// None of the scales that were tried keeps away from ties.
    struct NearTie: Error {}

    /// - Throws: ``NearTie``, now and then.
    static func operands(of problem: Problem, _ geometry: Geometry, seed: UInt64) throws -> Operands {
        var random = RandomStream(seed: ~seed)
        func zeroPoint(_ type: ElementType) -> Int {
            let range = type.range ?? 0...0
            return switch random.number(0...3) {
            case 0: 0
            case 1: random.one(of: [range.lowerBound, range.upperBound])
            default: random.number(range)
            }
        }
        let filters = problem.filter[3]
        let (hasZeroPoints, hasScales) = (random.happens(onceIn: 3), random.happens(onceIn: 2))
        var quantization = Quantization(
            input: .init(zeroPoints: [zeroPoint(problem.types.input)], scales: [1]),
            filter: .init(
                zeroPoints: (0..<(hasZeroPoints ? filters : 1)).map { _ in zeroPoint(problem.types.filter) },
                scales: [1]),
            output: .init(zeroPoints: [0], scales: [1]))
        var drawn = DrawnNumbers(problem, geometry)
        let draw = QuantizedDraw(quantization, problem)
        draw.draw(&drawn, seed: seed)
        let operands = drawn.operands(problem, quantization)
        let bias = operands.bias?.doubles.elements
        let sums = draw.sums(operands)
        let units: [Double] = sums.indices.map { place in
            (sums[place] + (bias?[place % filters] ?? 0)) / Double(QuantizedDraw.unit)
        }
        let range = problem.types.output.range ?? 0...0
        let (lowest, highest) = (Double(range.lowerBound), Double(range.upperBound))
        let center = ((lowest + highest) / 2).rounded(.up) + Double(random.number(-15...15))
        var (base, zero) = (1, 0.0)
        func divisor(_ place: Int) -> Int { hasScales ? base + 2 * (place % filters % 4) : base }
        while true {
            let values: [Double] = units.indices.map { units[$0] / Double(divisor($0)) }
            let median = values.sorted()[values.count / 2].rounded(.down)
            zero = min(max(center - median, lowest), highest)
            let beyond = values.count { $0 + zero < lowest || $0 + zero > highest }
            if Double(beyond) <= saturated * Double(values.count) || base > mostDivisor - 8 { break }
            base += 2 * (1 + base / 20)
        }
        func scale(_ least: Float) -> Float { least * (1 + Float(random.number(0...(1 << 20))) * 0x1p-20) }
        let (input, output) = (scale(0.0125), scale(0.05))
        quantization.input.scales = [input]
        quantization.output = .init(zeroPoints: [Int(zero)], scales: [output])
        quantization.filter.scales = (0..<(hasScales ? filters : 1)).map { filter -> Float in
            let unit = Double(QuantizedDraw.unit * divisor(filter))
            return Float(Double(output) / (Double(input) * unit))
        }
        let scaled = drawn.operands(problem, quantization)
        if QuantizedDraw(quantization, problem).isNearTie(scaled) { throw NearTie() }
        return scaled
    }
}
