import Conformance
import Convolution
import Testing

@testable import Reporting

struct LocationPhraseTests {
    /// Output 2x4x9x18 of SAME_UPPER: pads at the top, the bottom and the right, an interior of 2 rows and 8 columns.
    private static let padded = Problem(
        input: [2, 7, 9, 3], filter: [3, 2, 3, 18], strides: Extent(height: 2, width: 1), padding: .sameUpper)
    /// Output 2x4x9x18 without padding.
    private static let valid = Problem(input: [2, 4, 9, 3], filter: [1, 1, 3, 18])

    private func phrases(_ problem: Problem, groups: Int = 1, _ isWrong: (Shape) -> Bool) throws -> [String] {
        let location = try #require(try SampleRun.comparison(of: problem, wrongAt: isWrong).location)
        return LocationPhrase(location, groups: groups).phrases
    }

    @Test func oneColumn() throws {
        #expect(
            try phrases(Self.valid) { $0[2] == 8 } == [
                "only the last column (8), in all batches, rows and filters: every element there"
            ])
        #expect(
            try phrases(Self.valid) { $0[2] == 0 && $0[3] == 4 && $0[0] == 1 } == [
                "only the last batch (1), only the first column (0), only filter 4 of 18, in all rows: every element there"
            ])
    }

    @Test func someOfThem() throws {
        #expect(
            try phrases(Self.valid) { $0[3] >= 16 && ($0[1] + $0[2]).isMultiple(of: 2) } == [
                "filters 16...17 of 18, in all batches, rows and columns: 72 of 144 elements there"
            ])
        #expect(try phrases(Self.valid) { _ in true } == ["every element"])
        #expect(
            try phrases(Self.valid) { $0 != [0, 0, 0, 0] } == ["spread over all batches, rows, columns and filters"])
    }

    @Test func padding() throws {
        let border = { (index: Shape) in index[1] == 0 || index[1] == 3 || index[2] == 8 }
        #expect(
            try phrases(Self.padded, border).first
                == "every element whose window reaches into the padding, and no other")
        #expect(
            try phrases(Self.padded) { !border($0) }.first
                == "every element whose window lies inside the input, and no other")
        #expect(
            try phrases(Self.padded) { border($0) && $0[3] == 0 }.last
                == "only elements whose window reaches into the padding: 40 of 720 of them")
        #expect(
            try phrases(Self.padded) { !border($0) && $0[3] == 0 }.last
                == "only elements whose window lies inside the input: 32 of 576 of them")
        #expect(
            try phrases(Self.padded) { $0[3] == 0 }.last
                == "40 of 720 elements whose window reaches into the padding, 32 of 576 whose window lies inside the input"
        )
    }

    @Test func groups() throws {
        #expect(try phrases(Self.valid, groups: 3) { $0[3] >= 12 }[0].hasPrefix("filters 12...17 of 18 (group 2 of 3)"))
        #expect(
            try phrases(Self.valid, groups: 3) { $0[3] >= 6 }[0].hasPrefix("filters 6...17 of 18 (groups 1...2 of 3)"))
        #expect(try phrases(Self.valid, groups: 3) { $0[3] >= 13 }[0].hasPrefix("filters 13...17 of 18, in all"))
    }

    @Test(arguments: [
        ([3], "3"), ([0, 1, 2], "0...2"), ([0, 2, 3, 4, 9], "0, 2...4, 9"),
        ([1, 4, 7, 10], "1, 4, ..., 10 (every 3rd)"),
        ([0, 2], "0, 2"), ([0, 2, 5, 7, 10, 12, 15, 17], "0, 2, 5, 7, 10, 12 and 2 more"), ([4, 5], "4...5"),
        ([0, 11, 22], "0, 11, ..., 22 (every 11th)"),
    ])
    func runs(_ indices: [Int], _ text: String) {
        #expect(IndexRuns(indices).text == text)
    }
}
