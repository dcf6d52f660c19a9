import Conformance
import Convolution
import ReferenceEngines
import Testing

@testable import FaultyEngines

@Suite struct KillMatrixTextTests {
    static func matrix() throws -> KillMatrix {
        try KillMatrix(of: KillMatrixTests.faults, on: CaseList(KillMatrixTests.cases()))
    }

    @Test func survivorsComeFirst() throws {
        let lines = try Self.matrix().lines(least: 2)
        #expect(
            lines == [
                "          fault              a  b  all",
                "          (cases)            1  2    3",
                "SURVIVES  stale-filter       .  .    0",
                "SURVIVES  nan-input-as-zero  .  .    0",
                "thin      missing-bias       .  1    1",
                "thin      swapped-strides    .  1    1",
                "          flipped-kernel     1  1    2",
            ])
    }

    @Test func markdownHasATableForEachClass() throws {
        let text = try Self.matrix().markdown()
        let titles = text.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(titles == ["## Semantics", "## Not finite", "## Memory"])
        #expect(text.contains("| `missing-bias` | The bias is left out. |  | 1 | 1 |\n"))
        #expect(text.hasSuffix("|\n"))
    }

    @Test func rightEnginesAreMeasured() throws {
        var golden = try GoldenCase.drawn(Problem(input: [1, 5, 6, 2], filter: [3, 2, 2, 3]), name: "real")
        golden.header.data = .real
        golden.input = Tensor(shape: golden.input.shape) { golden.input[$0, $1, $2, $3] / 3 }
        golden.output = try GoldenCase.exact(golden)
        let engines: [any EngineUnderTest] = [
            try InProcessEngine(name: "right") { FaultyEngine(nil) },
            try InProcessEngine(name: "wrong") { FaultyEngine(Fault.named("flipped-kernel")) },
        ]
        let spared = try SparedEngine.measure(engines, on: CaseList([golden]), cases: [golden.header])
        #expect(spared.map(\.name) == ["right", "wrong"])
        #expect(spared[0].greatestRatio.ratio > 0 && spared[0].greatestRatio.ratio < 1)
        #expect(spared[0].greatestRatio.caseID == "drawn/real")
        #expect(spared[0].accusations.isEmpty)
        #expect(spared[1].accusations.map(\.caseID) == ["drawn/real"])
    }
}
