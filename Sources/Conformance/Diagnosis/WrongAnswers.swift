/// What wrong answers look like, whatever their problems are.
public struct WrongAnswers: Hashable, Sendable {
    /// What stands in the place of the right numbers.
    public enum Content: String, Hashable, Sendable, CaseIterable {
        case zero
        case nan
        /// Always the same number, which is neither of these.
        case constant
        /// A finite number, where NaN or an infinity is right.
        case finite
        /// The right number with the other sign.
        case negated
        /// The right number less the bias, or with the bias once more.
        case withoutBias = "without-bias"
        case biasTwice = "bias-twice"
    }

    /// How much of the numbers is left.
    public struct Precision: Hashable, Sendable {
        /// Significant bits, the leading one included.
        public var bits: Int
        /// Whether every answered number has so few bits; otherwise it is the errors that are as large as if the numbers
        /// that go into them had so few.
        public var isOfAnswers: Bool
        /// Whether what is lost is always cut off.
        public var isTowardZero: Bool

        public init(bits: Int, isOfAnswers: Bool, isTowardZero: Bool) {
            self.bits = bits
            self.isOfAnswers = isOfAnswers
            self.isTowardZero = isTowardZero
        }
    }

    /// How many failing answers were looked at.
    public var answers: Int
    /// What tells their wrong elements from their right ones: counts are of elements that were looked at.
    public var place: Rule?
    public var content: Content?
    public var precision: Precision?

    public init(answers: Int, place: Rule? = nil, content: Content? = nil, precision: Precision? = nil) {
        self.answers = answers
        self.place = place
        self.content = content
        self.precision = precision
    }
}
