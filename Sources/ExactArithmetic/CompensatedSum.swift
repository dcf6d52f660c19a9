/// A sum of products in float64 with the sum of its rounding errors, which decides how the exact sum is rounded, or says
/// that it does not.
///
/// Each addition's and each product's error is itself a number of float64; only the sum of those errors is rounded.
/// Source: T. Ogita, S. M. Rump, S. Oishi, "Accurate Sum and Dot Product", SIAM Journal on Scientific Computing 26(6), 2005;
/// the strategy is A. Ziv's, "Fast evaluation of elementary mathematical functions with correctly rounded last bit", ACM
/// Transactions on Mathematical Software 17(3), 1991.
struct CompensatedSum {
    private var sum = 0.0
    /// The sum of the errors, and that of their magnitudes.
    private var error = 0.0
    private var errorMagnitude = 0.0
    /// The sum of the products' magnitudes.
    private var magnitude = 0.0

    /// Adds a number.
    @inline(__always)
    mutating func add(_ term: Double) {
        let total = sum + term
        let share = total - sum
        let rest = (sum - (total - share)) + (term - share)
        sum = total
        error += rest
        errorMagnitude += rest.magnitude
        magnitude += term.magnitude
    }

    /// Adds the product of two numbers of float64.
    ///
    /// The product's error is T. J. Dekker's, "A floating-point technique for extending the available precision",
    /// Numerische Mathematik 18, 1971, exact as long as nothing overflows and the error is no less than a subnormal number.
    @inline(__always)
    mutating func add(_ first: Double, times second: Double) {
        let product = first * second
        let (high, otherHigh) = (first.highHalf, second.highHalf)
        let (low, otherLow) = (first - high, second - otherHigh)
        let rest = low * otherLow - (((product - high * otherHigh) - low * otherHigh) - high * otherLow)
        error += rest
        errorMagnitude += rest.magnitude
        add(product)
    }

    /// How the exact sum is rounded; `nil` where that is not certain.
    ///
    /// - Parameters:
    ///   - count: how many numbers and products were added.
    ///   - unit: a power of two of which they all are whole multiples; 0 where none is known.
    func rounded(count: Int, unit: Double = 0) -> OddRounded? {
        guard sum.isFinite, errorMagnitude.isFinite else { return nil }
        // Errors are such multiples, too: below 2^53 of them their sums have no error.
        let isExact = errorMagnitude < 0x1p53 * unit
        // At most two errors are added for each; twice the bound of their rounding, (2 n + 1) u / (1 - (2 n + 1) u).
        let doubt = isExact ? 0 : errorMagnitude * Double(count + 1) * 0x1p-51
        let total = OddRounded(sum, plus: error)
        if doubt == 0 { return total }
        let share = total.nearest - sum
        let rest = (sum - (total.nearest - share)) + (error - share)
        // Below a power of two the next number is nearer than above.
        let half = (total.nearest.magnitude - total.nearest.magnitude.nextDown) / 2
        guard rest.magnitude > 2 * doubt, rest.magnitude + 2 * doubt < half else { return nil }
        return total
    }

    /// The least float32 that is not below the exact sum of the magnitudes; `nil` where that is not certain.
    func magnitudeRoundedUp(count: Int) -> Float? {
        guard magnitude.isFinite else { return nil }
        let relativeError = Double(count + 4) * 0x1p-52
        let (least, most) = (
            (magnitude * (1 - relativeError)).floatRoundedUp, (magnitude * (1 + relativeError)).floatRoundedUp
        )
        return least == most ? least : nil
    }
}

extension Double {
    /// The number rounded to 26 bits.
    @inline(__always)
    fileprivate var highHalf: Double {
        let scaled = self * 0x8000001p0
        return scaled - (scaled - self)
    }
}
