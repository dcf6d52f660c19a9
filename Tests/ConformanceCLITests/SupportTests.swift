import Conformance
import Convolution
import Foundation
import GoldenStore
import Testing
import _TestSupport

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

    @Test func elseThoseThatHoldTheWordOrBeginAsItDoes() {
        let ids = ["grid/b1-c2-valid", "grid/b2-c2-valid", "grid/b1-c2-same-upper", "tails/c17"]
        #expect(Suggestion.among(ids, near: "same") == "; nearest: grid/b1-c2-same-upper")
        #expect(
            Suggestion.among(ids, near: "grid/nothing")
                == "; nearest: grid/b1-c2-valid, grid/b2-c2-valid, grid/b1-c2-same-upper")
    }

    @Test func whereNothingIsNearAFewAreAllNamed() {
        #expect(Suggestion.among(["grid", "tails"], near: "somethingelse") == "; there are: grid, tails")
    }

    @Test(arguments: [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("same", "same", 0)])
    func theDistanceIsLevenshteins(first: String, second: String, distance: Int) {
        #expect(Suggestion.distance(Array(first.utf8), Array(second.utf8)) == distance)
    }
}

@Suite struct EngineNameTests {
    /// However often a name comes, and whatever others are called.
    @Test(arguments: [
        (["x", "x", "x#2"], ["x", "x#2", "x#2#2"]), (["x#2", "x", "x"], ["x#2", "x", "x#3"]),
        (["a\u{1}", "a\u{2}"], ["a\u{FFFD}", "a\u{FFFD}#2"]), (["", " \n "], ["unnamed", "unnamed#2"]),
        (["e\u{301}", "\u{E9}"], ["e\u{301}", "\u{E9}#2"]), (["direct", "fft"], ["direct", "fft"]),
    ])
    func noTwoAreTheSame(_ names: [String], _ distinct: [String]) {
        #expect(EngineNames.distinct(names) == distinct)
    }

    @Test func aLongNameIsCut() {
        let names = EngineNames.distinct([String(repeating: "x", count: 5000), String(repeating: "x", count: 5001)])
        #expect(names[0].count == 103)
        #expect(names[1] == names[0] + "#2")
    }

    /// A comma ends a name, and belongs to a command.
    @Test(arguments: [
        ("direct", ["direct"]), ("direct,fft", ["direct", "fft"]), ("cmd:a b,c", ["cmd:a b,c"]),
        ("direct,cmd:a,b", ["direct", "cmd:a,b"]), ("all", ["direct", "fft", "mine,2"]), ("mine,2", ["mine,2"]),
        ("direct,", ["direct", ""]),
    ])
    func oneWordNamesSeveral(_ word: String, _ engines: [String]) {
        var registry = EngineRegistry()
        for name in ["direct", "fft", "mine,2"] { registry.register(name) { Unused() } }
        #expect(EngineOptions.split(word, registry: registry) == engines)
    }

    private struct Unused: Engine {
        func convolve(_ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) throws
            -> Tensor<Float>
        {
            throw EngineRefusal.unsupported("never called")
        }
    }
}

@Suite struct GoldenSearchTests {
    /// Golden files at one place only, and a program below `work/app/.build`.
    private func search(_ place: String, program: String = "work/app/.build/debug/app") throws -> (GoldenSearch, String)
    {
        let folder = try TemporaryFolder()
        let root = folder.url.resolvingSymlinksInPath()
        let goldens = root.appending(path: place)
        for path in [goldens, root.appending(path: program).deletingLastPathComponent(), root.appending(path: "here")] {
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        }
        try Data().write(to: goldens.appending(path: "grid.h5"))
        try Data().write(to: root.appending(path: program))
        return (
            GoldenSearch(from: root.appending(path: program).path, in: root.appending(path: "here").path), root.path
        )
    }

    @Test(arguments: [
        "work/app/Golden", "work/convcheck/Golden", "work/app/.build/checkouts/convcheck/Golden",
        "work/app/.build/debug/Golden",
    ])
    func goldensAreFoundAroundTheProgram(_ place: String) throws {
        let (search, root) = try search(place)
        #expect(search.path == root + "/" + place)
        #expect(search.places.first == "Golden")
        #expect(search.places.last == search.path)
    }

    @Test func thoseHereComeFirst() throws {
        #expect(try search("here/Golden").0.path == "Golden")
    }

    @Test func elsewhereTheyAreNotFound() throws {
        let (search, root) = try search("elsewhere/Golden")
        #expect(search.path == nil)
        #expect(search.places.contains(root + "/work/app/Golden"))
        #expect(search.places.contains(root + "/work/convcheck/Golden"))
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
            TensorPrinter(limit: .max).lines("input", .float32(tensor), .input) == [
                "input [1, 2, 3, 2]", "  batch 0, channel 0", "     0  1  2", "    10 11 12", "  batch 0, channel 1",
                "     0.5  1.5  2.5", "    10.5 11.5 12.5",
            ])
    }

    @Test func theRestIsCounted() {
        let tensor = Tensor<Float>(repeating: 1, shape: [2, 2, 1, 3])
        #expect(
            TensorPrinter(limit: 2).lines("filter", .float32(tensor), .filter) == [
                "filter [2, 2, 1, 3]", "  filter 0, channel 0", "    1 1", "    1 1",
                "  ... 2 more of 3 matrices; --all shows them",
            ])
    }

    @Test func anEmptyTensorHasNoMatrices() {
        let tensor = Tensor<Float>(repeating: 1, shape: [0, 2, 1, 3])
        #expect(TensorPrinter(limit: 2).lines("input", .float32(tensor), .input) == ["input [0, 2, 1, 3]"])
    }
}
