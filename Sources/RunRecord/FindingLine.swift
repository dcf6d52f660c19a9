internal import Conformance

/// A line for what failures of one engine have in common, behind the cases.
struct FindingLine: Codable {
    struct Fault: Codable {
        var name: String
        var summary: String
        var source: String?
    }

    /// A condition of a rule: what it is about, and `equals`, `at least`, `at most`, `multiple of` or `no multiple of` with a
    /// number, or `holds` or `holds not` without one.
    struct ConditionLine: Codable {
        var quantity: String
        var relation: String
        var number: Int?

        init(_ condition: Condition) {
            quantity = condition.quantity
            (relation, number) =
                switch condition.relation {
                case .equals(let number): ("equals", number)
                case .atLeast(let number): ("at least", number)
                case .atMost(let number): ("at most", number)
                case .isMultiple(let number): ("multiple of", number)
                case .isNoMultiple(let number): ("no multiple of", number)
                case .holds: ("holds", nil)
                case .holdsNot: ("holds not", nil)
                }
        }

        func condition() throws -> Condition {
            let found: Condition.Relation? =
                switch (relation, number) {
                case ("equals", let number?): .equals(number)
                case ("at least", let number?): .atLeast(number)
                case ("at most", let number?): .atMost(number)
                case ("multiple of", let number?): .isMultiple(of: number)
                case ("no multiple of", let number?): .isNoMultiple(of: number)
                case ("holds", nil): .holds
                case ("holds not", nil): .holdsNot
                default: nil
                }
            guard let found else {
                throw InvalidLine("'relation' is '\(relation)', which is not known, or lacks its number")
            }
            return Condition(quantity, found)
        }
    }

    /// How many cases meet all conditions, of how many.
    struct RuleLine: Codable {
        var conditions: [ConditionLine]
        var failing: Int
        var allFailing: Int
        var passing: Int
        var allPassing: Int

        enum CodingKeys: String, CodingKey {
            case conditions, failing, passing
            case allFailing = "all_failing"
            case allPassing = "all_passing"
        }
    }

    var type = "finding"
    var engine: String
    /// The mistakes that explain the cases equally well; none where none does.
    var faults: [Fault]
    var cases: [String]
    /// How many cases the engine failed in all.
    var failing: Int
    var smallest: String
    /// Passing cases that the mistakes would have failed.
    var spared: Int
    var rule: RuleLine?

    init(_ finding: Finding) {
        engine = finding.engine
        faults = finding.candidates.map { Fault(name: $0.name, summary: $0.summary, source: $0.source) }
        cases = finding.cases
        failing = finding.allFailing
        smallest = finding.smallest
        spared = finding.spared
        rule = finding.rule.map { rule in
            RuleLine(
                conditions: rule.conditions.map(ConditionLine.init), failing: rule.failing,
                allFailing: rule.allFailing, passing: rule.passing, allPassing: rule.allPassing)
        }
    }

    /// The finding, about failing results of the record.
    ///
    /// - Throws: ``InvalidLine`` where it speaks of others.
    func finding(about failures: Set<String>) throws -> Finding {
        if let other = (cases + [smallest]).first(where: { !failures.contains($0) }) {
            throw InvalidLine("the finding names '\(other)', which '\(engine)' has not failed")
        }
        return Finding(
            engine: engine,
            candidates: faults.map { .init(name: $0.name, summary: $0.summary, source: $0.source) }, cases: cases,
            allFailing: failing, smallest: smallest, spared: spared,
            rule: try rule.map { rule in
                Rule(
                    conditions: try rule.conditions.map { try $0.condition() }, failing: rule.failing,
                    allFailing: rule.allFailing, passing: rule.passing, allPassing: rule.allPassing)
            })
    }
}
