import Convolution

/// Changes that many faults make.
extension FaultableConvolution {
    /// Uses zero for the weights that `isDropped` names, by kernel row, kernel column, channel, filter.
    mutating func dropWeights(_ isDropped: @escaping (_ ky: Int, _ kx: Int, _ c: Int, _ f: Int) -> Bool) {
        weight = { [filter] ky, kx, c, f in isDropped(ky, kx, c, f) ? 0 : filter[ky, kx, c, f] }
    }

    /// Uses the weights of an earlier filter for all filters from `first` on.
    mutating func repeatFilters(from first: Int, back distance: Int) {
        weight = { [filter] ky, kx, c, f in filter[ky, kx, c, f < first ? f : f - distance] }
    }

    /// Stores in each output element the right number of the place that `source` names.
    mutating func copyOutput(from source: @escaping (_ place: Place) -> Place) {
        output = { output in
            output = Tensor(shape: output.shape) { [right = output] n, y, x, f in
                let place = source(Place(n: n, y: y, x: x, f: f))
                return right[place.n, place.y, place.x, place.f]
            }
        }
    }

    /// Stores zero in the output elements that `isDropped` names.
    mutating func zeroOutput(_ isDropped: @escaping (_ place: Place) -> Bool) {
        element = { place, value in isDropped(place) ? 0 : value }
    }

    /// Leaves output elements unwritten: they hold what the last call left there.
    mutating func leaveUnwritten(_ isUnwritten: @escaping (_ place: Place) -> Bool) {
        element = { [it = self] place, value in
            isUnwritten(place) ? it.memory.leftover(at: it.outputOffset(place)) : value
        }
    }

    /// Rounds input and filter.
    mutating func roundFactors(_ rounded: (Float) -> Float) {
        input.apply(rounded)
        filter.apply(rounded)
    }

    /// An index beyond an end, continued at the other one; `nil` where there is nothing to continue with.
    func wrapped(_ index: Int, _ count: Int) -> Int? {
        count > 0 ? (index % count + count) % count : nil
    }

    /// Where an output element lies, counted in elements.
    func outputOffset(_ place: Place) -> Int {
        ((place.n * outputHeight + place.y) * outputWidth + place.x) * filters + place.f
    }

    /// Where a product stands in the sum of one output element: its row in the matrix of im2col.
    func product(_ ky: Int, _ kx: Int, _ c: Int) -> Int {
        (ky * kernelWidth + kx) * channelsPerGroup + c
    }

    /// The input row and column of a tap, also where they lie in the padding.
    func position(_ tap: Tap) -> (row: Int, column: Int) {
        (
            tap.place.y * strides.height + tap.ky * dilations.height - pads.top,
            tap.place.x * strides.width + tap.kx * dilations.width - pads.left
        )
    }

    /// The input element at a tap in another channel, counted over all groups; beyond the last one follows the next pixel.
    func read(_ tap: Tap, channel: Int) -> Float {
        let (row, column) = position(tap)
        return input[tap.place.n, row, column, channel]
    }
}
