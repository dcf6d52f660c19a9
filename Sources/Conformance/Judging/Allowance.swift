internal import Convolution

/// The error that each element of one case may have.
///
/// With K products in an element (one more with a bias), u the unit roundoff of the engine's arithmetic and M the
/// element's magnitude (the sum of |input x filter| and |bias|), the derived allowance is
///
/// - for whole numbers' types: nothing.
/// - on integer data, for an engine that adds products directly in float32, in float64 where the operands are float64, or
///   in 16 bits where the operands have them: nothing. Every partial sum is exact.
/// - otherwise |got - want| <= (2 sqrt(K) + 4) u M + u |want|. The a-priori bound K u M (Higham, Accuracy and Stability
///   of Numerical Algorithms, 2nd ed., 3.1) is sure, but for large K looser than a missing tap; rounding errors are
///   independent enough that correct engines stay below 1.2 sqrt(K) u M, and reduced precision does not.
/// - for a transform engine, the largest error of the case's ``TransformScale``, plus u |want|, on all data.
///
/// Where the answer's type has fewer bits than the arithmetic, as float16 has beside float32 and float32 beside float64, what
/// was computed is rounded once more: with its unit roundoff v and least number above zero t, an error e becomes
/// e + v (|want| + e) + t / 2. A sum that is subnormal in that type may be flushed to zero.
///
/// Sums of many terms of one sign drift: the nearer a partial sum's last place comes to the terms, the less do their roundings
/// cancel, down to terms that are lost. |want| may be off by u b |want| more, with b = u K^2 / (20 + 10 u K) - 1 where that is
/// above 0 and u that of the sums. Measured on products of uniform numbers added up one by one in float16, the mean error is
/// at most 0.044 u K^2 / (1 + 0.7 u K) times u |want|, to K = 4608. In float32 it matters from 18,000 terms on.
///
/// Below the smallest normal number p errors stop being relative: M is raised by K p (Higham, 2.1), and where factors
/// are rounded and some are that small, by as many times the largest factor.
///
/// A root mean square over the case, ``rmsLimit(elements:)``, catches an error that is small and everywhere.
struct Allowance: Sendable {
    /// Factor of M.
    private(set) var perMagnitude = 0.0
    /// Factor of |want|.
    private(set) var perWant = 0.0
    /// Added to the rest.
    private(set) var absolute = 0.0
    /// Numbers of the type between got and want, where that is how distance is measured.
    private(set) var ulps: Int?
    /// Below this magnitude a wanted number may be flushed to zero.
    private var flushedBelow = 0.0
    /// The errors of a transform engine, whose elements' own magnitudes do not count.
    private var transforms: TransformScale?
    /// What M is raised by.
    private var underflow = 0.0
    private var rms: Double?
    /// What |want| may drift by, as a part of it.
    private var drift = 0.0
    private let unitRoundoff: Double
    private let type: ElementType
    /// From here on a number is rounded to an infinity of the type.
    let overflowThreshold: Double
    /// What an answer of fewer bits than the arithmetic is rounded by, relatively and absolutely.
    private var narrowing = (relative: 0.0, absolute: 0.0)

    init(
        tolerance: Tolerance, golden: GoldenCase, geometry: Geometry, capabilities: Capabilities
    ) {
        let unitRoundoff = capabilities.arithmetic.unitRoundoff
        self.unitRoundoff = unitRoundoff
        let problem = golden.header.problem
        type = problem.types[problem.operation.answer]
        overflowThreshold = type.format?.overflowThreshold ?? .infinity
        switch tolerance {
        case .exact: ulps = 0
        case .ulp(let count): ulps = count
        case .absolute(let bound): absolute = bound
        case .relative(let bound): perWant = bound
        case .bound(let factor): perMagnitude = factor * unitRoundoff
        case .derived:
            let arithmetic = capabilities.arithmetic
            // A sum has nothing that could be transformed.
            let algorithm = problem.operation == .biasGradient ? .direct : capabilities.algorithm
            let isExact = algorithm == .direct && arithmetic.isExact(onIntegersOf: problem.types)
            if type.format == nil || golden.header.data == .integer && isExact {
                ulps = 0
                break
            }
            perWant = unitRoundoff
            if let format = type.format, type.isShortFloat || format.unitRoundoff > unitRoundoff {
                narrowing = (format.unitRoundoff, format.leastNonzeroMagnitude / 2)
                if golden.header.data != .special { flushedBelow = format.leastNormalMagnitude }
            }
            if algorithm == .direct {
                let terms = Double(Allowance.terms(of: problem, geometry))
                underflow =
                    terms * arithmetic.leastNormalMagnitude * Allowance.largestFactor(beside: golden, arithmetic)
                perMagnitude = (2 * terms.squareRoot() + 4) * unitRoundoff
                rms = terms.squareRoot() / 3 + 1
                let lost = arithmetic.unitRoundoffOfSums * terms
                drift = max(0, lost * terms / (20 + 10 * lost) - 1) * arithmetic.unitRoundoffOfSums
                perWant += drift
            } else {
                transforms = TransformScale(golden, geometry: geometry, capabilities: capabilities)
                rms = 1
            }
        }
    }

    /// The largest factor, 1 at least, where factors are rounded and there are subnormal ones: by so much the absolute error
    /// of such a factor is enlarged.
    private static func largestFactor(beside golden: GoldenCase, _ arithmetic: Arithmetic) -> Double {
        if !arithmetic.isReduced { return 1 }
        let factors = golden.header.problem.operation.factors.compactMap { golden.operands[$0]?.doubles.elements }
            .joined().lazy.map(\.magnitude)
        guard factors.contains(where: { $0 > 0 && $0 < arithmetic.leastNormalMagnitude }) else { return 1 }
        return factors.reduce(1) { $1 < arithmetic.smallestInfiniteFactor ? max($0, $1) : $0 }
    }

    /// Numbers that are added up in one output element: K.
    private static func terms(of problem: Problem, _ geometry: Geometry) -> Int {
        geometry.productsPerAnswer(of: problem.operation) + (problem.biasCount == nil ? 0 : 1)
    }

    /// The largest |got - want| that the element at `offset` of the answer may have.
    func allowed(want: Double, magnitude: Double, offset: Int) -> Double {
        if let ulps { return ulps == 0 ? 0 : Double(ulps) * type.unitInLastPlace(of: want) }
        return narrowed(computed(want: want, magnitude: magnitude, offset: offset), want: want)
    }

    /// The same before what was computed is rounded once more, to an answer of fewer bits.
    func computed(want: Double, magnitude: Double, offset: Int) -> Double {
        if ulps != nil { return allowed(want: want, magnitude: magnitude, offset: offset) }
        // So small a magnitude, which is kept in float32, says nothing; such sums are exact in any order.
        if type == .float64, transforms == nil, magnitude < Double(Float.leastNormalMagnitude) { return absolute }
        if let transforms { return transforms.largest(at: offset) + perWant * abs(want) }
        return linear(want: want, scale: scale(magnitude))
    }

    private func linear(want: Double, scale: Double) -> Double { absolute + perMagnitude * scale + perWant * abs(want) }

    private func narrowed(_ error: Double, want: Double) -> Double {
        error + narrowing.relative * (abs(want) + error) + narrowing.absolute
    }

    /// What the elements at some offsets, all of one image, may be off by together: so much, and so many times the sum of
    /// their magnitudes. At least the sum of what is ``allowed(want:magnitude:offset:)``, since no |want| exceeds its magnitude.
    func summed(offsets: Range<Int>) -> (constant: Double, perMagnitude: Double) {
        let count = Double(offsets.count)
        if let ulps {
            // One more for the rounding of what is wanted. So few numbers lie within two binades.
            guard let format = type.format, ulps < 1 << (format.significandBits - 2) else { return (.infinity, 0) }
            let numbers = 2 * Double(ulps + 1)
            return (count * numbers * format.leastNonzeroMagnitude, numbers * 2 * format.unitRoundoff)
        }
        let computed =
            transforms.map { scale in offsets.reduce(0) { $0 + scale.largest(at: $1) } }
            ?? count * (absolute + perMagnitude * underflow)
        let factor = (transforms == nil ? perMagnitude : 0) + perWant
        return (
            computed * (1 + narrowing.relative) + count * (narrowing.absolute + flushedBelow),
            factor * (1 + narrowing.relative) + narrowing.relative
        )
    }

    /// Whether an answer may be finite, and whether it may be an infinity, where a finite number is wanted: what was computed
    /// for it may lie below, or at and beyond, the threshold from which the type rounds to an infinity.
    func reaches(want: Double, magnitude: Double, offset: Int) -> (finite: Bool, infinity: Bool) {
        if type.format == nil { return (true, false) }
        // Where nothing more is rounded, the last addition is rounded to the type.
        let error = computed(want: want, magnitude: magnitude, offset: offset)
        return (abs(want) - error < overflowThreshold, abs(want) + error >= overflowThreshold)
    }

    /// Whether a number stands for a subnormal sum, which may be zero.
    func isFlushed(_ got: Double, want: Double) -> Bool { got == 0 && abs(want) < flushedBelow }

    /// The error of the element at `offset` in the units of ``rmsLimit(elements:)``; `nil` where it does not count.
    func standardized(error: Double, want: Double, magnitude: Double, offset: Int) -> Double? {
        guard let rms else { return nil }
        let scale = transforms?.rootMeanSquare(at: offset) ?? unitRoundoff * scale(magnitude)
        guard scale > 0 else { return nil }
        return error / (scale + (narrowing.relative + drift / rms) * abs(want) + narrowing.absolute)
    }

    /// What elements come to together.
    struct Passed {
        /// The worst error over what is allowed.
        var ratio = 0.0
        /// How many of them count in the root mean square.
        var counted = 0
        /// The sum of the squares of their errors in its units.
        var squares = 0.0
        /// How many of them are wrong.
        var wrong = 0
    }

    /// Adds up the elements that a few operations show to be right, which are nearly all of a right answer.
    ///
    /// - Parameters:
    ///   - first: the place in the answer of the first of them.
    ///   - countsWrong: whether finite ones that are wrong are added up as well.
    ///   - others: receives the places of the others among these: what is wrong, not finite, or may be flushed.
    func pass(
        got: UnsafeBufferPointer<Double>, want: UnsafeBufferPointer<Double>, magnitude: UnsafeBufferPointer<Float>,
        from first: Int, countsWrong: Bool, to passed: inout Passed, others: inout [Int]
    ) {
        others.removeAll(keepingCapacity: true)
        var place = 0
        while place < got.count {
            let end = min(place + 4, got.count)
            if end - place < 4 || !passFour(got, want, magnitude, at: place, to: &passed) {
                pass(got, want, magnitude, at: place..<end, from: first, countsWrong, to: &passed, others: &others)
            }
            place = end
        }
    }

    /// From here on a magnitude says what an element may be off by.
    private var leastMagnitude: Double {
        type == .float64 && transforms == nil ? Double(Float.leastNormalMagnitude) : -.infinity
    }

    /// The part of |want| in the units of ``rmsLimit(elements:)``.
    private var perWantInUnits: Double { rms.map { narrowing.relative + drift / $0 } ?? 0 }

    /// The same for the elements at some places, one after the other.
    private func pass(
        _ got: UnsafeBufferPointer<Double>, _ want: UnsafeBufferPointer<Double>,
        _ magnitude: UnsafeBufferPointer<Float>, at places: Range<Int>, from first: Int, _ countsWrong: Bool,
        to passed: inout Passed, others: inout [Int]
    ) {
        if ulps != nil {
            for place in places where got[place] != want[place] { others.append(place) }
            return
        }
        for place in places {
            let (want, magnitude) = (want[place], Double(magnitude[place]))
            // Not a number where one of them is none, and infinite where one of them is.
            let error = abs(got[place] - want)
            let (computed, unit): (Double, Double)
            if let transforms {
                computed = transforms.largest(at: first + place) + self.perWant * abs(want)
                unit = transforms.rootMeanSquare(at: first + place)
            } else {
                let scale = scale(magnitude)
                (computed, unit) = (linear(want: want, scale: scale), unitRoundoff * scale)
            }
            let allowed = narrowed(computed, want: want)
            guard error <= allowed || countsWrong && error.isFinite, abs(want) < overflowThreshold,
                abs(want) >= flushedBelow, magnitude >= leastMagnitude
            else {
                others.append(place)
                continue
            }
            if error > allowed {
                passed.wrong += 1
                passed.ratio = max(passed.ratio, error / allowed)
            } else if error > passed.ratio * allowed {
                passed.ratio = max(passed.ratio, error / allowed)
            }
            if rms != nil, unit > 0 {
                let standardized = error / (unit + perWantInUnits * abs(want) + narrowing.absolute)
                passed.squares += standardized * standardized
                passed.counted += 1
            }
        }
    }

    /// The same for four elements at once, with the same operations on each; `false`, and nothing is added up, where one of
    /// them is not right, is worse than all before, or does not count in the root mean square.
    @inline(__always)
    private func passFour(
        _ got: UnsafeBufferPointer<Double>, _ want: UnsafeBufferPointer<Double>,
        _ magnitude: UnsafeBufferPointer<Float>, at place: Int, to passed: inout Passed
    ) -> Bool {
        let wanted = SIMD4(want, at: place)
        if ulps != nil { return (SIMD4(got, at: place) .== wanted).isTrueOfAll }
        if transforms != nil || rms == nil { return false }
        let (error, want, magnitude) = (
            (SIMD4(got, at: place) - wanted).magnitudes, wanted.magnitudes, SIMD4<Double>(SIMD4(magnitude, at: place))
        )
        // Of magnitudes other than zero and infinity.
        let scale = magnitude + underflow
        let computed = absolute + perMagnitude * scale + perWant * want
        let allowed = computed + narrowing.relative * (want + computed) + narrowing.absolute
        let least = max(leastMagnitude, Double(Float.leastNonzeroMagnitude))
        let counts =
            (error .<= min(passed.ratio, 1) * allowed) .& (want .< overflowThreshold) .& (want .>= flushedBelow)
            .& (magnitude .>= least) .& (magnitude .< .infinity)
        if !counts.isTrueOfAll { return false }
        let standardized = error / (unitRoundoff * scale + perWantInUnits * want + narrowing.absolute)
        let squares = standardized * standardized
        for element in 0..<4 { passed.squares += squares[element] }
        passed.counted += 4
        return true
    }

    private func scale(_ magnitude: Double) -> Double {
        // A magnitude beyond float32 is stored as an infinity, which must not allow everything.
        let scale = min(magnitude, 0x1p128)
        return scale == 0 ? 0 : scale + underflow
    }

    /// The largest root mean square of |got - want| / (u M), or / (u M + v |want| + t / 2) where the answer is rounded once
    /// more, over a case: (sqrt(K) / 3 + 1) (1 + 4 / sqrt(N)), and for a
    /// transform engine, in units of what its ``TransformScale`` says, 1 in the place of sqrt(K) / 3 + 1.
    ///
    /// Correct direct engines stay below sqrt(K) / 4 over many elements. The second factor is what N elements leave to
    /// chance: the root mean square of one element is that element's own error.
    func rmsLimit(elements: Int) -> Double? {
        rms.map { $0 * (1 + 4 / Double(max(elements, 1)).squareRoot()) }
    }
}

extension SIMD4 where Scalar: BitwiseCopyable {
    /// The numbers from a place on.
    @inline(__always)
    fileprivate init(_ numbers: UnsafeBufferPointer<Scalar>, at place: Int) {
        self = UnsafeRawPointer(numbers.baseAddress! + place).loadUnaligned(as: SIMD4<Scalar>.self)
    }
}

extension SIMD4<Double> {
    @inline(__always)
    fileprivate var magnitudes: Self {
        let bits = unsafeBitCast(self, to: SIMD4<UInt64>.self) & ~(-0.0 as Double).bitPattern
        return unsafeBitCast(bits, to: Self.self)
    }
}

extension SIMDMask<SIMD4<Int64>> {
    @inline(__always)
    fileprivate var isTrueOfAll: Bool {
        let lanes = unsafeBitCast(self, to: SIMD4<Int64>.self)
        let pair = lanes.lowHalf & lanes.highHalf
        return pair.x & pair.y != 0
    }
}

extension ElementType {
    /// The distance from a number, rounded to the type, to the next one away from zero.
    fileprivate func unitInLastPlace(of number: Double) -> Double {
        guard let format else { return 1 }
        let least = 1 - format.greatestExponent
        let exponent = number == 0 || !number.isFinite ? least : max(Int(number.exponent), least)
        return Double(sign: .plus, exponent: exponent - format.significandBits + 1, significand: 1)
    }
}
