public import Conformance

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The record of a run: a JSON object a line, written as the run goes.
///
/// A header, a line for each case, engine and layout, one for each finding, a footer; a file without a footer is a run that was cut off. Keys
/// are sorted. Numbers that JSON does not have are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`. A float32 is
/// written with all its digits, so that the number that is read is the number that was computed. Characters that steer a
/// terminal, hide or end a line are escaped: what is read is what arrived, and the file can be looked at.
public final class JSONLinesReporter: Reporter {
    private let write: (String) -> Void
    private let encoder = JSONEncoder()

    /// - Parameter write: takes each line, with its line feed, as soon as it is known.
    public init(write: @escaping (String) -> Void) {
        self.write = write
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    }

    public func receive(_ event: Event) {
        switch event {
        case .started(let header): line(HeaderRecord(header))
        case .finished(let result): line(CaseRecord(result))
        case .found(let finding): line(FindingRecord(finding))
        case .ended(let summary): line(FooterRecord(summary))
        }
    }

    private func line(_ record: some Encodable) {
        do {
            write(JSONLinesReporter.escaped(String(decoding: try encoder.encode(record), as: UTF8.self)) + "\n")
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
