internal import Convolution
internal import ExactArithmetic

/// Compares an answer with exact sums that are computed only where they are needed: see ``Projection``.
struct ProjectedComparison {
    /// The most products for the elements of positions that fail; more would only be more of the same.
    private static let mostProducts = 1 << 28
    private static let fewestComputed = 16
    /// Vectors of signs, where sums are compared within allowances.
    private static let signVectors = 4

    private let got: AnyTensor
    private let golden: GoldenCase
    private let truth: ProjectedTruth
    private let geometry: Geometry
    private let allowance: Allowance
    private let operation: Operation
    /// Those of the answer.
    private let (shape, strides): (Shape, Shape)

    init(got: AnyTensor, golden: GoldenCase, truth: ProjectedTruth, geometry: Geometry, allowance: Allowance) {
        (self.got, self.golden, self.truth) = (got, golden, truth)
        (self.geometry, self.allowance) = (geometry, allowance)
        operation = golden.header.problem.operation
        (shape, strides) = (got.shape, got.order.strides(of: got.shape))
    }

    private var places: Int { shape[0] * shape[1] * shape[2] }
    /// Elements that lie side by side in a group.
    private var size: Int { geometry.elementsPerGroup(of: operation) }
    private var isExact: Bool { allowance.ulps == 0 && golden.header.data == .integer }

    /// - Parameter seed: what vectors and sample follow from.
    func comparison(seed: UInt64, leeway: @autoclosure () -> NonFiniteLeeway?) throws(InvalidProblem) -> Comparison {
        var random = SequentialRandom(seed: seed)
        let number = isExact ? truth.vectors(for: geometry, operation) : nil
        let count = number?.count ?? Self.signVectors
        let vectors = (0..<shape[3] * count).map { _ in
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
            got: got, golden: golden, region: AnswerRegion(geometry, operation.answer),
            judge: ElementJudge(
                allowance: allowance, leeway: sums.isFinite ? nil : leeway(), shape: shape, type: got.type))
        if !isExact {
            for part in ElementSample(geometry, operation, random: &random).parts {
                projection.samples += try tally.add(part.positions, columns: part.columns) { place in
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
                sums.map { position(ofPlace: $0 / geometry.groups) }, columns: Array(group * size..<(group + 1) * size)
            ) { _ in }
        }
        let computed = Set(chosen)
        let known = all.first { !computed.contains($0) }.map { $0 / geometry.groups * shape[3] }
        var comparison = tally.comparison(knownUpTo: known ?? got.count)
        comparison.projection = projection
        return comparison
    }

    private func position(ofPlace place: Int) -> AnswerPosition {
        let (rows, third) = place.quotientAndRemainder(dividingBy: shape[2])
        let (first, second) = rows.quotientAndRemainder(dividingBy: shape[1])
        return AnswerPosition(first, second, third)
    }

    /// Those of the failing sums whose elements are computed: all where they are few; else the first ones, and others evenly
    /// over the rest.
    private func chosen(of failing: [Int]) -> [Int] {
        let products = geometry.productsPerAnswer(of: operation) * size
        let most = max(Self.fewestComputed, Self.mostProducts / max(products, 1))
        if failing.count <= most { return failing }
        let first = most / 2
        let (rest, others) = (failing.count - first, most - first)
        return failing.prefix(first) + (0..<others).map { failing[first + $0 * rest / others] }
    }

    // MARK: Sums

    /// Whether each sum, `[first three axes, groups]`, is not as wanted with some vector; and whether all elements are finite.
    private func failingSums(_ vectors: [Double]) -> (failing: [Bool], isFinite: Bool) {
        let (count, groups, width) = (vectors.count / shape[3], geometry.groups, shape[2])
        let projected = ProjectedAnswer(geometry, operation, golden.operands, vectors: vectors)
        let magnitudes =
            isExact
            ? nil
            : ProjectedAnswer(
                geometry, operation, golden.operands, vectors: [Double](repeating: 1, count: shape[3]),
                areMagnitudes: true)
        var failing = [Bool](repeating: false, count: places * groups)
        var isFinite = true
        let row = Scratch<Double>(count: width * shape[3])
        let products = Scratch<Double>(count: width * count)
        let arePlain = Scratch<Bool>(count: width)
        for first in 0..<shape[0] {
            let sums = projected.sums(at: first)
            let sumsOfMagnitudes = magnitudes?.sums(at: first) ?? []
            let allowed = allowedSums(at: first)
            for second in 0..<shape[1] {
                store(first, second, into: row.pointer)
                let firstPlace = (first * shape[1] + second) * width
                for group in 0..<groups {
                    vectors.withUnsafeBufferPointer { vectors in
                        MatrixProduct.shared.store(
                            row.pointer + group * size * rowSteps.last, leftStride: isTransposed ? width : shape[3],
                            isTransposed: isTransposed, times: vectors.baseAddress! + group * size * count,
                            rightStride: count,
                            into: products.pointer, stride: count, rows: width, inner: size, columns: count)
                    }
                    let areAllFinite = store(plain: row.pointer + group * size * rowSteps.last, into: arePlain.pointer)
                    isFinite = isFinite && areAllFinite
                    for third in 0..<width {
                        let place = (second * width + third) * groups + group
                        var most = 0.0
                        if !isExact {
                            let allowed = allowed[allowed.count == groups ? group : third * groups + group]
                            most = allowed.constant + allowed.perMagnitude * sumsOfMagnitudes[place]
                        }
                        var areAsWanted = arePlain.pointer[third]
                        for vector in 0..<count {
                            let distance = abs(products.pointer[third * count + vector] - sums[place * count + vector])
                            areAsWanted = areAsWanted && distance <= most
                        }
                        if !areAsWanted { failing[(firstPlace + third) * groups + group] = true }
                    }
                }
            }
        }
        return (failing, isFinite)
    }

    /// Whether elements of the third axis lie side by side in the answer, and so do in a row of it.
    private var isTransposed: Bool { strides[2] == 1 && strides[3] != 1 }

    /// How far elements lie apart in a row.
    private var rowSteps: (third: Int, last: Int) { isTransposed ? (1, shape[2]) : (shape[3], 1) }

    /// What lies at one index of the second axis as the engine answered it, `[third axis, last axis]` or transposed.
    private func store(_ first: Int, _ second: Int, into row: UnsafeMutablePointer<Double>) {
        let last = shape[3]
        let place = first * strides[0] + second * strides[1]
        if strides[3] == 1, strides[2] == last {
            got.copy(from: place, step: 1, count: shape[2] * last, into: row)
            return
        }
        let steps = rowSteps
        for column in 0..<last {
            got.copy(
                from: place + column * strides[3], step: strides[2], count: shape[2], into: row + column * steps.last,
                target: steps.third)
        }
    }

    /// Stores for each index of the third axis whether a group's elements there are finite, and, where sums are exact, whole
    /// numbers that such a sum can be.
    ///
    /// - Parameter elements: of a row, the group's first.
    /// - Returns: whether all are finite.
    private func store(plain elements: UnsafePointer<Double>, into arePlain: UnsafeMutablePointer<Bool>) -> Bool {
        let (steps, width) = (rowSteps, shape[2])
        // Adding it rounds to a whole number whatever is below 2^51.
        let shift = 0x1.8p52
        let most = isExact ? truth.largestMagnitude : .greatestFiniteMagnitude
        func isPlain(_ element: Double) -> Bool {
            (element.magnitude <= most) && (!isExact || (element + shift) - shift == element)
        }
        if isTransposed {
            arePlain.update(repeating: true, count: width)
            for filter in 0..<size {
                let elements = elements + filter * steps.last
                for third in 0..<width {
                    arePlain[third] = isPlain(elements[third]) && arePlain[third]
                }
            }
        } else {
            for third in 0..<width {
                let elements = elements + third * steps.third
                var areAll = true
                for filter in 0..<size { areAll = isPlain(elements[filter]) && areAll }
                arePlain[third] = areAll
            }
        }
        if (0..<width).allSatisfy({ arePlain[$0] }) { return true }
        return (0..<width).allSatisfy { third in
            (0..<size).allSatisfy { elements[third * steps.third + $0 * steps.last].isFinite }
        }
    }

    /// What the sum of a group's elements at a position may be off by: what these may be off by together, and what float64
    /// rounds in the sums themselves, as a part of the sum of their magnitudes.
    struct AllowedSum {
        var constant: Double
        var perMagnitude: Double
    }

    /// Of sums at one index of the first axis, `[groups]`; of a filter gradient, where what elements may be off by varies
    /// with their channel, `[channels / groups, groups]`. Nothing where sums are exact.
    private func allowedSums(at first: Int) -> [AllowedSum] {
        if isExact { return [] }
        let places = operation == .filterGradient ? shape[2] : 1
        return (0..<places * geometry.groups).map { number in
            let (third, group) = number.quotientAndRemainder(dividingBy: geometry.groups)
            return allowedSum(at: (first * shape[1] * shape[2] + third) * shape[3] + group * size)
        }
    }

    /// Of the elements from an offset on.
    ///
    /// With u = 2^-53, the operand that is added up has sums with an error of F u, the projection's (K + 1) u more, the
    /// answer's F u, all relative to magnitudes; twice these are more than n u / (1 - n u). A golden magnitude is rounded up
    /// to float32, which 2^-20 covers, as it does the rounding of the sum of magnitudes.
    private func allowedSum(at offset: Int) -> AllowedSum {
        let allowed = allowance.summed(offsets: offset..<offset + size)
        let rounding = Double(geometry.productsPerAnswer(of: operation) + 2 * size + 16) * 0x1p-52
        let larger = 1 + 0x1p-20
        return AllowedSum(
            constant: allowed.constant * (1 + rounding) * larger,
            perMagnitude: (allowed.perMagnitude * (1 + rounding) + rounding) * larger)
    }
}
