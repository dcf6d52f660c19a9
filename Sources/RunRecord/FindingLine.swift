internal import Conformance

/// A line for what failures of one engine have in common.
struct FindingLine: Codable {
    struct Candidate: Codable {
        var name: String
        var summary: String
        var source: String?
    }

    /// What wrong answers look like.
    struct AnswersLine: Codable {
        var answers: Int
        /// Of their elements, wrong ones for `failing` and right ones for `passing`.
        var place: RuleLine?
        var content: String?
        var bits: Int?
        /// `answers` or `errors`.
        var bitsOf: String?
        var isTowardZero: Bool?

        enum CodingKeys: String, CodingKey {
            case answers, place, content, bits
            case bitsOf = "bits_of"
            case isTowardZero = "toward_zero"
        }
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
    var wrong: AnswersLine?
    var history: HistoryLine?

    init(_ finding: Finding) {
        engine = finding.engine
        faults = finding.candidates.map { Candidate(name: $0.name, summary: $0.summary, source: $0.source) }
        cases = finding.cases
        failing = finding.allFailing
        smallest = finding.smallest
        spared = finding.spared
        rule = finding.rule.map(RuleLine.init)
        wrong = finding.answers.map(AnswersLine.init)
        history = finding.history.map(HistoryLine.init)
    }

    /// - Throws: ``InvalidLine``.
    func finding() throws -> Finding {
        guard cases.count <= failing, spared >= 0 else {
            throw InvalidLine("'cases' has \(cases.count) of \(failing) failing cases, or 'spared' is below 0")
        }
        return Finding(
            engine: engine, candidates: faults.map { .init(name: $0.name, summary: $0.summary, source: $0.source) },
            cases: cases, allFailing: failing, smallest: smallest, spared: spared, rule: try rule?.rule("rule"),
            answers: try wrong?.wrongAnswers,
            history: try history?.history())
    }
}

/// What tells some of a record's things from others.
struct RuleLine: Codable {
    /// All of them have to hold.
    var conditions: [ConditionLine]
    /// Of so many failing and passing ones, those for which they hold: `[n, of]`.
    var failing: [Int]
    var passing: [Int]

    init(_ rule: Rule) {
        conditions = rule.conditions.map(ConditionLine.init)
        failing = [rule.failing, rule.allFailing]
        passing = [rule.passing, rule.allPassing]
    }

    /// - Throws: ``InvalidLine``.
    func rule(_ name: String) throws -> Rule {
        for (field, counts) in [("failing", failing), ("passing", passing)] {
            guard counts.count == 2, counts[0] >= 0, counts[0] <= counts[1], counts[1] < 1 << 32 else {
                throw InvalidLine("'\(name).\(field)' is \(counts), expected [n, of]")
            }
        }
        return Rule(
            conditions: try conditions.map { try $0.condition() }, failing: failing[0], allFailing: failing[1],
            passing: passing[0], allPassing: passing[1])
    }
}

extension FindingLine.AnswersLine {
    init(_ answers: WrongAnswers) {
        self.init(
            answers: answers.answers, place: answers.place.map(RuleLine.init), content: answers.content?.rawValue,
            bits: answers.precision?.bits, bitsOf: answers.precision.map { $0.isOfAnswers ? "answers" : "errors" },
            isTowardZero: answers.precision?.isTowardZero)
    }

    /// - Throws: ``InvalidLine``.
    var wrongAnswers: WrongAnswers {
        get throws {
            let precision: WrongAnswers.Precision?
            switch (bits, bitsOf, isTowardZero) {
            case (nil, nil, nil): precision = nil
            case (let bits?, "answers"?, let isTowardZero?), (let bits?, "errors"?, let isTowardZero?):
                precision = .init(bits: bits, isOfAnswers: bitsOf == "answers", isTowardZero: isTowardZero)
            default: throw InvalidLine("'wrong' has one of 'bits', 'bits_of' and 'toward_zero', and not the others")
            }
            let known = content.flatMap(WrongAnswers.Content.init)
            if let content, known == nil { throw InvalidLine("'wrong.content' is '\(content)', which is not known") }
            guard answers >= 0 else { throw InvalidLine("'wrong.answers' is \(answers)") }
            return WrongAnswers(
                answers: answers, place: try place?.rule("wrong.place"), content: known, precision: precision)
        }
    }
}

/// A condition on a quantity of a case.
struct ConditionLine: Codable {
    var quantity: String
    /// `equals`, `at-least`, `at-most`, `multiple`, `no-multiple`, `leaves`, `holds` or `holds-not`.
    var relation: String
    /// What the first six compare with.
    var number: Int?
    /// Of `leaves`: what is divided by.
    var divisor: Int?

    init(_ condition: Condition) {
        quantity = condition.quantity
        switch condition.relation {
        case .equals(let number): (relation, self.number) = ("equals", number)
        case .atLeast(let number): (relation, self.number) = ("at-least", number)
        case .atMost(let number): (relation, self.number) = ("at-most", number)
        case .isMultiple(let number): (relation, self.number) = ("multiple", number)
        case .isNoMultiple(let number): (relation, self.number) = ("no-multiple", number)
        case .leaves(let remainder, let divisor): (relation, self.number, self.divisor) = ("leaves", remainder, divisor)
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
        case ("leaves", let number?):
            guard let divisor, number > 0, number < divisor else {
                throw InvalidLine("a condition 'leaves' \(number) divided by \(divisor.map(String.init) ?? "nothing")")
            }
            relation = .leaves(number, dividedBy: divisor)
        case ("holds", nil): relation = .holds
        case ("holds-not", nil): relation = .holdsNot
        default:
            throw InvalidLine("a condition's 'relation' is '\(self.relation)', which is not known, or its 'number'")
        }
        return Condition(quantity, relation)
    }
}
