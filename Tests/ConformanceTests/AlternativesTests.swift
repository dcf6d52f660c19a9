import Convolution
import Testing

@testable import Conformance

@Suite struct AlternativesTests {
    /// What a judge says to an output of the identity case of `values`, to which `others` are right answers too.
    private func verdict(
        _ got: [Float], values: [Double], others: [(meaning: String, values: [Double])], magnitude: Float = 1
    ) -> Verdict {
        var golden = Fixture.identity(values, magnitude: magnitude, data: .special)
        let shape: Shape = [1, 1, values.count, 1]
        golden.output?.alternatives = GoldenCase.Alternatives(
            choice: .subnormalFlush, expectedMeaning: "kept",
            answers: others.map { .init(meaning: $0.meaning, output: Tensor(shape: shape, elements: $0.values)) })
        return Judge().verdict(
            on: .output(Tensor(shape: shape, elements: got)), to: golden, capabilities: Capabilities())
    }

    @Test(
        arguments: [
            ([1, 3, 0], "kept"), ([.nan, 4, 0], "second"), ([5, 4, 0], "third in 1, second in 1 of 2 elements"),
            ([1, 4, 0], "kept in 1, second in 1 of 2 elements"),
        ] as [([Float], String)])
    func anyOfTheAnswersPassesAndIsReported(got: [Float], remark: String) {
        let verdict = verdict(
            got, values: [1, 3, 0], others: [("third", [5, 3, 0]), ("second", [.nan, 4, 0])])
        #expect(verdict.status == .pass)
        #expect(verdict.remark == "subnormal-flush: \(remark)")
    }

    /// A choice is told of a right answer only: 7 is none, whatever the other elements are.
    @Test(arguments: [[7, 3, 0], [1, 3, 1], [.nan, .nan, 0]] as [[Float]])
    func aWrongAnswerFailsWithoutARemark(got: [Float]) {
        let verdict = verdict(got, values: [1, 3, 0], others: [("otherwise", [.nan, 4, 0])])
        #expect(verdict.status == .fail)
        #expect(verdict.remark == nil)
    }

    /// Where every subnormal output is flushed, the error against the expected one is large everywhere.
    @Test func theRootMeanSquareIsTakenAgainstTheAnswerThatWasGiven() throws {
        let tiny = 0x1p-130
        let values = [Double](repeating: tiny, count: 400)
        let flushed = [Double](repeating: 0, count: 400)
        let verdict = verdict(
            [Float](repeating: 0, count: 400), values: values, others: [("flushed", flushed)], magnitude: 0x1p-130)
        #expect(verdict.status == .pass)
        #expect(try #require(verdict.comparison?.rms) == 0)
        #expect(verdict.remark == "subnormal-flush: flushed")
    }

    /// Within the allowance of two answers, the nearer one was given.
    @Test func theNearestOfTheAnswersCounts() throws {
        let u = 0x1p-24
        let count = 400
        let verdict = verdict(
            [Float](repeating: Float(1 - 6 * u), count: count), values: [Double](repeating: 1, count: count),
            others: [("nearer", [Double](repeating: 1 - 6 * u, count: count))])
        #expect(verdict.status == .pass)
        #expect(verdict.remark == "subnormal-flush: nearer")
        #expect(try #require(verdict.comparison?.ratio) == 0)
    }
}
