internal import Convolution

/// The definition, for every operation and all data: sums of the products that ``ProductRuns`` lists, one after the other.
///
/// In plain float64 where that is exact; else with the errors of all roundings, which decide almost every element; and by an
/// exact accumulator where they do not, also where NaN or infinities are among the numbers.
struct SummedRuns: ExactRows {
    let runs: ProductRuns
    /// Of the answer.
    let shape: Shape
    let factors: Factors
    let bias: [Double]?
    /// Whether they may be other numbers than float32's.
    let isWide: Bool
    let arithmetic: Arithmetic
    /// Of which all products and the bias are whole multiples; 0 where none is known.
    let unit: Double

    enum Arithmetic {
        /// Sums of float64, of numbers of which every partial sum is exact.
        case plain
        /// Sums with their errors, and where these do not decide the accumulator.
        case compensated
        /// The accumulator for every element.
        case accumulated
    }

    /// - Parameters:
    ///   - arithmetic: `plain` only where ``ExactBounds`` says so.
    ///   - unit: what ``ExactBounds`` says, if it says any.
    init(
        _ geometry: Geometry, _ operation: Convolution.Operation, factors: Factors, bias: [Double]?, isWide: Bool,
        arithmetic: Arithmetic, unit: Double = 0
    ) {
        runs = ProductRuns(geometry, operation)
        shape = geometry.shape(of: operation.answer)
        (self.factors, self.bias, self.isWide) = (factors, bias, isWide)
        // Products of float32 and their errors are far from the ends of float64.
        var isSafe = true
        if arithmetic == .compensated, isWide, case .double(let first, let second) = factors {
            isSafe = [first, second, bias ?? []].allSatisfy { $0.allSatisfy(\.isFarFromTheEnds) }
        }
        self.unit = unit
        self.arithmetic = arithmetic == .compensated && !isSafe ? .accumulated : arithmetic
    }

    func compute(share: Int, of shares: Int, into results: ExactResults) {
        switch factors {
        case .float(let first, let second): compute(first, second, share: share, of: shares, into: results)
        case .double(let first, let second): compute(first, second, share: share, of: shares, into: results)
        }
    }

    private func compute(
        _ first: [some BinaryFloatingPoint], _ second: [some BinaryFloatingPoint], share: Int, of shares: Int,
        into results: ExactResults
    ) {
        let (rows, width) = (shape[0] * shape[1], shape[2] * shape[3])
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                for row in stride(from: share, to: rows, by: shares) {
                    let (i, j) = row.quotientAndRemainder(dividingBy: shape[1])
                    var place = row * width
                    for k in 0..<shape[2] {
                        for l in 0..<shape[3] {
                            store((i, j, k, l), first, second, place: place, into: results)
                            place += 1
                        }
                    }
                }
            }
        }
    }

    /// Stores the sum of one element.
    func store(place: Int, into results: ExactResults) {
        let (pixel, l) = place.quotientAndRemainder(dividingBy: shape[3])
        let (row, k) = pixel.quotientAndRemainder(dividingBy: shape[2])
        let (i, j) = row.quotientAndRemainder(dividingBy: shape[1])
        func store(_ first: [some BinaryFloatingPoint], _ second: [some BinaryFloatingPoint]) {
            first.withUnsafeBufferPointer { first in
                second.withUnsafeBufferPointer { second in
                    self.store((i, j, k, l), first, second, place: place, into: results)
                }
            }
        }
        switch factors {
        case .float(let first, let second): store(first, second)
        case .double(let first, let second): store(first, second)
        }
    }

    private func store(
        _ index: Index, _ first: Numbers<some BinaryFloatingPoint>, _ second: Numbers<some BinaryFloatingPoint>,
        place: Int, into results: ExactResults
    ) {
        switch arithmetic {
        case .plain:
            let (sum, magnitude) = plainSum(index, first, second)
            results.store(OddRounded(sum), magnitude: magnitude.floatRoundedUp, at: place)
        case .compensated:
            if let (sum, magnitude) = isWide
                ? compensatedWideSum(index, first, second) : compensatedSum(index, first, second)
            {
                results.store(sum, magnitude: magnitude, at: place)
            } else {
                accumulate(index, first, second, place: place, into: results)
            }
        case .accumulated: accumulate(index, first, second, place: place, into: results)
        }
    }

    private typealias Index = (i: Int, j: Int, k: Int, l: Int)
    private typealias Numbers<Number> = UnsafeBufferPointer<Number>

    private func plainSum(
        _ index: Index, _ first: Numbers<some BinaryFloatingPoint>, _ second: Numbers<some BinaryFloatingPoint>
    ) -> (sum: Double, magnitude: Double) {
        var sum = bias?[index.l] ?? 0
        var magnitude = sum.magnitude
        forEachProduct(index, first, second) { value, other in
            let product = value * other
            sum += product
            magnitude += product.magnitude
        }
        // A sum of exactly zero is +0.
        return (sum + 0, magnitude)
    }

    private func compensatedSum(
        _ index: Index, _ first: Numbers<some BinaryFloatingPoint>, _ second: Numbers<some BinaryFloatingPoint>
    ) -> (OddRounded, Float)? {
        var (sum, count) = (CompensatedSum(), 1)
        if let bias { sum.add(bias[index.l]) }
        forEachProduct(index, first, second) { value, other in
            // 24 bits times 24 bits fit in 53.
            sum.add(value * other)
            count += 1
        }
        return sum.rounded(count: count, unit: unit).flatMap { total in
            sum.magnitudeRoundedUp(count: count).map { (total, $0) }
        }
    }

    private func compensatedWideSum(
        _ index: Index, _ first: Numbers<some BinaryFloatingPoint>, _ second: Numbers<some BinaryFloatingPoint>
    ) -> (OddRounded, Float)? {
        var (sum, count) = (CompensatedSum(), 1)
        if let bias { sum.add(bias[index.l]) }
        forEachProduct(index, first, second) { value, other in
            sum.add(value, times: other)
            count += 1
        }
        return sum.rounded(count: count, unit: unit).flatMap { total in
            sum.magnitudeRoundedUp(count: count).map { (total, $0) }
        }
    }

    private func accumulate(
        _ index: Index, _ first: Numbers<some BinaryFloatingPoint>, _ second: Numbers<some BinaryFloatingPoint>,
        place: Int, into results: ExactResults
    ) {
        var sum = ExactSum(isWide: isWide)
        var magnitude = ExactSum(isWide: isWide)
        forEachProduct(index, first, second) { value, other in
            sum.add(value, times: other)
            magnitude.add(value.magnitude, times: other.magnitude)
        }
        if let bias {
            sum.add(bias[index.l], times: 1)
            magnitude.add(bias[index.l].magnitude, times: 1)
        }
        results.store(sum.rounded(), magnitude: magnitude.rounded(), at: place)
    }

    @inline(__always)
    private func forEachProduct(
        _ index: Index, _ first: Numbers<some BinaryFloatingPoint>, _ second: Numbers<some BinaryFloatingPoint>,
        _ body: (Double, Double) -> Void
    ) {
        runs.forEach(index.i, index.j, index.k, index.l) { run in
            for turn in 0..<run.count {
                body(
                    Double(first[run.first + turn * run.firstStep]), Double(second[run.second + turn * run.secondStep]))
            }
        }
    }
}

extension Double {
    /// Whether a product with another such number and its rounding error are far from the ends of float64's range; also of
    /// what is not finite, which no sum hides.
    fileprivate var isFarFromTheEnds: Bool {
        self == 0 || !isFinite || (0x1p-450...0x1p450).contains(magnitude)
    }
}
