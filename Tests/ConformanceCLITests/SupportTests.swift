import Convolution
import Testing

@testable import ConformanceCLI

@Suite struct GlobTests {
    @Test(arguments: [
        ("grid/*", "grid/b1-c2", true), ("grid/b?-*", "grid/b1-c2", true), ("grid", "grid/b1", false),
        ("*/[ab]1*", "grid/b1-c2", true), ("*", "grid/b1", true), ("grid/b1", "grid/b1", true),
    ])
    func theWholeTextMatches(pattern: String, text: String, matches: Bool) {
        #expect(Glob(pattern).matches(text) == matches)
    }
}

@Suite struct SuggestionTests {
    @Test func theNearestComeFirst() {
        #expect(Suggestion.among(["grid", "tails", "numerics"], near: "gird") == "; nearest: grid")
        #expect(Suggestion.among(["direct", "im2col", "reference"], near: "im2cool") == "; nearest: im2col")
    }

    @Test func whereNothingIsNearAFewAreAllNamed() {
        #expect(Suggestion.among(["grid", "tails"], near: "somethingelse") == "; there are: grid, tails")
    }

    @Test(arguments: [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("same", "same", 0)])
    func theDistanceIsLevenshteins(first: String, second: String, distance: Int) {
        #expect(Suggestion.distance(Array(first.utf8), Array(second.utf8)) == distance)
    }
}

@Suite struct ShardTests {
    @Test func theShardsAreAPartition() throws {
        let list = Array(0..<23)
        let parts = try (1...4).map { try #require(Shard(argument: "\($0)/4")).part(of: list) }
        #expect(parts.joined().sorted() == list)
        #expect(parts.map(\.count).max() == 6)
    }

    @Test(arguments: ["0/4", "5/4", "1", "1/0", "a/b", "1/2/3", "-1/2", ""])
    func whatIsNoShardIsRefused(word: String) {
        #expect(Shard(argument: word) == nil)
    }
}

@Suite struct TensorPrinterTests {
    @Test func aTensorIsPrintedAsMatrices() {
        let tensor = Tensor<Float>(shape: [1, 2, 3, 2]) { Float(10 * $1 + $2) + ($3 == 1 ? 0.5 : 0) }
        #expect(
            TensorPrinter(limit: .max).lines("input", tensor, .input) == [
                "input [1, 2, 3, 2]", "  batch 0, channel 0", "     0  1  2", "    10 11 12", "  batch 0, channel 1",
                "     0.5  1.5  2.5", "    10.5 11.5 12.5",
            ])
    }

    @Test func theRestIsCounted() {
        let tensor = Tensor<Float>(repeating: 1, shape: [2, 2, 1, 3])
        #expect(
            TensorPrinter(limit: 2).lines("filter", tensor, .filter) == [
                "filter [2, 2, 1, 3]", "  filter 0, channel 0", "    1 1", "    1 1",
                "  ... 2 more of 3 matrices; --all shows them",
            ])
    }

    @Test func anEmptyTensorHasNoMatrices() {
        let tensor = Tensor<Float>(repeating: 1, shape: [0, 2, 1, 3])
        #expect(TensorPrinter(limit: 2).lines("input", tensor, .input) == ["input [0, 2, 1, 3]"])
    }
}
