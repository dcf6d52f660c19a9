internal import Conformance
internal import Convolution

/// A cause, as a case's line holds it: its kind, and what belongs to that kind.
struct CauseLine: Codable {
    enum Kind: String, Codable {
        case stated
        case mismatch
        case misplacedNonFinite = "misplaced-non-finite"
        case precisionLost = "precision-lost"
        case wrongShape = "wrong-shape"
        case wrongType = "wrong-type"
        case acceptedInvalid = "accepted-invalid"
        case acceptedBeyondInput = "accepted-beyond-input"
        case rejectedValid = "rejected-valid"
        case rejectedEmpty = "rejected-empty"
        case touchedOutside = "touched-outside"
        case changedOperand = "changed-operand"
        case unwritten
        case answersDiffer = "answers-differ"
        case wrongOnViews = "wrong-on-views"
        case refused
        case undeclared
        case overMemory = "over-memory"
        case interrupted
        case failureLimit = "failure-limit"
        case notReached = "not-reached"
        case shortage
        case damagedGolden = "damaged-golden"
        case invalidGolden = "invalid-golden"
    }

    var kind: Kind
    /// What the engine, its host or the golden store said.
    var words: String?
    /// The shape that was got, and the one that was wanted.
    var got: [Int]?
    var want: [Int]?
    /// What the answer is, where it is no output.
    var role: String?
    /// The element types, likewise.
    var gotType: String?
    var wantType: String?
    /// What the engine does not declare.
    var lacking: String?
    /// Bytes.
    var needed: Int?
    var limit: Int?
    /// What was touched outside of its memory, how, on which side, and how many bytes from it.
    var tensor: String?
    var access: String?
    var place: String?
    var distance: Int?
    /// As what views of memory tensors were given.
    var view: String?
    /// Whether the case was begun.
    var begun: Bool?

    enum CodingKeys: String, CodingKey {
        case kind, words, got, want, role, lacking, needed, limit, begun, tensor, access, place, distance, view
        case gotType = "got_type"
        case wantType = "want_type"
    }

    init(_ cause: Cause) {
        switch cause {
        case .stated(let words): (kind, self.words) = (.stated, words)
        case .mismatch: kind = .mismatch
        case .misplacedNonFinite: kind = .misplacedNonFinite
        case .precisionLost: kind = .precisionLost
        case .wrongShape(let got, let want, let role):
            (kind, self.got, self.want) = (.wrongShape, got.list, want.list)
            if role != .output { self.role = role.rawValue }
        case .wrongType(let got, let want):
            (kind, gotType, wantType) = (.wrongType, got.rawValue, want.rawValue)
        case .acceptedInvalid(let got): (kind, self.got) = (.acceptedInvalid, got.list)
        case .acceptedBeyondInput(let got, let empty):
            (kind, self.got, want) = (.acceptedBeyondInput, got.list, empty.list)
        case .rejectedValid(let words): (kind, self.words) = (.rejectedValid, words)
        case .rejectedEmpty(let words): (kind, self.words) = (.rejectedEmpty, words)
        case .touchedOutside(let touch):
            (kind, tensor, access) = (.touchedOutside, touch.tensor, touch.access.rawValue)
            (place, distance) = (touch.place.rawValue, touch.distance)
        case .changedOperand(let words): (kind, self.words) = (.changedOperand, words)
        case .unwritten(let words): (kind, self.words) = (.unwritten, words)
        case .answersDiffer(let words): (kind, self.words) = (.answersDiffer, words)
        case .wrongOnViews(let view, let words): (kind, self.view, self.words) = (.wrongOnViews, view.rawValue, words)
        case .refused(let words): (kind, self.words) = (.refused, words)
        case .undeclared(let obstacle): (kind, lacking) = (.undeclared, obstacle.rawValue)
        case .overMemory(let needed, let limit): (kind, self.needed, self.limit) = (.overMemory, needed, limit)
        case .interrupted(let isBegun): (kind, begun) = (.interrupted, isBegun)
        case .failureLimit(let count): (kind, limit) = (.failureLimit, count)
        case .notReached: kind = .notReached
        case .shortage(let words): (kind, self.words) = (.shortage, words)
        case .damagedGolden(let words): (kind, self.words) = (.damagedGolden, words)
        case .invalidGolden(let words): (kind, self.words) = (.invalidGolden, words)
        }
    }

    /// - Throws: ``InvalidLine``.
    func cause() throws -> Cause {
        switch kind {
        case .stated: .stated(try needed(words, "words"))
        case .mismatch: .mismatch
        case .misplacedNonFinite: .misplacedNonFinite
        case .precisionLost: .precisionLost
        case .wrongShape:
            .wrongShape(
                got: try shape("got", got), want: try shape("want", want),
                role: try role.map { try choice(Role.self, $0, "cause.role") } ?? .output)
        case .wrongType: .wrongType(got: try type("got_type", gotType), want: try type("want_type", wantType))
        case .acceptedInvalid: .acceptedInvalid(got: try shape("got", got))
        case .acceptedBeyondInput: .acceptedBeyondInput(got: try shape("got", got), empty: try shape("want", want))
        case .rejectedValid: .rejectedValid(try needed(words, "words"))
        case .rejectedEmpty: .rejectedEmpty(try needed(words, "words"))
        case .touchedOutside:
            .touchedOutside(
                MemoryTouch(
                    try choice(MemoryTouch.Access.self, try needed(access, "access"), "cause.access"),
                    try choice(MemoryTouch.Place.self, try needed(place, "place"), "cause.place"),
                    try needed(tensor, "tensor"), distance: try needed(distance, "distance")))
        case .changedOperand: .changedOperand(try needed(words, "words"))
        case .unwritten: .unwritten(try needed(words, "words"))
        case .answersDiffer: .answersDiffer(try needed(words, "words"))
        case .wrongOnViews:
            .wrongOnViews(
                try choice(TensorView.self, try needed(view, "view"), "cause.view"), try needed(words, "words"))
        case .refused: .refused(try needed(words, "words"))
        case .undeclared:
            .undeclared(try choice(Capabilities.Obstacle.self, try needed(lacking, "lacking"), "cause.lacking"))
        case .overMemory: .overMemory(needed: try needed(needed, "needed"), limit: try needed(limit, "limit"))
        case .interrupted: .interrupted(isBegun: try needed(begun, "begun"))
        case .failureLimit: .failureLimit(try needed(limit, "limit"))
        case .notReached: .notReached
        case .shortage: .shortage(try needed(words, "words"))
        case .damagedGolden: .damagedGolden(try needed(words, "words"))
        case .invalidGolden: .invalidGolden(try needed(words, "words"))
        }
    }

    private func needed<Value>(_ value: Value?, _ field: String) throws -> Value {
        guard let value else { throw InvalidLine("'cause.\(field)' is missing, which '\(kind.rawValue)' has") }
        return value
    }

    private func type(_ field: String, _ word: String?) throws -> ElementType {
        try choice(ElementType.self, try needed(word, field), "cause.\(field)")
    }

    private func shape(_ field: String, _ list: [Int]?) throws -> Shape {
        try tensorShape(try needed(list, field), "cause.\(field)")
    }
}
