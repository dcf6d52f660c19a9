import Conformance
import Convolution
import Testing
import _TestSupport

@testable import FaultyEngines

@Suite struct KillMatrixTests {
    static let faults = ["flipped-kernel", "missing-bias", "swapped-strides", "stale-filter", "nan-input-as-zero"]
        .compactMap(Fault.named)

    /// A plain case, one with a bias and strides that is a superset of it, and a 1x1 that kills nothing.
    static func cases() throws -> [GoldenCase] {
        [
            try .drawn(Problem(input: [1, 5, 6, 2], filter: [3, 2, 2, 3]), suite: "a", name: "plain"),
            try .drawn(
                Problem(
                    input: [1, 5, 6, 2], filter: [3, 2, 2, 3], biasCount: 3, strides: Extent(height: 1, width: 2)),
                suite: "b", name: "bias"),
            try .drawn(Problem(input: [1, 1, 1, 1], filter: [1, 1, 1, 1]), suite: "b", name: "one"),
        ]
    }

    @Test func countsKillsBySuite() throws {
        let matrix = try KillMatrix(of: Self.faults, on: CaseList(Self.cases()))
        #expect(matrix.suites.map(\.name) == ["a", "b"])
        #expect(matrix.suites.map(\.cases) == [1, 2])
        #expect(matrix.rows.map(\.total) == [2, 1, 1, 0, 0])
        #expect(matrix.rows[0].kills == ["a": 1, "b": 1])
        #expect(matrix.rows[1].kills == ["b": 1])
        #expect(matrix.survivors.map(\.fault.name) == ["stale-filter", "nan-input-as-zero"])
        #expect(matrix.thinlyCaught(least: 2).map(\.fault.name) == ["missing-bias", "swapped-strides"])
        #expect(matrix.falseAlarms.isEmpty)
    }

    @Test func saysWhichCasesDoWhat() throws {
        let matrix = try KillMatrix(of: Self.faults, on: CaseList(Self.cases()))
        #expect(matrix.trials.map(\.kills) == [[0], [0, 1, 2], []])
        #expect(matrix.idleCases.map(\.id) == ["b/one"])
        #expect(matrix.dominatedCases.map { [$0.header.id, $0.by.id] } == [["a/plain", "b/bias"]])
        #expect(matrix.indispensableCases.map(\.header.id) == ["b/bias"])
        #expect(matrix.indispensableCases.first?.faults.map(\.name) == ["missing-bias", "swapped-strides"])
    }

    @Test func ofTwoEqualCasesTheFirstIsKept() throws {
        let problem = Problem(input: [1, 5, 6, 2], filter: [3, 2, 2, 3])
        let cases = try ["first", "second"].map { try GoldenCase.drawn(problem, name: $0) }
        let matrix = try KillMatrix(of: Self.faults, on: CaseList(cases))
        #expect(matrix.dominatedCases.map { [$0.header.name, $0.by.name] } == [["second", "first"]])
    }

    @Test func doesNotDependOnTheNumberOfJobs() throws {
        var stream = RandomNumbers(seed: 7)
        let cases = try (0..<150).map { number in
            var golden = try GoldenCase.drawn(
                Problem(input: [1, 4, 4 + number % 3, 2], filter: [2, 1 + number % 2, 2, 2]), name: "\(number)")
            // Another filter in every case, so that a stale one shows.
            golden.filter.elements.shuffle(using: &stream)
            golden.output = try GoldenCase.exact(golden)
            return golden
        }
        let matrices = try [1, 2, 5].map { try KillMatrix(of: Self.faults, on: CaseList(cases), jobs: $0) }
        #expect(matrices[0].rows[3].total > 100, "stale-filter")
        for matrix in matrices.dropFirst() {
            #expect(matrix.trials.map(\.kills) == matrices[0].trials.map(\.kills))
            #expect(matrix.trials.map(\.header.id) == cases.map(\.header.id))
        }
    }

    /// What goes wrong in a first call is caught although the first case has no output in which it could show.
    @Test func enginesBeginWithAnOrdinaryCase() throws {
        let cases: [GoldenCase] = [
            try .drawn(Problem(input: [0, 5, 6, 2], filter: [3, 2, 2, 3]), name: "empty"),
            try .drawn(Problem(input: [1, 5, 6, 2], filter: [9, 9, 2, 3]), name: "invalid"),
            try .drawn(Problem(input: [1, 5, 6, 2], filter: [3, 2, 2, 3]), name: "plain"),
            try .drawn(Problem(input: [1, 5, 7, 2], filter: [3, 2, 2, 3]), name: "other"),
        ]
        let faults = ["first-call-zero", "first-call-of-a-shape-zero"].compactMap(Fault.named)
        let matrix = try KillMatrix(of: faults, on: CaseList(cases))
        #expect(matrix.trials.map(\.header.name) == ["empty", "invalid", "plain", "other"])
        #expect(matrix.trials.map(\.kills) == [[], [], [0, 1], [1]])
    }

    @Test func keepsTheSmallestRatio() throws {
        var golden = try GoldenCase.drawn(Problem(input: [1, 5, 6, 2], filter: [3, 2, 2, 3]), name: "real")
        golden.header.data = .real
        golden.input = Tensor(shape: golden.input.shape) { golden.input[$0, $1, $2, $3] / 3 }
        golden.output = try GoldenCase.exact(golden)
        let faults = ["tf32-factors", "bfloat16-factors", "flipped-kernel"].compactMap(Fault.named)
        let matrix = try KillMatrix(of: faults, on: CaseList([golden]))
        let ratios = try matrix.rows.map { try #require($0.leastRatio).ratio }
        #expect(ratios[0] > 10 && ratios[0] < ratios[1] && ratios[1] < ratios[2])
        #expect(matrix.rows[0].leastRatio?.caseID == "drawn/real")
        #expect(matrix.rows[0].greatestRatio == matrix.rows[0].leastRatio)
    }

    @Test func aWrongGoldenIsAFalseAlarmAndKillsNothing() throws {
        var golden = try GoldenCase.drawn(Problem(input: [1, 5, 6, 2], filter: [3, 2, 2, 3]), name: "wrong")
        golden.output?.expected.elements[3] += 1
        let matrix = try KillMatrix(of: Self.faults, on: CaseList([golden]))
        #expect(matrix.falseAlarms.map(\.header.name) == ["wrong"])
        #expect(matrix.rows.allSatisfy { $0.total == 0 })
    }

    /// An infinite weight over a pad: skipped, as the exact reference has it, or multiplied, which gives NaN.
    @Test func anotherRightAnswerIsReported() throws {
        let problem = Problem(input: [1, 3, 4, 5], filter: [2, 2, 5, 1], padding: .pads(1, 0, 0, 0))
        var golden = try GoldenCase.drawn(problem, name: "open")
        golden.header.data = .special
        golden.filter[0, 0, 2, 0] = -.infinity
        var output = try GoldenCase.exact(golden)
        var other = output.expected
        for x in 0..<3 { other[0, 0, x, 0] = .nan }
        output.alternatives = GoldenCase.Alternatives(
            choice: .paddingTimesInfinity, expectedMeaning: "skipped",
            answers: [.init(meaning: "multiplied", output: other)])
        golden.output = output
        let faults = ["padding-multiplied-from-five-channels", "flipped-kernel"].compactMap(Fault.named)
        let matrix = try KillMatrix(of: faults, on: CaseList([golden]))
        #expect(matrix.falseAlarms.isEmpty)
        #expect(matrix.rows.map(\.total) == [0, 1])
        #expect(matrix.rows.map(\.reported) == [1, 0])
        #expect(matrix.survivors.isEmpty)
        #expect(matrix.onlyReported.map(\.fault.name) == ["padding-multiplied-from-five-channels"])
        #expect(matrix.lines(least: 1)[3].hasPrefix("          flipped-kernel"))
        #expect(matrix.lines(least: 1)[2].hasPrefix("reported  padding-multiplied"))
    }

    @Test func skipsWhatIsTooLarge() throws {
        let cases = try Self.cases()
        let matrix = try KillMatrix(of: Self.faults, on: CaseList(cases), productLimit: 100)
        #expect(matrix.skipped.map(\.id) == ["a/plain", "b/bias"])
        #expect(matrix.trials.map(\.header.id) == ["b/one"])
    }

    @Test func damagedDataEndTheComputation() throws {
        #expect(throws: UnknownCase.self) {
            try KillMatrix(
                of: Self.faults, on: CaseList([]), cases: [try Self.cases()[0].header])
        }
    }
}
