internal import ArgumentParser
internal import Conformance
internal import Foundation
internal import Reporting
internal import RunRecord

/// `convcheck baseline`: lists what failed in a run as known.
struct BaselineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline", abstract: "Lists what failed in a run as known, for 'run --baseline'.",
        discussion: """
            Of a file that is there already, comments, reasons and links are kept; entries whose failures are gone are left \
            out, and new failures are added at the end, with what was wrong as the reason: put what is known in its place.
            """)

    @Argument(help: ArgumentHelp("The record of a run.", valueName: "record"))
    var record: String

    @Option(help: ArgumentHelp("The baseline to write, or to bring up to date.", valueName: "file"))
    var output: String

    @Flag(help: "List what a finding with a name explains as one entry, which holds for all cases that fail by it.")
    var byFinding = false

    func run() throws {
        let old = FileManager.default.fileExists(atPath: output) ? try BaselineFile.read(output) : nil
        let draft = BaselineDraft(try RunRecord.read(record), replacing: old, namesFindings: byFinding)
        var claims = OutputClaims()
        claims.protect(record, "it is the record")
        try OutputFile.write(draft.text, to: output, for: "--output", claims: claims)
        print("\(output): \(draft.entries) entries, \(draft.added) of them new, \(draft.removed) left out")
        if draft.missing > 0 {
            StandardError.say("\(draft.missing) results are missing in the record, and are not listed")
        }
    }
}

extension Baseline {
    /// - Parameter diagnosis: what tells whether a finding explains an answer; `nil` where there is none.
    /// - Throws: ``Stop``, wrong usage, where an entry names a finding that there is not, or that cannot be made.
    func checkFindings(against diagnosis: (any FailureDiagnosis)?) throws {
        for entry in entries {
            guard let name = entry.finding else { continue }
            let place = "baseline '\(self.name)', line \(entry.line)"
            guard let diagnosis else {
                throw Stop(.wrongUsage, "\(place) lists a finding, and --no-diagnosis makes none")
            }
            // Two mistakes that are made at once have a plus between them.
            for name in name.split(separator: "+").map(String.init) where !diagnosis.names.contains(name) {
                throw Stop(
                    .wrongUsage,
                    "\(place): no known mistake is called '\(name)'" + Suggestion.among(diagnosis.names, near: name))
            }
        }
    }
}

extension BaselineFile {
    /// Reads the baseline that a command was given.
    ///
    /// - Throws: ``Stop``, wrong usage, where it cannot be read or a line is none.
    static func read(_ path: String) throws -> BaselineFile {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Stop(.wrongUsage, "the baseline '\(path)' cannot be read")
        }
        guard let text = String(bytes: bytes, encoding: .utf8) else {
            throw Stop(.wrongUsage, "the baseline '\(path)' is no text in UTF-8")
        }
        do throws(BaselineError) {
            return try BaselineFile(text, name: path)
        } catch {
            throw Stop(.wrongUsage, error.description)
        }
    }
}
