internal import Conformance

/// Looks for the shortest conditions that tell failing cases from passing ones.
///
/// Greedy: the condition that fails most of the passing cases, among those that nearly all failing ones meet, then the
/// next, up to ``mostConditions``. The same cases give the same rule.
struct RuleSearch {
    private static let mostConditions = 3
    /// Fewer failures say nothing about what they have in common.
    private static let fewestFailures = 3
    /// The part of the failing cases that may be exceptions.
    private static let mostExceptions = 0.05
    /// The part of the cases which a rule holds for that may pass: where a mistake changes no number.
    private static let mostPassing = 0.15

    private let failing: [CaseFeatures]
    private let passing: [CaseFeatures]

    init(failing: [CaseFeatures], passing: [CaseFeatures]) {
        self.failing = failing
        self.passing = passing
    }

    /// The rule; nil where none is good.
    func rule() -> Rule? {
        guard failing.count >= Self.fewestFailures, !passing.isEmpty else { return nil }
        var chosen: [Test] = []
        var (held, left) = (failing, passing)
        let tests = self.tests()
        while !left.isEmpty, chosen.count < Self.mostConditions {
            let least = Int((Double(failing.count) * (1 - Self.mostExceptions)).rounded(.up))
            var best: (test: Test, passing: Int, failing: Int)?
            for test in tests {
                let kept = held.lazy.filter(test.holds).count
                guard kept >= least else { continue }
                let spared = left.lazy.filter(test.holds).count
                if let best, (spared, -kept) >= (best.passing, -best.failing) { continue }
                best = (test, spared, kept)
            }
            // A condition that spares few is made for these cases.
            guard let best, 2 * best.passing <= left.count else { break }
            chosen.append(best.test)
            held = held.filter(best.test.holds)
            left = left.filter(best.test.holds)
        }
        chosen = shortened(chosen)
        let (failed, passed) = (count(failing, chosen), count(passing, chosen))
        let isGood = !chosen.isEmpty && Double(passed) <= Self.mostPassing * Double(failed + passed)
        guard isGood else { return nil }
        return Rule(
            conditions: chosen.map(\.condition), failing: failed, allFailing: failing.count, passing: passed,
            allPassing: passing.count)
    }

    /// Without the conditions that later ones have made superfluous.
    private func shortened(_ tests: [Test]) -> [Test] {
        var tests = tests
        for test in tests where tests.count > 1 {
            let others = tests.filter { $0.condition != test.condition }
            if count(passing, others) <= count(passing, tests) { tests = others }
        }
        return tests
    }

    private func count(_ cases: [CaseFeatures], _ tests: [Test]) -> Int {
        cases.lazy.filter { features in tests.allSatisfy { $0.holds(features) } }.count
    }

    private struct Test {
        let condition: Condition
        let holds: (CaseFeatures) -> Bool
    }

    /// Conditions that the failing cases suggest, the plainest first.
    private func tests() -> [Test] {
        var tests: [Test] = []
        let holding = CaseFeatures.facts.indices.map { place in failing.lazy.filter { $0.truths[place] }.count }
        // What is so is plainer than what is not.
        for (place, fact) in CaseFeatures.facts.enumerated() where 2 * holding[place] >= failing.count {
            tests.append(Test(condition: .init(fact, .holds)) { $0.truths[place] })
        }
        for (place, fact) in CaseFeatures.facts.enumerated() where 2 * holding[place] < failing.count {
            tests.append(Test(condition: .init(fact, .holdsNot)) { !$0.truths[place] })
        }
        let exceptions = Int(Double(failing.count) * Self.mostExceptions)
        for (place, number) in CaseFeatures.numbers.enumerated() {
            func add(_ relation: Condition.Relation, _ holds: @escaping (Int) -> Bool) {
                tests.append(Test(condition: .init(number, relation)) { holds($0.values[place]) })
            }
            let values = failing.map { $0.values[place] }.sorted()
            guard let least = values.first, let most = values.last else { continue }
            if least == most { add(.equals(least)) { $0 == least } }
            for bound in Set([least, values[exceptions]]).sorted() { add(.atLeast(bound)) { $0 >= bound } }
            for bound in Set([most, values[values.count - 1 - exceptions]]).sorted() {
                add(.atMost(bound)) { $0 <= bound }
            }
            for modulus in [2, 3, 4, 8, 16, 32] {
                add(.isMultiple(of: modulus)) { $0 % modulus == 0 }
                add(.isNoMultiple(of: modulus)) { $0 % modulus != 0 }
            }
        }
        return tests
    }
}
