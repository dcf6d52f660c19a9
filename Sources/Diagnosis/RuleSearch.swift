internal import Conformance
internal import Glibc

/// Looks for the shortest conditions that tell failing subjects from passing ones.
///
/// Of all conjunctions of up to ``mostConditions`` that hold for nearly all failing ones, it takes the one with which the
/// failing ones can be told in the fewest bits (minimum description length: J. Rissanen, 1978): those of the conditions, and
/// those that say which subjects are exceptions to them. So few failures get short rules only, and no rule is made for
/// exceptions. The widest conjunctions are followed in a beam; the same subjects give the same rule.
struct RuleSearch<Subject> {
    private static var mostConditions: Int { 4 }
    /// Fewer failures say nothing about what they have in common.
    private static var fewestFailures: Int { 3 }
    /// The part of the failing subjects that may be exceptions.
    private static var mostExceptions: Double { 0.05 }
    /// The part of the subjects which a rule holds for that may pass: where a mistake changes no number.
    private static var mostPassing: Double { 0.5 }
    /// What each condition more has to leave of the bits at most.
    private static var leastGain: Double { 0.85 }
    /// So many conjunctions of a length are made longer.
    private static var beam: Int { 40 }

    private let failing: Int
    private let passing: Int
    private let tests: [Test]

    private struct Test {
        let condition: Condition
        let failing: Bits
        let passing: Bits
    }

    private struct Conjunction {
        var tests: [Int]
        var failing: Bits
        var passing: Bits
        var bits: Double
    }

    init(_ vocabulary: Vocabulary<Subject>, failing: [Subject], passing: [Subject]) {
        (self.failing, self.passing) = (failing.count, passing.count)
        tests =
            failing.count < Self.fewestFailures || passing.isEmpty
            ? [] : Self.tests(vocabulary, failing: failing, passing: passing)
    }

    /// The rule; nil where none is good.
    func rule() -> Rule? {
        guard !tests.isEmpty else { return nil }
        let all = Conjunction(
            tests: [], failing: Bits(Array(repeating: true, count: failing)),
            passing: Bits(Array(repeating: true, count: passing)),
            bits: Self.bits(choosing: failing, of: failing + passing))
        let least = Self.least(of: failing)
        var (beam, best, limit) = ([all], all, all.bits)
        for _ in 0..<Self.mostConditions {
            limit *= Self.leastGain
            var longer: [Conjunction] = []
            var seen: Set<[Int]> = []
            for conjunction in beam {
                for place in tests.indices where !conjunction.tests.contains(place) {
                    let failing = conjunction.failing.and(tests[place].failing)
                    guard failing.count >= least, seen.insert((conjunction.tests + [place]).sorted()).inserted else {
                        continue
                    }
                    let passing = conjunction.passing.and(tests[place].passing)
                    if passing.count == conjunction.passing.count { continue }
                    let chosen = conjunction.tests + [place]
                    longer.append(
                        Conjunction(
                            tests: chosen, failing: failing, passing: passing,
                            bits: bits(of: chosen.count, failing: failing.count, passing: passing.count)))
                }
            }
            // Of equals the plainest.
            longer.sort { ($0.bits, $0.tests.reduce(0, +)) < ($1.bits, $1.tests.reduce(0, +)) }
            beam = Array(longer.prefix(Self.beam))
            let good = beam.first {
                Double($0.passing.count) <= Self.mostPassing * Double($0.failing.count + $0.passing.count)
            }
            if let good, good.bits <= limit { (best, limit) = (good, good.bits) }
            if beam.isEmpty || best.passing.count == 0 { break }
        }
        if best.tests.isEmpty { return nil }
        return Rule(
            conditions: best.tests.map { tests[$0].condition }, failing: best.failing.count, allFailing: failing,
            passing: best.passing.count, allPassing: passing)
    }

    private static func least(of count: Int) -> Int {
        Int((Double(count) * (1 - mostExceptions)).rounded(.up))
    }

    /// What it takes to say which subjects fail: so many conditions, and the exceptions to them.
    private func bits(of conditions: Int, failing held: Int, passing heldPassing: Int) -> Double {
        Double(conditions) * log2(Double(tests.count + 1))
            + Self.bits(choosing: heldPassing, of: held + heldPassing)
            + Self.bits(choosing: failing - held, of: failing + passing - held - heldPassing)
    }

    /// How many are chosen, and which of them: log2(all + 1) + log2(all! / (chosen! (all - chosen)!)).
    private static func bits(choosing count: Int, of all: Int) -> Double {
        log2(Double(all + 1))
            + (lgamma(Double(all + 1)) - lgamma(Double(count + 1)) - lgamma(Double(all - count + 1))) / log(2)
    }

    /// Conditions that nearly all failing subjects meet and some passing one does not, the plainest first.
    private static func tests(
        _ vocabulary: Vocabulary<Subject>, failing: [Subject], passing: [Subject]
    ) -> [Test] {
        var tests: [Test] = []
        var seen: Set<[Bits]> = []
        let least = least(of: failing.count)
        func addTest(_ condition: Condition, _ failed: [Bool], _ passed: [Bool]) {
            let (failed, passed) = (Bits(failed), Bits(passed))
            guard failed.count >= least, passed.count < passing.count, seen.insert([failed, passed]).inserted else {
                return
            }
            tests.append(Test(condition: condition, failing: failed, passing: passed))
        }
        let facts = vocabulary.facts.map { fact in (fact.name, failing.map(fact.isTrue), passing.map(fact.isTrue)) }
        // What is so is plainer than what is not.
        for (name, failed, passed) in facts { addTest(.init(name, .holds), failed, passed) }
        let exceptions = failing.count - least
        for number in vocabulary.numbers {
            let (failed, passed) = (failing.map(number.value), passing.map(number.value))
            func add(_ relation: Condition.Relation, _ holds: (Int) -> Bool) {
                addTest(.init(number.name, relation), failed.map(holds), passed.map(holds))
            }
            let values = failed.sorted()
            guard let least = values.first, let most = values.last else { continue }
            let middle = values[values.count / 2]
            add(.equals(middle)) { $0 == middle }
            for bound in Set([least, values[exceptions]]).sorted() { add(.atLeast(bound)) { $0 >= bound } }
            for bound in Set([most, values[values.count - 1 - exceptions]]).sorted() {
                add(.atMost(bound)) { $0 <= bound }
            }
            for modulus in [2, 3, 4, 8, 16, 32] {
                add(.isMultiple(of: modulus)) { $0 % modulus == 0 }
                add(.isNoMultiple(of: modulus)) { $0 % modulus != 0 }
            }
            for modulus in [4, 8, 16] where middle % modulus > 0 {
                add(.leaves(middle % modulus, dividedBy: modulus)) { $0 % modulus == middle % modulus }
            }
        }
        for (name, failed, passed) in facts where vocabulary.negates {
            addTest(.init(name, .holdsNot), failed.map { !$0 }, passed.map { !$0 })
        }
        return tests
    }
}

/// A bit for each of some subjects.
private struct Bits: Hashable {
    private var words: [UInt64]
    private(set) var count = 0  // of those that are set

    init(_ values: [Bool]) {
        words = [UInt64](repeating: 0, count: (values.count + 63) / 64)
        for place in values.indices where values[place] {
            words[place / 64] |= 1 << UInt64(place % 64)
            count += 1
        }
    }

    func and(_ other: Bits) -> Bits {
        var both = self
        both.count = 0
        for place in words.indices {
            both.words[place] &= other.words[place]
            both.count += both.words[place].nonzeroBitCount
        }
        return both
    }
}
