import Conformance
import Testing

@testable import Diagnosis

/// Which conditions tell failing subjects from passing ones.
struct RuleSearchTests {
    private struct Subject {
        let width: Int
        let depth: Int
        let isRed: Bool
    }

    private static let vocabulary = Vocabulary<Subject>(
        numbers: [.init("width") { $0.width }, .init("depth") { $0.depth }], facts: [.init("is red") { $0.isRed }])

    /// Every width to 24 with every depth to 9, by turns red.
    private static let all = (1...24).flatMap { width in
        (0...9).map { Subject(width: width, depth: $0, isRed: (width + $0) % 2 == 0) }
    }

    private func rule(_ vocabulary: Vocabulary<Subject> = vocabulary, fails: (Subject) -> Bool) -> Rule? {
        RuleSearch(vocabulary, failing: Self.all.filter(fails), passing: Self.all.filter { !fails($0) }).rule()
    }

    @Test func eachRelationIsFound() {
        let expected: [(Condition, (Subject) -> Bool)] = [
            (Condition("width", .equals(7)), { $0.width == 7 }), (Condition("width", .atLeast(19)), { $0.width > 18 }),
            (Condition("depth", .atMost(2)), { $0.depth < 3 }),
            (Condition("width", .isMultiple(of: 8)), { $0.width % 8 == 0 }),
            (Condition("width", .isNoMultiple(of: 4)), { $0.width % 4 != 0 }),
            (Condition("width", .leaves(5, dividedBy: 8)), { $0.width % 8 == 5 }),
            (Condition("is red", .holds), { $0.isRed }), (Condition("is red", .holdsNot), { !$0.isRed }),
        ]
        for (condition, fails) in expected {
            let rule = rule(fails: fails)
            #expect(rule?.conditions == [condition])
            #expect(rule?.failing == rule?.allFailing && rule?.passing == 0)
        }
    }

    @Test func severalConditionsAreTakenTogether() {
        let rule = rule { $0.isRed && $0.width > 16 && $0.depth < 4 }
        #expect(
            Set(rule?.conditions ?? []) == [
                Condition("is red", .holds), Condition("width", .atLeast(17)), Condition("depth", .atMost(3)),
            ])
    }

    /// One condition with exceptions, and not several without.
    @Test func exceptionsAreCounted() {
        let rule = rule { $0.width > 12 && !($0.width == 14 && $0.depth == 6) || $0.width == 2 && $0.depth == 1 }
        #expect(rule?.conditions == [Condition("width", .atLeast(13))])
        #expect(rule?.failing == 119 && rule?.allFailing == 120 && rule?.passing == 1, "\(rule as Any)")
    }

    @Test func whatFollowsFromNothingHasNoRule() {
        // A digest of both: no number of either tells it.
        #expect(rule { ($0.width * 2_654_435_761 + $0.depth * 40503) >> 4 % 5 == 0 } == nil)
        // Two are too few.
        #expect(rule { $0.width == 7 && $0.depth < 2 } == nil)
        #expect(rule { _ in true } == nil)
    }

    @Test func aVocabularyMayHaveNoNegations() {
        var vocabulary = Self.vocabulary
        vocabulary.negates = false
        #expect(rule(vocabulary) { !$0.isRed }?.conditions != [Condition("is red", .holdsNot)])
    }
}
