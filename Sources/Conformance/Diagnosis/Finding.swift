/// What failures of one engine have in common.
public struct Finding: Hashable, Sendable {
    /// A known mistake that gives what the engine answered.
    public struct Candidate: Hashable, Sendable {
        /// In kebab-case.
        public var name: String
        /// One sentence: what goes wrong, and where.
        public var summary: String
        /// The report that it is modelled on, as `project#number`.
        public var source: String?

        public init(name: String, summary: String, source: String? = nil) {
            self.name = name
            self.summary = summary
            self.source = source
        }
    }

    public var engine: String
    /// The mistakes that explain the failures equally well; none where none does.
    public var candidates: [Candidate]
    /// The ids of the failing cases, in the order of the run.
    public var cases: [String]
    /// How many cases the engine failed in all.
    public var allFailing: Int
    /// The one of ``cases`` with the fewest products.
    public var smallest: String
    /// How many passing cases were tried that the candidates would have failed: the engine makes the mistake only where
    /// ``rule`` says, if it says.
    public var spared: Int
    /// What tells the failing cases from the passing ones.
    public var rule: Rule?
    /// What their answers look like.
    public var answers: WrongAnswers?
    /// What became of ``smallest`` when it was asked again; `nil` where that was not to be tried.
    public var history: History?

    public init(
        engine: String, candidates: [Candidate], cases: [String], allFailing: Int, smallest: String, spared: Int = 0,
        rule: Rule? = nil, answers: WrongAnswers? = nil, history: History? = nil
    ) {
        self.engine = engine
        self.candidates = candidates
        self.cases = cases
        self.allFailing = allFailing
        self.smallest = smallest
        self.spared = spared
        self.rule = rule
        self.answers = answers
        self.history = history
    }
}

/// Conditions on a case that tell failing cases from passing ones.
public struct Rule: Hashable, Sendable {
    /// All of them have to hold.
    public var conditions: [Condition]
    /// Of the failing cases, those for which they hold.
    public var failing: Int
    public var allFailing: Int
    /// Of the passing cases, those for which they hold.
    public var passing: Int
    public var allPassing: Int

    public init(conditions: [Condition], failing: Int, allFailing: Int, passing: Int, allPassing: Int) {
        self.conditions = conditions
        self.failing = failing
        self.allFailing = allFailing
        self.passing = passing
        self.allPassing = allPassing
    }
}

/// One condition on a quantity of a case.
public struct Condition: Hashable, Sendable {
    public enum Relation: Hashable, Sendable {
        case equals(Int)
        case atLeast(Int)
        case atMost(Int)
        case isMultiple(of: Int)
        case isNoMultiple(of: Int)
        /// A remainder above 0.
        case leaves(Int, dividedBy: Int)
        /// Of what is so or not.
        case holds
        case holdsNot
    }

    /// As the field calls it: `stride height`, `channels`; of what is so or not a phrase: `is depthwise`.
    public var quantity: String
    public var relation: Relation

    public init(_ quantity: String, _ relation: Relation) {
        self.quantity = quantity
        self.relation = relation
    }
}
