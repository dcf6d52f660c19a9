import Conformance
import Convolution
import ExactArithmetic
import Testing

@testable import GoldenStore

/// Further right answers, checked against what their choice allows.
@Suite struct AlternativeCheckTests {
    /// What is wrong with an answer to a problem of one image row and one filter row.
    private func difference(
        _ choice: GoldenCase.Alternatives.Choice, input: [Float], filter: [Float], bias: [Float]? = nil,
        padding: Padding = .valid, answer: [Double]
    ) throws -> String? {
        let problem = Problem(
            input: [1, 1, input.count, 1], filter: [1, filter.count, 1, 1], biasCount: bias?.count, padding: padding)
        let exact = try ExactConvolution().output(
            problem, input: Tensor(shape: problem.input, elements: input),
            filter: Tensor(shape: problem.filter, elements: filter), bias: bias)
        let other = Tensor(shape: exact.expected.shape, elements: answer)
        let golden = GoldenCase(
            header: CaseHeader(suite: "s", name: "c", problem: problem, data: .special),
            input: Tensor(shape: problem.input, elements: input),
            filter: Tensor(shape: problem.filter, elements: filter), bias: bias,
            output: GoldenCase.Output(
                expected: exact.expected, magnitude: exact.magnitude,
                alternatives: GoldenCase.Alternatives(
                    choice: choice, expectedMeaning: "this", answers: [.init(meaning: "that", output: other)])))
        return try AlternativeCheck(golden, exact: exact).difference()
    }

    @Test func multipliedPaddingIsComputed() throws {
        func difference(_ answer: [Double]) throws -> String? {
            try self.difference(
                .paddingTimesInfinity, input: [1, 2], filter: [.infinity, 1],
                padding: .explicit(Pads(top: 0, bottom: 0, left: 1, right: 0)), answer: answer)
        }
        #expect(try difference([.nan, .infinity]) == nil)
        #expect(
            try difference([1, .infinity])?.hasPrefix("alternative 0 ('that'): element 0 is 1.0, with the padding")
                == true)
        #expect(try difference([.nan, .nan])?.contains("element 1") == true)
    }

    @Test func aFlushFollowsFromSubnormalNumbersOnly() throws {
        let (tiny, least) = (Float.leastNormalMagnitude / 4, Float.leastNormalMagnitude)
        func allows(_ answer: Double, input: [Float], filter: [Float], bias: [Float]? = nil) throws -> Bool {
            try difference(.subnormalFlush, input: input, filter: filter, bias: bias, answer: [answer]) == nil
        }
        // Inputs, weights or bias; the whole sum is normal.
        #expect(try allows(0, input: [tiny], filter: [8]))
        #expect(try allows(Double(tiny * 8), input: [tiny], filter: [8]))
        #expect(try !allows(Double(tiny * 4), input: [tiny], filter: [8]))
        #expect(try allows(1, input: [1], filter: [1], bias: [tiny]))
        #expect(try !allows(2, input: [1], filter: [1], bias: [tiny]))
        // One product of two, or the sum of both.
        #expect(try allows(Double(tiny), input: [1, 2], filter: [tiny, tiny]))
        #expect(try allows(Double(tiny) * 2, input: [1, 2], filter: [tiny, tiny]))
        #expect(try allows(0, input: [1, 2], filter: [tiny, tiny]))
        // A partial sum of normal numbers; but not one of them alone.
        #expect(try allows(4 * Double(least), input: [1.5, -1, 4], filter: [least, least, least]))
        #expect(try !allows(3.5 * Double(least), input: [1.5, -1, 4], filter: [least, least, least]))
        #expect(try !allows(0, input: [8], filter: [1]))
        // More terms than are tried in all sets.
        let ones = [Float](repeating: 1, count: 20)
        #expect(try allows(0, input: ones, filter: ones.map { $0 * tiny }))
        #expect(try !allows(1, input: ones, filter: ones.map { $0 * tiny }))
    }

    @Test func anOverflowNeedsTermsThatDo() throws {
        let large = Float.greatestFiniteMagnitude
        func difference(_ answer: Double, filter: [Float], bias: [Float]? = nil) throws -> String? {
            try self.difference(
                .intermediateOverflow, input: [1, 1, 1].dropLast(3 - filter.count) + [], filter: filter, bias: bias,
                answer: [answer])
        }
        #expect(try difference(.infinity, filter: [large, large, -large]) == nil)
        #expect(try difference(-.infinity, filter: [large, large, -large])?.contains("element 0 is -inf") == true)
        #expect(try difference(.nan, filter: [large, large, -large]) != nil)
        #expect(try difference(.infinity, filter: [large, -large / 2]) != nil)
        #expect(try difference(.infinity, filter: [large, -large], bias: [large / 2]) == nil)
        #expect(try difference(3, filter: [large, large, -large]) != nil)
    }
}
