public import Conformance

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// How a run's events are written as lines of JSON.
///
/// A header, a line for each case, engine and layout, one for each finding, a footer. Keys are sorted. Numbers that JSON does not have are the
/// strings `"NaN"`, `"Infinity"` and `"-Infinity"`. A number is written with all its digits, so that the number that is read
/// is the number that was computed. Characters that steer a terminal, hide or end a line are escaped: what is read is what
/// arrived, and the file can be looked at.
public enum RecordFormat {
    /// The version of the format: any change of what a line holds or means is a new one.
    public static let version = 8

    static let (infinity, minusInfinity, nan) = ("Infinity", "-Infinity", "NaN")

    /// The line for an event, with its line feed.
    public static func line(for event: Event) -> String {
        switch event {
        case .started(let header): line(HeaderLine(header))
        case .finished(let result): line(CaseLine(result))
        case .found(let finding): line(FindingLine(finding))
        case .ended(let summary): line(FooterLine(summary))
        }
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: infinity, negativeInfinity: minusInfinity, nan: nan)
        return encoder
    }()

    /// The line that holds a record of plain values, with its line feed.
    static func line(_ record: some Encodable) -> String {
        do {
            return escaped(String(decoding: try encoder.encode(record), as: UTF8.self)) + "\n"
        } catch {
            preconditionFailure("a record of plain values was not encoded: \(error)")
        }
    }

    /// JSON whose strings hold every harmful character as an escape. Outside of strings there is none.
    private static func escaped(_ json: String) -> String {
        if SafeText.isPlain(json) { return json }
        func escape(_ unit: UInt16) -> String {
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        var result = ""
        var last: Unicode.Scalar?
        for scalar in json.unicodeScalars {
            // "##[" and "##vso[" are commands to CI systems anywhere in a line.
            let isEscaped = SafeText.isHarmful(scalar) || (scalar == "#" && last == "#")
            result += isEscaped ? String(scalar).utf16.map(escape).joined() : String(scalar)
            last = scalar
        }
        return result
    }
}
