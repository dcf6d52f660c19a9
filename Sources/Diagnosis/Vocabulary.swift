/// What a rule may speak of, of whatever it tells apart: numbers, and what is so or not.
///
/// Those that an author thinks of first stand in front: of two rules as good, the one that comes first is taken.
struct Vocabulary<Subject>: Sendable {
    struct Number: Sendable {
        /// As the field calls it: `stride height`.
        let name: String
        let value: @Sendable (Subject) -> Int

        init(_ name: String, _ value: @escaping @Sendable (Subject) -> Int) {
            self.name = name
            self.value = value
        }
    }

    struct Fact: Sendable {
        /// What is said of a subject for which it is so: `is depthwise`.
        let name: String
        let isTrue: @Sendable (Subject) -> Bool

        init(_ name: String, _ isTrue: @escaping @Sendable (Subject) -> Bool) {
            self.name = name
            self.isTrue = isTrue
        }
    }

    var numbers: [Number] = []
    var facts: [Fact] = []
    /// Whether a rule may say that something is not so.
    var negates = true

    static func + (first: Vocabulary, second: Vocabulary) -> Vocabulary {
        Vocabulary(numbers: first.numbers + second.numbers, facts: first.facts + second.facts, negates: first.negates)
    }
}
