/// The coarsest power of two that divides each of a list of finite numbers.
///
/// On it the numbers are integers, whose sums and products are exact as long as they fit in the integer type.
struct IntegerGrid: Equatable {
    /// Every number is a multiple of 2^exponent; 0 where all are zero.
    let exponent: Int
    /// The largest magnitude, in units of the grid.
    let largest: Double

    /// The grid of a list of numbers, or `nil` where one is NaN or infinite.
    init?(_ values: [Double]) { self.init(of: values) }

    /// The same of numbers of float32.
    init?(_ values: [Float]) { self.init(of: values) }

    private init?(of values: [some BinaryFloatingPoint]) {
        let largest = IntegerGrid.largest(values)
        guard largest.isFinite else { return nil }
        if largest == 0, !values.contains(where: \.isNaN) {
            (exponent, self.largest) = (0, 0)
            return
        }
        guard let exponent = IntegerGrid.exponent(ofNarrow: values, largest) ?? IntegerGrid.exponent(of: values) else {
            return nil
        }
        // In two steps, since a power of two may be beyond float64 where the quotient is not.
        let half = exponent / 2
        self.exponent = exponent
        self.largest = largest * powerOfTwo(-half) * powerOfTwo(half - exponent)
    }

    /// The largest magnitude but for NaN.
    private static func largest<Number: BinaryFloatingPoint>(_ values: [Number]) -> Double {
        // Four at a time, since each comparison waits for the one before.
        var (first, second, third, fourth): (Number, Number, Number, Number) = (0, 0, 0, 0)
        values.withUnsafeBufferPointer { values in
            var place = 0
            while place + 4 <= values.count {
                first = values[place].magnitude > first ? values[place].magnitude : first
                second = values[place + 1].magnitude > second ? values[place + 1].magnitude : second
                third = values[place + 2].magnitude > third ? values[place + 2].magnitude : third
                fourth = values[place + 3].magnitude > fourth ? values[place + 3].magnitude : fourth
                place += 4
            }
            while place < values.count {
                first = values[place].magnitude > first ? values[place].magnitude : first
                place += 1
            }
        }
        return Double(max(max(first, second), max(third, fourth)))
    }

    /// The grid's exponent by the numbers' own bits, or `nil` where one is not finite.
    private static func exponent(of values: [some BinaryFloatingPoint]) -> Int? {
        // A finite float64 is an integer of 53 bits x 2^(max(exponent bits, 1) - 1075).
        var least = Int.max
        for number in values where number != 0 {
            let value = Double(number)
            guard value.isFinite else { return nil }
            let bits = Int(value.exponentBitPattern)
            let significand = value.significandBitPattern | (bits == 0 ? 0 : 0x10_0000_0000_0000)
            least = min(least, max(bits, 1) - 1075 + significand.trailingZeroBitCount)
        }
        return least
    }

    /// The same in a loop without branches, or `nil` where the numbers span more than 50 bits, or one is not finite.
    private static func exponent(ofNarrow values: [some BinaryFloatingPoint], _ largest: Double) -> Int? {
        guard largest > 0, abs(largest.exponent) <= 900 else { return nil }
        let unit = largest.exponent - 49
        let scale = powerOfTwo(-unit)
        // Added to it a number below 2^50 is rounded to a whole one, which stands in the lowest bits.
        let shift = 0x1p52
        var (bits, difference): (UInt64, UInt64) = (0, 0)
        values.withUnsafeBufferPointer { values in
            for value in values {
                let number = Double(value).magnitude * scale
                let shifted = number + shift
                bits |= shifted.bitPattern
                difference |= (shifted - shift).bitPattern ^ number.bitPattern
            }
        }
        guard difference == 0, bits >> 52 == shift.exponentBitPattern else { return nil }
        return unit + (bits & (1 << 52 - 1)).trailingZeroBitCount
    }
}

/// 2^exponent.
///
/// - Precondition: it is a normal number of float64.
func powerOfTwo(_ exponent: Int) -> Double {
    precondition((-1022...1023).contains(exponent), "2^\(exponent) is no normal number")
    return Double(sign: .plus, exponentBitPattern: UInt(1023 + exponent), significandBitPattern: 0)
}
