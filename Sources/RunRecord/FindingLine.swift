internal import Conformance

/// A line for what failures of one engine have in common.
struct FindingLine: Codable {
    struct Candidate: Codable {
        var name: String
        var summary: String
        var source: String?
    }

    struct RuleLine: Codable {
        /// All of them have to hold.
        var conditions: [ConditionLine]
        /// Of so many failing and passing cases, those for which they hold: `[n, of]`.
        var failing: [Int]
        var passing: [Int]
    }

    var type = "finding"
    var engine: String
    /// The mistakes that explain the failures equally well.
    var faults: [Candidate]
    var cases: [String]
    /// How many cases failed in all.
    var failing: Int
    var smallest: String
    var spared: Int
    var rule: RuleLine?
    var history: HistoryLine?

    init(_ finding: Finding) {
        engine = finding.engine
        faults = finding.candidates.map { Candidate(name: $0.name, summary: $0.summary, source: $0.source) }
        cases = finding.cases
        failing = finding.allFailing
        smallest = finding.smallest
        spared = finding.spared
        rule = finding.rule.map {
            RuleLine(
                conditions: $0.conditions.map(ConditionLine.init), failing: [$0.failing, $0.allFailing],
                passing: [$0.passing, $0.allPassing])
        }
        history = finding.history.map(HistoryLine.init)
    }

    /// - Throws: ``InvalidLine``.
    func finding() throws -> Finding {
        guard cases.count <= failing, spared >= 0 else {
            throw InvalidLine("'cases' has \(cases.count) of \(failing) failing cases, or 'spared' is below 0")
        }
        return Finding(
            engine: engine, candidates: faults.map { .init(name: $0.name, summary: $0.summary, source: $0.source) },
            cases: cases, allFailing: failing, smallest: smallest, spared: spared, rule: try rule.map(rule),
            history: try history?.history())
    }

    private func rule(_ line: RuleLine) throws -> Rule {
        for (field, counts) in [("failing", line.failing), ("passing", line.passing)] {
            guard counts.count == 2, counts[0] >= 0, counts[0] <= counts[1], counts[1] < 1 << 32 else {
                throw InvalidLine("'rule.\(field)' is \(counts), expected [n, of]")
            }
        }
        return Rule(
            conditions: try line.conditions.map { try $0.condition() }, failing: line.failing[0],
            allFailing: line.failing[1], passing: line.passing[0], allPassing: line.passing[1])
    }
}

/// A condition on a quantity of a case.
struct ConditionLine: Codable {
    var quantity: String
    /// `equals`, `at-least`, `at-most`, `multiple`, `no-multiple`, `holds` or `holds-not`.
    var relation: String
    /// What the first five compare with.
    var number: Int?

    init(_ condition: Condition) {
        quantity = condition.quantity
        switch condition.relation {
        case .equals(let number): (relation, self.number) = ("equals", number)
        case .atLeast(let number): (relation, self.number) = ("at-least", number)
        case .atMost(let number): (relation, self.number) = ("at-most", number)
        case .isMultiple(let number): (relation, self.number) = ("multiple", number)
        case .isNoMultiple(let number): (relation, self.number) = ("no-multiple", number)
        case .holds: relation = "holds"
        case .holdsNot: relation = "holds-not"
        }
    }

    /// - Throws: ``InvalidLine``.
    func condition() throws -> Condition {
        let relation: Condition.Relation
        switch (self.relation, number) {
        case ("equals", let number?): relation = .equals(number)
        case ("at-least", let number?): relation = .atLeast(number)
        case ("at-most", let number?): relation = .atMost(number)
        case ("multiple", let number?): relation = .isMultiple(of: number)
        case ("no-multiple", let number?): relation = .isNoMultiple(of: number)
        case ("holds", nil): relation = .holds
        case ("holds-not", nil): relation = .holdsNot
        default:
            throw InvalidLine("a condition's 'relation' is '\(self.relation)', which is not known, or its 'number'")
        }
        return Condition(quantity, relation)
    }
}
