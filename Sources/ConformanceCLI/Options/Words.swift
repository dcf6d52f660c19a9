internal import ArgumentParser
internal import Conformance

/// The words that an enumeration's option takes.
func words<Choice: CaseIterable & RawRepresentable<String>>(of type: Choice.Type) -> String {
    type.allCases.map(\.rawValue).joined(separator: ", ")
}

/// Turns an option's word into a case of an enumeration.
func word<Choice: CaseIterable & RawRepresentable<String> & SendableMetatype>(of type: Choice.Type)
    -> @Sendable (String) throws -> Choice
{
    { word in
        guard let choice = Choice(rawValue: word) else {
            throw ValidationError("'\(word)' is none of: \(words(of: Choice.self))")
        }
        return choice
    }
}

/// Turns `--tolerance`'s word into a tolerance.
@Sendable func tolerance(of word: String) throws -> Tolerance {
    guard let tolerance = Tolerance(word) else {
        throw ValidationError(
            "'\(word)' is none of: derived, exact, ulp:N, abs:A, rel:R, bound:FACTOR (numbers from 0)")
    }
    return tolerance
}
