internal import Convolution

/// Some elements of a filter gradient: those of a tap are the filter gradient of a kernel of 1 x 1, of the input moved by so
/// much, with fewer channels and filters.
struct TapElements {
    private let geometry: Geometry
    private let problem: Problem
    private let input: AnyTensor
    /// The chosen filters of the output's gradient.
    private let output: AnyTensor
    private let filters: [Int]
    private let firstChannel: Int

    /// - Parameter filters: of one group, at least one.
    init(_ geometry: Geometry, _ problem: Problem, _ operands: Operands, filters: [Int]) {
        (self.geometry, self.problem, self.filters) = (geometry, problem, filters)
        guard let input = operands.input, let output = operands.output else {
            preconditionFailure("a filter gradient has an input and an output")
        }
        self.input = input.reordered(to: .logical)
        self.output = output.reordered(to: .logical).taking(filters)
        firstChannel = geometry.firstChannel(ofFilter: filters[0])
    }

    func elements(
        at positions: [AnswerPosition], _ convolution: ExactConvolution
    ) throws(InvalidProblem) -> ExactElements {
        var elements = ExactElements(positions: positions.count, columns: filters.count)
        let taps = Dictionary(grouping: positions.indices) { [positions[$0].first, positions[$0].second] }
        // Taps of which the same channels are wanted share them.
        let channels = Dictionary(grouping: taps.values) { places in places.map { positions[$0].third } }
        for (channels, taps) in channels {
            let part = Operands(input: input.taking(channels.map { firstChannel + $0 }), output: output)
            for places in taps {
                let position = positions[places[0]]
                guard let pads = pads(position.first, position.second) else { continue }
                let one = Problem(
                    input: [geometry.batch, geometry.height, geometry.width, channels.count],
                    filter: [1, 1, channels.count, filters.count], strides: geometry.strides, padding: .explicit(pads),
                    operation: .filterGradient, types: problem.types)
                let answer = try convolution.answer(to: one, part)
                for (row, place) in places.enumerated() { elements.set(place, to: answer, row: row) }
            }
        }
        return elements
    }

    /// The pads with which a kernel of 1 x 1 meets what a tap does; `nil` where that is the padding alone.
    private func pads(_ kernelRow: Int, _ kernelColumn: Int) -> Pads? {
        let top = geometry.pads.top - kernelRow * geometry.dilations.height
        let left = geometry.pads.left - kernelColumn * geometry.dilations.width
        let meetsRows = (0..<geometry.outputHeight).contains { geometry.inputRow($0, kernelRow) != nil }
        guard meetsRows, !geometry.outputColumns(meeting: kernelColumn).isEmpty else { return nil }
        return Pads(
            top: top, bottom: (geometry.outputHeight - 1) * geometry.strides.height + 1 - geometry.height - top,
            left: left, right: (geometry.outputWidth - 1) * geometry.strides.width + 1 - geometry.width - left)
    }
}

extension AnyTensor {
    /// Some indices of the last axis, of a tensor in logical memory order.
    fileprivate func taking(_ indices: [Int]) -> AnyTensor { perform(Taking(indices: indices)) }
}

private struct Taking: TensorWork {
    let indices: [Int]

    func on<Element: TensorElement>(_ tensor: Tensor<Element>) -> AnyTensor {
        let (shape, last) = (tensor.shape, tensor.shape[3])
        let rows = shape.count / max(last, 1)
        let elements = [Element](unsafeUninitializedCapacity: rows * indices.count) { room, count in
            tensor.elements.withUnsafeBufferPointer { elements in
                for row in 0..<rows {
                    for index in indices {
                        (room.baseAddress! + count).initialize(to: elements[row * last + index])
                        count += 1
                    }
                }
            }
        }
        return Element.erase(Tensor(shape: [shape[0], shape[1], shape[2], indices.count], elements: elements))
    }
}
