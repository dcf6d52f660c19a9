internal import Convolution
internal import ExactArithmetic

/// Compares an answer with exact sums that are computed only where they are needed: see ``Projection``.
struct ProjectedComparison<Element: TensorElement> {
    /// The most products for the elements of positions that fail; more would only be more of the same.
    private static var mostProducts: Int { 1 << 28 }
    private static var fewestComputed: Int { 16 }
    /// Vectors of signs, where sums are compared within allowances.
    private static var signVectors: Int { 4 }

    let got: Tensor<Element>
    let golden: GoldenCase
    let truth: ProjectedTruth
    let geometry: Geometry
    let allowance: Allowance

    private var places: Int { geometry.batch * geometry.outputHeight * geometry.outputWidth }
    private var size: Int { geometry.filtersPerGroup }
    private var isExact: Bool { allowance.ulps == 0 && golden.header.data == .integer }

    /// - Parameter seed: what vectors and sample follow from.
    func comparison(seed: UInt64, leeway: @autoclosure () -> NonFiniteLeeway?) throws(InvalidProblem) -> Comparison {
        var random = SequentialRandom(seed: seed)
        let number = isExact ? truth.vectors(for: geometry) : nil
        let count = number?.count ?? Self.signVectors
        let vectors = (0..<geometry.filters * count).map { _ in
            let bits = random.next()
            guard let number else { return bits >> 63 == 0 ? 1.0 : -1.0 }
            return Double(Int64(bits >> UInt64(64 - number.bits)) - 1 << Int64(number.bits - 1))
        }
        var projection = Projection(
            seed: seed, vectors: count, missedBits: number.map { $0.count * $0.bits },
            positions: places * geometry.groups)
        let sums = failingSums(vectors)
        var failing = sums.failing
        var tally = ElementTally(
            got: got, golden: golden, geometry: geometry,
            judge: ElementJudge(
                allowance: allowance, leeway: sums.isFinite ? nil : leeway(), shape: geometry.outputShape),
            allowance: allowance)
        if !isExact {
            for part in ElementSample(geometry, random: &random).parts {
                projection.samples += try tally.add(part.positions, filters: part.filters) { place in
                    failing[place * geometry.groups + part.group] = true
                }
            }
        }
        let all = failing.indices.filter { failing[$0] }
        projection.failing = all.count
        let chosen = chosen(of: all)
        projection.computed = chosen.count
        for (group, sums) in Dictionary(grouping: chosen, by: { $0 % geometry.groups }) {
            _ = try tally.add(
                sums.map { position(ofPlace: $0 / geometry.groups) }, filters: Array(group * size..<(group + 1) * size)
            ) { _ in }
        }
        let computed = Set(chosen)
        let known = all.first { !computed.contains($0) }.map { $0 / geometry.groups * geometry.filters }
        var comparison = tally.comparison(knownUpTo: known ?? got.elements.count)
        comparison.projection = projection
        return comparison
    }

    private func position(ofPlace place: Int) -> OutputPosition {
        let (rows, column) = place.quotientAndRemainder(dividingBy: geometry.outputWidth)
        let (batch, row) = rows.quotientAndRemainder(dividingBy: geometry.outputHeight)
        return OutputPosition(batch: batch, row: row, column: column)
    }

    /// Those of the failing sums whose elements are computed: all where they are few; else the first ones, and others evenly
    /// over the rest.
    private func chosen(of failing: [Int]) -> [Int] {
        let most = max(Self.fewestComputed, Self.mostProducts / max(geometry.productsPerOutput * size, 1))
        if failing.count <= most { return failing }
        let first = most / 2
        let (rest, others) = (failing.count - first, most - first)
        return failing.prefix(first) + (0..<others).map { failing[first + $0 * rest / others] }
    }

    // MARK: Sums

    /// Whether each sum, `[batch, output height, output width, groups]`, is not as wanted with some vector; and whether all
    /// elements are finite.
    private func failingSums(_ vectors: [Double]) -> (failing: [Bool], isFinite: Bool) {
        let count = vectors.count / geometry.filters
        let groups = geometry.groups
        let projected = ProjectedConvolution(geometry, golden.operands, vectors: vectors)
        let magnitudes =
            isExact
            ? nil
            : ProjectedConvolution(
                geometry, golden.operands, vectors: [Double](repeating: 1, count: geometry.filters), areMagnitudes: true
            )
        var failing = [Bool](repeating: false, count: places * groups)
        var isFinite = true
        let width = geometry.outputWidth
        let row = Scratch<Double>(count: width * geometry.filters)
        let products = Scratch<Double>(count: width * count)
        for batch in 0..<geometry.batch {
            let sums = projected.sums(ofImage: batch)
            let sumsOfMagnitudes = magnitudes?.sums(ofImage: batch) ?? []
            let allowed = (0..<groups).map { isExact ? nil : allowedSum(batch, group: $0) }
            for y in 0..<geometry.outputHeight {
                store(batch, y, into: row.pointer)
                let first = (batch * geometry.outputHeight + y) * width
                for group in 0..<groups {
                    vectors.withUnsafeBufferPointer { vectors in
                        MatrixProduct.shared.store(
                            row.pointer + group * size, leftStride: geometry.filters,
                            times: vectors.baseAddress! + group * size * count, rightStride: count,
                            into: products.pointer, stride: count, rows: width, inner: size, columns: count)
                    }
                    for x in 0..<width {
                        let elements = row.pointer + x * geometry.filters + group * size
                        let place = (y * width + x) * groups + group
                        let isPlain: Bool
                        var most = 0.0
                        if let allowed = allowed[group] {
                            isPlain = areFinite(elements)
                            most = allowed.constant + allowed.perMagnitude * sumsOfMagnitudes[place]
                            if !isPlain { isFinite = false }
                        } else {
                            isPlain = areWhole(elements)
                            if !isPlain, !areFinite(elements) { isFinite = false }
                        }
                        var areAsWanted = isPlain
                        for vector in 0..<count {
                            let distance = abs(products.pointer[x * count + vector] - sums[place * count + vector])
                            areAsWanted = areAsWanted && distance <= most
                        }
                        if !areAsWanted { failing[(first + x) * groups + group] = true }
                    }
                }
            }
        }
        return (failing, isFinite)
    }

    /// An output row of an image as the engine answered it, `[output width, filters]`.
    private func store(_ batch: Int, _ y: Int, into row: UnsafeMutablePointer<Double>) {
        let (filters, strides) = (geometry.filters, got.strides)
        let first = batch * strides[0] + y * strides[1]
        if strides[3] == 1, strides[2] == filters {
            got.copy(from: first, step: 1, count: geometry.outputWidth * filters, into: row)
            return
        }
        for filter in 0..<filters {
            got.copy(
                from: first + filter * strides[3], step: strides[2], count: geometry.outputWidth, into: row + filter,
                target: filters)
        }
    }

    /// Whether a position's elements are whole numbers that an exact sum can be.
    private func areWhole(_ elements: UnsafePointer<Double>) -> Bool {
        // Adding it rounds to a whole number whatever is below 2^51.
        let (shift, most) = (0x1.8p52, truth.largestMagnitude)
        var wrong = 0
        for filter in 0..<size {
            let element = elements[filter]
            wrong &+= ((element + shift) - shift == element ? 0 : 1) &+ (element.magnitude <= most ? 0 : 1)
        }
        return wrong == 0
    }

    private func areFinite(_ elements: UnsafePointer<Double>) -> Bool {
        var wrong = 0
        for filter in 0..<size { wrong &+= elements[filter].magnitude <= .greatestFiniteMagnitude ? 0 : 1 }
        return wrong == 0
    }

    /// What the sum of a group's elements at a position may be off by: what these may be off by together, and what float64
    /// rounds in the sums themselves, as a part of the sum of their magnitudes.
    ///
    /// With u = 2^-53, the filters' sums have an error of F u, the projection's of (K + 1) u more, the answer's of F u, all
    /// relative to magnitudes; twice these are more than n u / (1 - n u). A golden magnitude is rounded up to float32, which
    /// 2^-20 covers, as it does the rounding of the sum of magnitudes.
    private func allowedSum(_ batch: Int, group: Int) -> (constant: Double, perMagnitude: Double) {
        let first = batch * geometry.outputHeight * geometry.outputWidth * geometry.filters + group * size
        let allowed = allowance.summed(offsets: first..<first + size)
        let rounding = Double(geometry.productsPerOutput + 2 * size + 16) * 0x1p-52
        let larger = 1 + 0x1p-20
        return (
            allowed.constant * (1 + rounding) * larger,
            (allowed.perMagnitude * (1 + rounding) + rounding) * larger
        )
    }
}
