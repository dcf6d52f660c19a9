internal import Convolution

/// Some elements of an output, or of an input gradient: what is summed for each is a window of an operand, of the taps that
/// meet it, and so those with the same taps are a small convolution.
struct WindowElements {
    /// Numbers of windows that are computed together.
    private static let blockNumbers = 1 << 21

    /// The rows and columns of the kernel that meet a position.
    private struct Taps: Hashable {
        let rows: [Int]
        let columns: [Int]
    }

    private let geometry: Geometry
    private let problem: Problem
    private let operands: Operands
    private let isForward: Bool
    /// What windows are taken from.
    private let source: AnyTensor
    private let filter: AnyTensor
    /// Of the group: the first channel of the source, and how many there are.
    private let channels: Range<Int>
    private let columns: [Int]

    /// - Parameter columns: of the answer, in one group, at least one.
    init(_ geometry: Geometry, _ problem: Problem, _ operands: Operands, columns: [Int]) {
        (self.geometry, self.problem, self.operands, self.columns) = (geometry, problem, operands, columns)
        isForward = problem.operation == .forward
        guard let source = operands[problem.operation.factors[0]], let filter = operands.filter else {
            preconditionFailure("there is no \(problem.operation.factors[0].rawValue), or no filter")
        }
        (self.source, self.filter) = (source.reordered(to: .logical), filter.reordered(to: .logical))
        let group = columns[0] / geometry.elementsPerGroup(of: problem.operation)
        let depth = isForward ? geometry.channelsPerGroup : geometry.filtersPerGroup
        channels = group * depth..<(group + 1) * depth
    }

    func elements(
        at positions: [AnswerPosition], _ convolution: ExactConvolution
    ) throws(InvalidProblem) -> ExactElements {
        var elements = ExactElements(positions: positions.count, columns: columns.count)
        let bias = operands.bias?.doubles.elements
        for (taps, all) in Dictionary(grouping: positions.indices, by: { taps(at: positions[$0]) }) {
            var part = Problem(
                input: [1, taps.rows.count, taps.columns.count, channels.count],
                filter: [taps.rows.count, taps.columns.count, channels.count, columns.count],
                biasCount: bias.map { _ in columns.count }, types: problem.types)
            // What no tap meets has a bias at most.
            guard part.filter.count > 0 else {
                let alone = ExactAnswer(biases: columns.map { bias?[$0] ?? 0 })
                for place in all { elements.set(place, to: alone, row: 0) }
                continue
            }
            var numbers = Operands(filter: weights(taps), quantization: quantization)
            numbers.bias = bias.map { bias in
                AnyTensor(
                    nearest: columns.map { bias[$0] }, type: problem.types[.bias], shape: [1, 1, 1, columns.count])
            }
            let most = max(1, Self.blockNumbers / max(part.input.count, 1))
            for first in stride(from: 0, to: all.count, by: most) {
                let chosen = all[first..<min(first + most, all.count)]
                part.input[0] = chosen.count
                numbers.input = windows(taps, at: chosen.map { positions[$0] })
                let answer = try convolution.answer(to: part, numbers)
                for (row, place) in chosen.enumerated() { elements.set(place, to: answer, row: row) }
            }
        }
        return elements
    }

    /// The zero points of the chosen filters.
    private var quantization: Quantization? {
        guard var quantization = operands.quantization else { return nil }
        quantization.filter.zeroPoints = columns.map(quantization.filterZeroPoint)
        return quantization
    }

    private func taps(at position: AnswerPosition) -> Taps {
        Taps(
            rows: (0..<geometry.kernelHeight).filter { row(position.second, $0) != nil },
            columns: (0..<geometry.kernelWidth).filter { column(position.third, $0) != nil })
    }

    /// The row of the source that a row of the answer meets through a row of the kernel.
    private func row(_ row: Int, _ kernelRow: Int) -> Int? {
        isForward ? geometry.inputRow(row, kernelRow) : geometry.outputRow(row, kernelRow)
    }

    private func column(_ column: Int, _ kernelColumn: Int) -> Int? {
        isForward ? geometry.inputColumn(column, kernelColumn) : geometry.outputColumn(column, kernelColumn)
    }

    /// `[positions, rows, columns, channels]`.
    private func windows(_ taps: Taps, at positions: [AnswerPosition]) -> AnyTensor {
        let shape: Shape = [positions.count, taps.rows.count, taps.columns.count, channels.count]
        let size = source.shape
        let numbers = [Double](unsafeUninitializedCapacity: shape.count) { room, count in
            for position in positions {
                for tap in taps.rows {
                    guard let row = row(position.second, tap) else { continue }
                    for tap in taps.columns {
                        guard let column = column(position.third, tap) else { continue }
                        let pixel = (position.first * size[1] + row) * size[2] + column
                        source.copy(
                            from: pixel * size[3] + channels.lowerBound, count: channels.count,
                            into: room.baseAddress! + count)
                        count += channels.count
                    }
                }
            }
        }
        return AnyTensor(nearest: numbers, type: source.type, shape: shape)
    }

    /// `[rows, columns, channels, chosen columns]`.
    private func weights(_ taps: Taps) -> AnyTensor {
        let shape: Shape = [taps.rows.count, taps.columns.count, channels.count, columns.count]
        let (size, filters) = (geometry.channelsPerGroup, geometry.filters)
        let tap = Scratch<Double>(count: size * filters)
        let numbers = [Double](unsafeUninitializedCapacity: shape.count) { room, count in
            for row in taps.rows {
                for column in taps.columns {
                    filter.copy(
                        from: (row * geometry.kernelWidth + column) * tap.count, count: tap.count, into: tap.pointer)
                    for channel in channels {
                        for chosen in columns {
                            let place =
                                isForward
                                ? channel % size * filters + chosen : chosen % size * filters + channel
                            (room.baseAddress! + count).initialize(to: tap.pointer[place])
                            count += 1
                        }
                    }
                }
            }
        }
        return AnyTensor(nearest: numbers, type: filter.type, shape: shape)
    }
}

extension ExactAnswer {
    /// The elements of one position that are biases alone.
    fileprivate init(biases: [Double]) {
        self.init(shape: [1, 1, 1, biases.count]) { results in
            for (place, bias) in biases.enumerated() {
                results.expected[place] = bias + 0
                results.magnitude[place] = bias.magnitude.floatRoundedUp
                results.oddSteps[place] = 0
            }
        }
    }
}
