import Convolution

/// The sums of a right convolution, before the bias, and the tables that they come from.
///
/// A fault leaves most of them as they are: an element whose taps and weights are the right ones has the right sum, bit
/// for bit, and need not be computed again.
struct RightSums {
    let tables: TapTables
    let input: [Float]
    let sums: [Float]

    /// - Parameter right: a convolution that nothing has spoiled.
    init(_ right: FaultableConvolution) {
        tables = TapTables(right)
        input = right.input.tensor.elements
        sums = PlainSums(right, tables).all(like: nil)
    }
}

/// Which images, rows, columns and filters of a spoiled convolution are read and weighed as in the right one.
struct SharedTaps {
    let images: [Bool]
    let rows: [Bool]
    let columns: [Bool]
    let filters: [Bool]

    /// `nil` where the extents or the input differ, so that nothing can be taken over.
    init?(_ it: FaultableConvolution, _ tables: TapTables, _ right: RightSums) {
        let same = right.tables
        let isComparable =
            tables.extents == same.extents && it.padValue == nil && it.input.beyond == 0
            && it.input.tensor.elements == right.input
        guard isComparable else { return nil }
        images = it.batch == 0 ? [] : zip(tables.images, same.images).map(==)
        rows = SharedTaps.equalRows(tables.rows, same.rows, count: it.outputHeight)
        columns = SharedTaps.equalRows(tables.columns, same.columns, count: it.outputWidth)
        var filters = SharedTaps.equalRows(tables.channels, same.channels, count: it.filters)
        if !tables.weights.isSameBuffer(as: same.weights) {
            for offset in tables.weights.indices
            where tables.weights[offset].bitPattern != same.weights[offset].bitPattern {
                filters[offset % it.filters] = false
            }
        }
        self.filters = filters
    }

    /// The parts of `runs` whose filters differ.
    func changedRuns(of runs: [Range<Int>]) -> [Range<Int>] {
        runs.flatMap { run in
            var parts: [Range<Int>] = []
            for f in run where !filters[f] {
                if let last = parts.last, last.upperBound == f {
                    parts[parts.count - 1] = last.lowerBound..<f + 1
                } else {
                    parts.append(f..<f + 1)
                }
            }
            return parts
        }
    }

    private static func equalRows(_ first: [Int], _ second: [Int], count: Int) -> [Bool] {
        let width = count == 0 ? 0 : first.count / count
        return (0..<count).map { row in
            (row * width..<(row + 1) * width).allSatisfy { first[$0] == second[$0] }
        }
    }
}

extension [Float] {
    /// Whether both are the same memory, not merely equal.
    fileprivate func isSameBuffer(as other: [Float]) -> Bool {
        withUnsafeBufferPointer { first in other.withUnsafeBufferPointer { first.baseAddress == $0.baseAddress } }
    }
}
