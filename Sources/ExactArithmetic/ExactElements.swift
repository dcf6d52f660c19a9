public import Convolution

/// A place of an output, whose elements differ by their filter alone.
public struct OutputPosition: Hashable, Sendable {
    public let batch: Int
    public let row: Int
    public let column: Int

    public init(batch: Int, row: Int, column: Int) {
        (self.batch, self.row, self.column) = (batch, row, column)
    }
}

extension ExactConvolution {
    /// Numbers of windows that are computed together.
    private static let blockNumbers = 1 << 21

    /// Some elements of the exact output of a forward convolution, without the others.
    ///
    /// - Parameters:
    ///   - operands: with the input in logical memory order.
    ///   - filters: all of one group, which see the same channels.
    /// - Returns: `[positions, filters]`: the exact sums, rounded once to float64, and the sums of magnitudes, rounded up to
    ///   float32.
    /// - Throws: `InvalidProblem` where the problem has no output.
    public func elements(
        of problem: Problem, _ operands: Operands, at positions: [OutputPosition], filters: [Int]
    ) throws(InvalidProblem) -> (expected: [Double], magnitude: [Float]) {
        let geometry = try problem.geometry()
        guard let input = operands.input, let filter = operands.filter?.reordered(to: .logical), let one = filters.first
        else { return ([], []) }
        let window = Window(geometry, input, filter, firstChannel: geometry.firstChannel(ofFilter: one), filters)
        let bias = operands.bias?.doubles.elements
        let count = positions.count * filters.count
        var (expected, magnitude) = ([Double](repeating: 0, count: count), [Float](repeating: 0, count: count))
        let places = Dictionary(grouping: positions.indices) { window.taps(at: positions[$0]) }
        for (taps, all) in places {
            var part = Problem(
                input: [1, taps.rows.count, taps.columns.count, geometry.channelsPerGroup],
                filter: [taps.rows.count, taps.columns.count, geometry.channelsPerGroup, filters.count],
                biasCount: bias.map { _ in filters.count }, types: problem.types)
            var numbers = Operands(filter: window.filter(taps))
            numbers.bias = bias.map { bias in
                AnyTensor(
                    nearest: filters.map { bias[$0] }, type: problem.types[.bias], shape: [1, 1, 1, filters.count])
            }
            let most = max(1, Self.blockNumbers / max(part.input.count, 1))
            for first in stride(from: 0, to: all.count, by: most) {
                let chosen = all[first..<min(first + most, all.count)]
                part.input[0] = chosen.count
                // A window in the padding alone has a bias at most.
                guard part.filter.count > 0 else {
                    for place in chosen {
                        for (column, f) in filters.enumerated() {
                            expected[place * filters.count + column] = (bias?[f] ?? 0) + 0
                            magnitude[place * filters.count + column] = (bias?[f].magnitude ?? 0).floatRoundedUp
                        }
                    }
                    continue
                }
                numbers.input = window.inputs(taps, at: chosen.map { positions[$0] })
                let answer = try answer(to: part, numbers)
                for (row, place) in chosen.enumerated() {
                    for column in filters.indices {
                        expected[place * filters.count + column] =
                            answer.expected.elements[row * filters.count + column]
                        magnitude[place * filters.count + column] =
                            answer.magnitude.elements[row * filters.count + column]
                    }
                }
            }
        }
        return (expected, magnitude)
    }
}

/// What some filters see from a position.
private struct Window {
    /// The taps of the kernel that lie over the input.
    struct Taps: Hashable {
        let rows: Range<Int>
        let columns: Range<Int>
    }

    private let geometry: Geometry
    private let input: AnyTensor
    private let filter: AnyTensor
    private let firstChannel: Int
    private let filters: [Int]

    init(_ geometry: Geometry, _ input: AnyTensor, _ filter: AnyTensor, firstChannel: Int, _ filters: [Int]) {
        (self.geometry, self.input, self.filter) = (geometry, input, filter)
        (self.firstChannel, self.filters) = (firstChannel, filters)
    }

    func taps(at position: OutputPosition) -> Taps {
        let rows = (0..<geometry.kernelHeight).filter { geometry.inputRow(position.row, $0) != nil }
        let columns = (0..<geometry.kernelWidth).filter { geometry.inputColumn(position.column, $0) != nil }
        // Those inside are neighbours.
        func range(_ taps: [Int]) -> Range<Int> { taps.first.map { $0..<$0 + taps.count } ?? 0..<0 }
        return Taps(rows: range(rows), columns: range(columns))
    }

    /// `[positions, rows, columns, channels]`.
    func inputs(_ taps: Taps, at positions: [OutputPosition]) -> AnyTensor {
        let channels = geometry.channelsPerGroup
        let shape: Shape = [positions.count, taps.rows.count, taps.columns.count, channels]
        let numbers = [Double](unsafeUninitializedCapacity: shape.count) { room, count in
            for position in positions {
                for tap in taps.rows {
                    guard let row = geometry.inputRow(position.row, tap) else { continue }
                    for tap in taps.columns {
                        guard let column = geometry.inputColumn(position.column, tap) else { continue }
                        let pixel = (position.batch * geometry.height + row) * geometry.width + column
                        input.copy(
                            from: pixel * geometry.channels + firstChannel, count: channels,
                            into: room.baseAddress! + count)
                        count += channels
                    }
                }
            }
        }
        return AnyTensor(nearest: numbers, type: input.type, shape: shape)
    }

    /// `[rows, columns, channels, filters]`.
    func filter(_ taps: Taps) -> AnyTensor {
        let channels = geometry.channelsPerGroup
        let shape: Shape = [taps.rows.count, taps.columns.count, channels, filters.count]
        let row = Scratch<Double>(count: geometry.filters)
        let numbers = [Double](unsafeUninitializedCapacity: shape.count) { room, count in
            for tap in taps.rows {
                for other in taps.columns {
                    for channel in 0..<channels {
                        let place = (tap * geometry.kernelWidth + other) * channels + channel
                        filter.copy(from: place * geometry.filters, count: geometry.filters, into: row.pointer)
                        for f in filters {
                            (room.baseAddress! + count).initialize(to: row.pointer[f])
                            count += 1
                        }
                    }
                }
            }
        }
        return AnyTensor(nearest: numbers, type: filter.type, shape: shape)
    }
}
