import Convolution

extension FaultableConvolution {
    /// The convolution, step by step, with whatever is spoiled.
    ///
    /// - Returns: `[batch, output height, output width, filters]`, in logical memory order unless a fault says otherwise.
    func computed() -> Tensor<Float> {
        let tables = TapTables(self)
        let isPlain = tap == nil && multiply == nil && sum == nil && padValue == nil
        let shape: Shape = [batch, outputHeight, outputWidth, filters]
        var elements: [Float] = []
        elements.reserveCapacity(shape.count)
        var products: [Float] = []
        for n in 0..<batch {
            for y in 0..<outputHeight {
                for x in 0..<outputWidth {
                    for f in 0..<filters {
                        var value: Float
                        if isPlain {
                            value = plainSum(n, y, x, f, tables)
                        } else {
                            gather(&products, at: Place(n: n, y: y, x: x, f: f), tables)
                            value = sum?(products) ?? products.reduce(0, +)
                        }
                        if let bias, f < bias.count { value += bias[f] }
                        if let element { value = element(Place(n: n, y: y, x: x, f: f), value) }
                        elements.append(value)
                    }
                }
            }
        }
        var result = Tensor(shape: shape, elements: elements)
        output?(&result)
        return result
    }

    /// The sum of an element's products, without hooks: most faults spend their time here.
    private func plainSum(_ n: Int, _ y: Int, _ x: Int, _ f: Int, _ tables: TapTables) -> Float {
        let elements = input.tensor.elements
        let taps = channelsPerGroup
        var sum: Float = 0
        for ky in 0..<kernelHeight {
            let row = tables.rows[y * kernelHeight + ky]
            if row == TapTables.padding { continue }
            for kx in 0..<kernelWidth {
                let column = tables.columns[x * kernelWidth + kx]
                if column == TapTables.padding { continue }
                let start = tables.images[n] + row + column
                let weight = ((f * kernelHeight + ky) * kernelWidth + kx) * taps
                for c in 0..<taps {
                    let offset = start + tables.channels[f * taps + c]
                    let value = offset >= 0 && offset < elements.count ? elements[offset] : input.beyond
                    sum += value * tables.weights[weight + c]
                }
            }
        }
        return sum
    }

    /// Puts an element's products into `products`, by way of the hooks.
    private func gather(_ products: inout [Float], at place: Place, _ tables: TapTables) {
        products.removeAll(keepingCapacity: true)
        let elements = input.tensor.elements
        let taps = channelsPerGroup
        for ky in 0..<kernelHeight {
            let row = tables.rows[place.y * kernelHeight + ky]
            for kx in 0..<kernelWidth {
                let column = tables.columns[place.x * kernelWidth + kx]
                let isPadding = row == TapTables.padding || column == TapTables.padding
                if isPadding, padValue == nil { continue }
                let start = isPadding ? 0 : tables.images[place.n] + row + column
                let weight = ((place.f * kernelHeight + ky) * kernelWidth + kx) * taps
                for c in 0..<taps {
                    let offset = start + tables.channels[place.f * taps + c]
                    var value = offset >= 0 && offset < elements.count ? elements[offset] : input.beyond
                    if isPadding, let padValue { value = padValue }
                    if let tap { value = tap(Tap(place: place, ky: ky, kx: kx, c: c), value) }
                    let factor = tables.weights[weight + c]
                    products.append(multiply?(value, factor) ?? value * factor)
                }
            }
        }
    }
}
