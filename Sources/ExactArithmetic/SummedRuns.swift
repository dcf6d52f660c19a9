internal import Convolution

/// The definition, for every operation and all data: summed in integers where the numbers lie on a common grid of not too
/// many bits, else by an exact accumulator, also where NaN or infinities are among them.
struct SummedRuns: ExactRows {
    private let runs: ProductRuns
    private let shape: Shape
    private let factors: [[Double]]
    private let bias: [Double]?
    private let isWide: Bool
    private let integers: Integers?

    /// The numbers in units of a grid.
    private struct Integers {
        let factors: [[Int64]]
        let bias: [Int64]?
        /// Sums are in units of 2^exponent.
        let exponent: Int
    }

    /// - Parameters:
    ///   - shape: of the answer.
    ///   - factors: in the order of ``Operation/factors``, in logical memory order.
    ///   - isWide: whether they may be other numbers than float32's.
    ///   - usesIntegers: whether integers are used where they can be.
    init(
        runs: ProductRuns, shape: Shape, factors: [[Double]], bias: [Double]?, isWide: Bool, usesIntegers: Bool = true
    ) {
        self.runs = runs
        self.shape = shape
        self.factors = factors
        self.bias = bias
        self.isWide = isWide
        let products = runs.geometry.productsPerAnswer(of: runs.operation)
        integers = usesIntegers ? Self.integers(factors, bias, products: products) : nil
    }

    func compute(from first: Int, step: Int, into results: ExactResults) {
        if let integers { return sum(integers, from: first, step: step, into: results) }
        var sum = ExactSum(isWide: isWide)
        var magnitude = ExactSum(isWide: isWide)
        forEachElement(from: first, step: step) { i, j, k, l, place in
            sum.reset()
            magnitude.reset()
            runs.forEach(i, j, k, l) { run in
                for turn in 0..<run.count {
                    let (value, other) = (
                        factors[0][run.first + turn * run.firstStep], factors[1][run.second + turn * run.secondStep]
                    )
                    sum.add(value, times: other)
                    magnitude.add(value.magnitude, times: other.magnitude)
                }
            }
            if let bias {
                sum.add(bias[l], times: 1)
                magnitude.add(bias[l].magnitude, times: 1)
            }
            results.store(sum.rounded(), magnitude: magnitude.rounded(), at: place)
        }
    }

    private func sum(_ integers: Integers, from first: Int, step: Int, into results: ExactResults) {
        integers.factors[0].withUnsafeBufferPointer { values in
            integers.factors[1].withUnsafeBufferPointer { others in
                forEachElement(from: first, step: step) { i, j, k, l, place in
                    let bias = integers.bias?[l] ?? 0
                    var sum = bias
                    var magnitude = bias.magnitude
                    runs.forEach(i, j, k, l) { run in
                        for turn in 0..<run.count {
                            let product =
                                values[run.first + turn * run.firstStep] &* others[run.second + turn * run.secondStep]
                            sum &+= product
                            magnitude &+= product.magnitude
                        }
                    }
                    results.store(
                        OddRounded(isNegative: sum < 0, significand: sum.magnitude, exponent: integers.exponent),
                        magnitude: OddRounded(isNegative: false, significand: magnitude, exponent: integers.exponent),
                        at: place)
                }
            }
        }
    }

    private func forEachElement(from first: Int, step: Int, _ body: (Int, Int, Int, Int, Int) -> Void) {
        for row in stride(from: first, to: shape[0] * shape[1], by: step) {
            let (i, j) = row.quotientAndRemainder(dividingBy: shape[1])
            for k in 0..<shape[2] {
                for l in 0..<shape[3] {
                    body(i, j, k, l, (row * shape[2] + k) * shape[3] + l)
                }
            }
        }
    }

    /// The numbers on a grid, or `nil` where there is none or a sum might leave 62 bits.
    private static func integers(_ factors: [[Double]], _ bias: [Double]?, products: Int) -> Integers? {
        guard let first = IntegerGrid(factors[0]), let second = IntegerGrid(factors[1]),
            let ofBias = IntegerGrid(bias ?? [])
        else { return nil }
        let exponent =
            ofBias.largest == 0
            ? first.exponent + second.exponent : min(first.exponent + second.exponent, ofBias.exponent)
        let firstExponent = exponent - second.exponent
        // Beyond these powers of two lie numbers that are no normal ones.
        let exponents = [
            firstExponent, second.exponent, exponent, first.exponent - firstExponent, ofBias.exponent - exponent,
        ]
        guard exponents.allSatisfy({ abs($0) <= 960 }) else { return nil }
        let largestFirst = first.largest * powerOfTwo(first.exponent - firstExponent)
        let largestBias = ofBias.largest == 0 ? 0 : ofBias.largest * powerOfTwo(ofBias.exponent - exponent)
        let largestSum = Double(products) * largestFirst * second.largest + largestBias
        guard max(largestFirst, second.largest, largestSum) < 0x1p62 else { return nil }
        return Integers(
            factors: [
                wholeNumbers(factors[0], exponent: firstExponent).map { Int64($0) },
                wholeNumbers(factors[1], exponent: second.exponent).map { Int64($0) },
            ],
            bias: bias.map { wholeNumbers($0, exponent: exponent).map { Int64($0) } }, exponent: exponent)
    }
}
