import Conformance
import Convolution
import GoldenStore
import Testing
import _TestSupport

@testable import DrawnCases

/// Whether the rules draw what the generator drew, from the goldens themselves.
@Suite struct DrawRuleTests {
    private let store: GoldenDirectory

    init() throws { store = try GoldenDirectory(path: Repository.goldens.path) }

    /// Every kind of drawn case that stores its tensors, small ones: of each suite one in so many, and all numerics.
    @Test func theRulesGiveWhatIsStored() throws {
        var (reproduced, other) = ([String: Int](), [String]())
        for (place, header) in store.cases.filter({ FreshCases.isDrawn($0) && !$0.isDerived }).enumerated() {
            let isNumerics = header.tags.contains("numerics")
            guard place % 7 == 0 || isNumerics, header.problem.input.count < 60_000 else { continue }
            let golden = try store.load(header)
            let rule = try DrawRule.candidates(header, golden.operands.quantization).first {
                try $0.operands(header.problem, seed: header.seed) == golden.operands
            }
            guard let rule else {
                other.append(header.id)
                continue
            }
            reproduced["\(rule)".prefix { $0.isLetter }.description, default: 0] += 1
            if case .distribution(let distribution) = rule { reproduced[distribution.rawValue, default: 0] += 1 }
        }
        // What is drawn between bounds of its own stands in no table.
        #expect(other.allSatisfy { $0.hasPrefix("int8/") || $0.hasPrefix("quantized/") }, "\(other)")
        #expect(other.count <= 5, "\(other)")
        for name in ["integer", "real", "bytes", "steps"] + Distribution.allCases.map(\.rawValue) {
            #expect(reproduced[name, default: 0] >= 3, "\(name): \(reproduced)")
        }
    }

    /// Derived cases are drawn by their family alone.
    @Test func theRulesGiveWhatIsDerived() throws {
        for header in store.cases.filter(\.isDerived).enumerated().filter({ $0.offset % 40 == 0 }).map(\.element) {
            guard header.problem.input.count + header.problem.filter.count < 100_000,
                let geometry = try? header.problem.geometry(), geometry.outputShape.count < 20_000,
                geometry.productsPerOutput * geometry.outputShape.count < 200_000
            else { continue }
            let golden = try store.load(header)
            let rule = try #require(DrawRule.candidates(header, nil).first)
            #expect(try rule.operands(header.problem, seed: header.seed) == golden.operands, "\(header.id)")
        }
    }

    @Test func shufflingKeepsTheNumbersOfEachFilter() throws {
        let problem = Problem(input: [1, 4, 4, 2], filter: [2, 2, 2, 3])
        let operands = try DrawRule.integer.operands(problem, seed: 3)
        let rule = DrawRule.shuffled(operands)
        let shuffled = try rule.operands(problem, seed: 1)
        #expect(shuffled != operands)
        #expect(try shuffled == rule.operands(problem, seed: 1))
        #expect(try shuffled != rule.operands(problem, seed: 2))
        func filter(_ operands: Operands, _ f: Int) -> [Double] {
            let numbers = operands.filter?.doubles.elements ?? []
            return stride(from: f, to: numbers.count, by: 3).map { numbers[$0] }.sorted()
        }
        for f in 0..<3 { #expect(filter(shuffled, f) == filter(operands, f)) }
    }
}
