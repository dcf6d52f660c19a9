internal import ArgumentParser
internal import Conformance
internal import Reporting
internal import RunRecord

/// `convcheck report`: tells of a run again, from its record.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Makes the reports of a run again, from its record.",
        discussion: """
            Every report is the same as that of the run itself, byte for byte, and so is the exit status. The record is what \
            'run --jsonl' wrote; one that is not complete is refused with status 5.
            """)

    @Argument(help: ArgumentHelp("The record of a run.", valueName: "record"))
    var path: String

    @OptionGroup(title: "Reports") var reportOptions: ReportOptions

    func run() throws {
        var claims = OutputClaims()
        claims.protect(path, "it is the record")
        func open(_ program: String) throws -> Reports {
            try reportOptions.open(repeatCommand: RepeatCommand(executable: program), claims: claims, isLive: false)
        }
        let record: RunRecord
        do {
            record = try RunRecord.read(path)
        } catch {
            // No former report is left at its place, to be taken for one of this record.
            _ = try open("")
            throw error
        }
        let reports = try open(record.header.tool.program)
        record.events.forEach(reports.receive)
        try reports.close()
        if record.summary.exitStatus != .success { throw Stop(record.summary.exitStatus) }
    }
}
