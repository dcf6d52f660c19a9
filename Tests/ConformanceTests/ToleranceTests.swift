import Testing

@testable import Conformance

@Suite struct ToleranceTests {
    @Test(arguments: [
        ("derived", Tolerance.derived), ("exact", .exact), ("ulp:4", .ulp(4)), ("abs:1e-5", .absolute(1e-5)),
        ("rel:0.001", .relative(0.001)), ("bound:3", .bound(3)), ("ulp:0", .ulp(0)),
    ])
    func aWordIsParsedAndWrittenBack(word: String, tolerance: Tolerance) {
        #expect(Tolerance(word) == tolerance)
        #expect(Tolerance(tolerance.description) == tolerance)
    }

    @Test(arguments: [
        ("abs:0.0", "abs:0"), ("abs:-0", "abs:0"), ("rel:1e-5", "rel:1e-05"), ("bound:3.0", "bound:3"),
        ("abs:0.10000000149011612", "abs:0.10000000149011612"), ("abs:1e300", "abs:1e+300"), ("ulp:4", "ulp:4"),
    ])
    func aNumberIsWrittenInOneForm(word: String, written: String) {
        #expect(Tolerance(word)?.description == written)
        #expect(Tolerance(written) == Tolerance(word))
    }

    @Test(arguments: [
        "", "ulp", "ulp:-1", "ulp:1.5", "abs:", "abs:-1", "rel:x", "bound:nan", "abs:inf", "exact:1", "ULP:1",
    ])
    func anotherWordIsRefused(word: String) {
        #expect(Tolerance(word) == nil)
    }
}

@Suite struct AllowanceTests {
    @Test func integerDataOfADirectEngineMustBeEqual() {
        #expect(Fixture.verdict([3, -0.0], values: [3, 0], data: .integer).status == .pass)
        #expect(Fixture.verdict([3, 1e-30], values: [3, 0], data: .integer).status == .fail)
        #expect(Fixture.verdict([Float(3).nextUp, 0], values: [3, 0], data: .integer).status == .fail)
    }

    /// K = 1: the allowance of an element is 6 u M + u |want|, of the root mean square of n elements 4/3 (1 + 4 / sqrt(n)).
    @Test func realDataIsHeldToTheDerivedBound() {
        let u = 0x1p-24
        let values = [Double](repeating: 1, count: 10_000)
        func verdict(oneOffBy error: Double) -> Verdict {
            var got = values.map { Float($0) }
            got[7] = Float(1 + error)
            return Fixture.verdict(got, values: values)
        }
        #expect(verdict(oneOffBy: 6 * u).status == .pass)
        let failure = verdict(oneOffBy: 8 * u)
        #expect(failure.status == .fail)
        #expect(failure.comparison?.mismatched == 1)
        #expect(failure.comparison?.worst.first?.index == [0, 0, 7, 0])
        #expect(failure.comparison?.worst.first?.allowed == 7 * u)
    }

    @Test func anErrorWithinTheBoundEverywhereFailsTheRootMeanSquare() throws {
        let verdict = Fixture.verdict(
            [Float](repeating: 1 + 4 * 0x1p-24, count: 10_000), values: [Double](repeating: 1, count: 10_000))
        let comparison = try #require(verdict.comparison)
        #expect(verdict.status == .fail)
        #expect(comparison.mismatched == 0)
        #expect(comparison.rms == 4)
        let rmsLimit = try #require(comparison.rmsLimit)
        #expect(abs(rmsLimit - 4.16 / 3) < 1e-12)
        #expect(verdict.cause == .precisionLost)
    }

    @Test func theRootMeanSquareOfOneElementIsThatElementsError() {
        #expect(Fixture.verdict([1 + 4 * 0x1p-24], values: [1]).status == .pass)
    }

    /// One channel and one tap of 1: T = M = 1, and F(2x2, 1x1) enlarges nothing: 5 + 12.8 for an element.
    @Test func aTransformEngineIsHeldToTheScaleOfItsCaseOnAllData() throws {
        let u = 0x1p-24
        let winograd = Capabilities(algorithm: .winograd, tile: Extent(height: 2, width: 2))
        let values = [Double](repeating: 1, count: 1000)
        let others = [Float](repeating: 1, count: 999)
        for data in [CaseHeader.DataFamily.integer, .real] {
            let right = Fixture.verdict(others + [1 + 0x1p-20], values: values, data: data, capabilities: winograd)
            #expect(right.status == .pass)
            let wrong = Fixture.verdict(others + [1 + 0x1p-19], values: values, data: data, capabilities: winograd)
            #expect(wrong.status == .fail)
            #expect(abs(try #require(wrong.comparison?.worst.first).allowed - (5 + 12.8 + 1) * u) < 1e-9 * u)
        }
        let beside = Fixture.verdict([100, 1 + 0x1p-16], values: [100, 1], capabilities: winograd)
        #expect(beside.status == .pass)
    }

    @Test func aTransformEngineIsHeldToARootMeanSquareToo() throws {
        let values = [Double](repeating: 1, count: 10_000)
        func verdict(_ error: Double) -> Verdict {
            Fixture.verdict(
                [Float](repeating: Float(1 + error), count: 10_000), values: values,
                capabilities: Capabilities(algorithm: .winograd, tile: Extent(height: 2, width: 2)))
        }
        #expect(verdict(5 * 0x1p-24).status == .pass)
        let wrong = verdict(8 * 0x1p-24)
        #expect(wrong.status == .fail)
        #expect(try #require(wrong.comparison).mismatched == 0)
        #expect(abs(try #require(wrong.comparison?.rms) - 8 / 6.4) < 1e-9)
        #expect(abs(try #require(wrong.comparison?.rmsLimit) - 1.04) < 1e-12)
    }

    /// The larger a tile, the more it may err; a kind that is not known is judged as the least accurate in wide use.
    @Test func theLimitFollowsFromTheTile() throws {
        let problem = Problem(input: [1, 8, 8, 1], filter: [3, 3, 1, 1])
        func allowed(_ capabilities: Capabilities) throws -> Double {
            let shape = try problem.geometry().outputShape
            let golden = GoldenCase(
                header: CaseHeader(suite: "s", name: "n", problem: problem, data: .real),
                input: Tensor(repeating: 1, shape: problem.input), filter: Tensor(repeating: 1, shape: problem.filter),
                output: .init(
                    expected: Tensor(repeating: 9, shape: shape), magnitude: Tensor(repeating: 9, shape: shape)))
            let got = EngineAnswer.output(Tensor(repeating: 100, shape: shape))
            let verdict = Judge().verdict(on: got, to: golden, capabilities: capabilities)
            let allowed: Double = try #require(verdict.comparison?.worst.first).allowed
            return allowed * 0x1p24 - 124.2  // 9 + 9 * 12.8
        }
        func winograd(_ rows: Int, _ columns: Int) throws -> Double {
            try allowed(Capabilities(algorithm: .winograd, tile: Extent(height: rows, width: columns)))
        }
        // ||filter|| is 3, and the factors of Winograd are the square roots of 7, 5 and 94.33.
        #expect(abs(try winograd(2, 2) - 15 * 5) < 1e-6)
        #expect(abs(try winograd(4, 4) - 15 * (2.625 + 2 * 8.5 / 3 + 64 * 0.729_166_666_666 + 42 - 2.625)) < 1e-6)
        #expect(try winograd(2, 2) < winograd(2, 4))
        #expect(try winograd(2, 4) == winograd(4, 2))
        #expect(try winograd(4, 4) < winograd(6, 6))
        // 8x8 with both extents doubled: 2^8 points.
        #expect(abs(try allowed(Capabilities(algorithm: .fft)) - 15 * 0.6 * 8) < 1e-6)
        #expect(try allowed(Capabilities(algorithm: .transform)) == winograd(4, 4))
        #expect(try allowed(Capabilities(algorithm: .winograd)) == winograd(4, 4))
    }

    /// A product that underflows is off by up to half the smallest subnormal number, however small the product.
    @Test func errorsBelowTheSmallestNormalNumberAreAllowedFor() {
        let tiny = Double(Float.leastNonzeroMagnitude)
        let magnitude = Float.leastNonzeroMagnitude * 4
        func status(_ got: Double) -> Status {
            Fixture.verdict([Float(got)], values: [3.5 * tiny], magnitude: magnitude).status
        }
        #expect(status(3 * tiny) == .pass)
        #expect(status(4 * tiny) == .pass)
        #expect(status(-8 * tiny) == .fail)
        #expect(Fixture.verdict([Float(tiny)], values: [0], magnitude: 0).status == .fail)
    }

    @Test func aCoarserArithmeticAllowsMore() {
        let tf32 = Capabilities(arithmetic: .tf32)
        #expect(Fixture.verdict([1 + 0x1p-10], values: [1], capabilities: tf32).status == .pass)
        #expect(Fixture.verdict([1 + 0x1p-10], values: [1]).status == .fail)
        #expect(
            Fixture.verdict([3 + 0x1p-10], values: [3], magnitude: 3, data: .integer, capabilities: tf32).status
                == .pass)
    }

    @Test func theUsersJudgementReplacesTheDerivedOne() {
        #expect(Fixture.verdict([Float(1).nextUp], values: [1], tolerance: .exact).status == .fail)
        #expect(Fixture.verdict([Float(0.1)], values: [0.1], tolerance: .exact).status == .pass)
        #expect(Fixture.verdict([Float(1).nextUp.nextUp], values: [1], tolerance: .ulp(2)).status == .pass)
        #expect(Fixture.verdict([Float(1).nextUp.nextUp], values: [1], tolerance: .ulp(1)).status == .fail)
        #expect(Fixture.verdict([1.25], values: [1], data: .integer, tolerance: .absolute(0.25)).status == .pass)
        #expect(Fixture.verdict([1.5], values: [1], tolerance: .absolute(0.25)).status == .fail)
        #expect(Fixture.verdict([-2.5], values: [-2], tolerance: .relative(0.25)).status == .pass)
        #expect(Fixture.verdict([1 + 0x1p-20], values: [1], magnitude: 2, tolerance: .bound(8)).status == .pass)
        #expect(Fixture.verdict([1 + 0x1p-19], values: [1], magnitude: 2, tolerance: .bound(8)).status == .fail)
    }
}
