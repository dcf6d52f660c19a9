import Convolution

extension FaultableConvolution {
    /// The convolution, step by step, with whatever is spoiled.
    ///
    /// - Parameter right: the right sums of the same problem and tensors; they save time and change nothing.
    /// - Returns: `[batch, output height, output width, filters]`, in logical memory order unless a fault says otherwise.
    func computed(like right: RightSums? = nil) -> Tensor<Float> {
        let tables = TapTables(self)
        let isPlain = tap == nil && multiply == nil && sum == nil
        let shape: Shape = [batch, outputHeight, outputWidth, filters]
        var elements = isPlain ? PlainSums(self, tables).all(like: right) : hookedSums(tables)
        if let bias, bias.count > 0 {
            for offset in elements.indices where offset % filters < bias.count {
                elements[offset] += bias[offset % filters]
            }
        }
        if let element { apply(element, to: &elements) }
        var result = Tensor(shape: shape, elements: elements)
        output?(&result)
        return result
    }

    private func apply(_ element: (_ place: Place, _ value: Float) -> Float, to elements: inout [Float]) {
        var offset = 0
        for n in 0..<batch {
            for y in 0..<outputHeight {
                for x in 0..<outputWidth {
                    for f in 0..<filters {
                        elements[offset] = element(Place(n: n, y: y, x: x, f: f), elements[offset])
                        offset += 1
                    }
                }
            }
        }
    }

    /// The sums of all elements' products, by way of the hooks.
    private func hookedSums(_ tables: TapTables) -> [Float] {
        let products = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(productsPerOutput, 1))
        defer { products.deallocate() }
        return [Float](unsafeUninitializedCapacity: outputCount) { sums, offset in
            for n in 0..<batch {
                for y in 0..<outputHeight {
                    for x in 0..<outputWidth {
                        for f in 0..<filters {
                            let count = gather(products, at: Place(n: n, y: y, x: x, f: f), tables)
                            let gathered = UnsafeBufferPointer(rebasing: products[..<count])
                            sums.initializeElement(at: offset, to: sum?(gathered) ?? gathered.reduce(0, +))
                            offset += 1
                        }
                    }
                }
            }
        }
    }

    /// Puts an element's products at the beginning of `products`.
    ///
    /// - Returns: how many there are.
    private func gather(_ products: UnsafeMutableBufferPointer<Float>, at place: Place, _ tables: TapTables) -> Int {
        let (taps, filters) = (channelsPerGroup, filters)
        let (tap, multiply, padValue, beyond) = (tap, multiply, padValue, input.beyond)
        var count = 0
        func gather(
            _ elements: UnsafeBufferPointer<Float>, _ channels: UnsafeBufferPointer<Int>,
            _ weights: UnsafeBufferPointer<Float>
        ) {
            for ky in 0..<kernelHeight {
                let row = tables.rows[place.y * kernelHeight + ky]
                for kx in 0..<kernelWidth {
                    let column = tables.columns[place.x * kernelWidth + kx]
                    let isPadding = row == TapTables.padding || column == TapTables.padding
                    if isPadding, padValue == nil { continue }
                    let start = isPadding ? 0 : tables.images[place.n] + row + column
                    let weight = (ky * kernelWidth + kx) * taps * filters + place.f
                    if tap == nil, multiply == nil, !isPadding {
                        for c in 0..<taps {
                            let offset = start &+ channels[place.f &* taps &+ c]
                            let value = offset >= 0 && offset < elements.count ? elements[offset] : beyond
                            products[count &+ c] = value * weights[weight &+ c &* filters]
                        }
                        count += taps
                        continue
                    }
                    for c in 0..<taps {
                        let offset = start &+ channels[place.f &* taps &+ c]
                        var value = offset >= 0 && offset < elements.count ? elements[offset] : beyond
                        if isPadding, let padValue { value = padValue }
                        let factor = weights[weight &+ c &* filters]
                        if let tap { value = tap(Tap(place: place, ky: ky, kx: kx, c: c), value) }
                        products[count] = if let multiply { multiply(value, factor) } else { value * factor }
                        count += 1
                    }
                }
            }
        }
        input.tensor.elements.withUnsafeBufferPointer { elements in
            tables.channels.withUnsafeBufferPointer { channels in
                tables.weights.withUnsafeBufferPointer { gather(elements, channels, $0) }
            }
        }
        return count
    }
}
