/// How far an output may lie from the golden value.
public enum Tolerance: Hashable, Sendable {
    /// What a case's data, its size and the engine's algorithm and arithmetic allow; see ``Allowance``.
    case derived
    /// Equal to the golden value rounded to float32; -0 equals 0.
    case exact
    /// At most this many float32 numbers away from the golden value.
    case ulp(Int)
    /// |got - want| <= the number.
    case absolute(Double)
    /// |got - want| <= the number x |want|.
    case relative(Double)
    /// |got - want| <= the number x u x M, where M is the element's magnitude.
    case bound(Double)

    /// The tolerance of a word: `derived`, `exact`, `ulp:N`, `abs:A`, `rel:R`, `bound:FACTOR`; `nil` for another.
    public init?(_ word: String) {
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let number = parts.count == 2 ? Double(parts[1]) : nil
        switch (parts[0], number) {
        case ("derived", nil) where parts.count == 1: self = .derived
        case ("exact", nil) where parts.count == 1: self = .exact
        case ("ulp", _):
            guard parts.count == 2, let count = Int(parts[1]), count >= 0 else { return nil }
            self = .ulp(count)
        case ("abs", let number?) where number >= 0 && number.isFinite: self = .absolute(number)
        case ("rel", let number?) where number >= 0 && number.isFinite: self = .relative(number)
        case ("bound", let number?) where number >= 0 && number.isFinite: self = .bound(number)
        default: return nil
        }
    }
}

extension Tolerance: CustomStringConvertible {
    /// The word that ``init(_:)`` takes.
    public var description: String {
        switch self {
        case .derived: "derived"
        case .exact: "exact"
        case .ulp(let count): "ulp:\(count)"
        case .absolute(let bound): "abs:\(Tolerance.written(bound))"
        case .relative(let bound): "rel:\(Tolerance.written(bound))"
        case .bound(let factor): "bound:\(Tolerance.written(factor))"
        }
    }

    /// The digits that give the same number when they are read: a whole number without a fraction, -0 as 0.
    private static func written(_ number: Double) -> String {
        let text = (number + 0).description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
