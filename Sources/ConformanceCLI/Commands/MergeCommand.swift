internal import ArgumentParser
internal import Conformance
internal import Reporting
internal import RunRecord

/// `convcheck merge`: makes one record of the shards of a run.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Makes one record of those of all shards of a run.",
        discussion: """
            The record is that of a run without --shard, but for the times, which add up, and the findings, which are left \
            out: those of a shard do not know of the other shards' failures. Records whose engines, golden data, \
            selection or tolerance differ, that overlap, or of which one is missing, are refused with status 2. What the run \
            came to is told by 'report'.
            """)

    @Argument(help: ArgumentHelp("The records of the shards, in any order.", valueName: "record"))
    var records: [String]

    @Option(help: ArgumentHelp("Write the merged record.", valueName: "path"))
    var output: String

    func run() throws {
        // A single record is checked to be a whole run, too.
        let merged = try RunRecord.read(merging: records, isWhole: true)
        var claims = OutputClaims()
        for record in records { claims.protect(record, "it is one of the records") }
        try OutputFile.write(merged.text, to: output, for: "--output", claims: claims)
        print("\(output): \(merged.results.count) results of \(records.count) records")
    }
}

extension OutputFile {
    /// Writes a whole file, which is at its place only when it is complete.
    ///
    /// - Throws: ``Stop``: wrong usage where the path cannot be written or is in use, internal fault where what was written
    ///   did not arrive.
    static func write(_ text: String, to path: String, for option: String, claims: OutputClaims) throws {
        let file: OutputFile
        do throws(OutputError) {
            var claims = claims
            try claims.claim(path, for: option)
            file = try OutputFile(path: path)
        } catch {
            throw Stop(.wrongUsage, error.description)
        }
        file.write(text)
        do {
            try file.close()
        } catch {
            throw Stop(.internalFault, error.description)
        }
    }
}
