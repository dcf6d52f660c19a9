internal import Conformance
internal import FaultyEngines
internal import Reporting

/// What is to be said about a kill matrix, besides the matrix.
struct SelftestReport {
    let matrix: KillMatrix
    let spared: [SparedEngine]
    /// The digest of the golden files that were tried.
    let digest: String
    /// A fault must be caught by so many cases.
    let least: Int
    /// Whether cases are listed that could be left out.
    let isVerbose: Bool

    var lines: [String] {
        missed + reported + accusations + precision + casesOfLittleUse + ["", sentence]
    }

    /// The page that `--markdown` writes: the score, the matrix, and how thin the line is.
    var page: String {
        let head = """
            # What the golden cases catch

            Made by `convcheck selftest --markdown`; do not edit. Each fault is an engine that is right but for this one thing; the
            numbers say how many cases of each suite catch it.

            Golden files: \(matrix.trials.count + matrix.skipped.count) cases, sha256 \(digest)

            **\(sentence)**
            """
        let gap = precision.isEmpty ? "" : "\n## How thin the line is\n\n```\(precision.joined(separator: "\n"))\n```\n"
        return head + "\n\n" + matrix.markdown() + gap
    }

    /// What survives and what nearly does, in words.
    private var missed: [String] {
        let faults = (matrix.survivors + matrix.thinlyCaught(least: least)).map(\.fault)
        let sentences = faults.map { fault in
            "\(fault.name): \(fault.summary)" + (fault.source.map { " (\($0))" } ?? "")
        }
        return section("Not caught by \(least) cases:", sentences)
    }

    private var reported: [String] {
        section(
            "Not killed, but reported as one of two right answers:",
            matrix.onlyReported.map { "\($0.fault.name): in \($0.reported) cases" })
    }

    private var accusations: [String] {
        section(
            "Right engines accused:",
            matrix.falseAlarms.map {
                "\($0.header.id): direct loops without a fault: \($0.layouts): \(reason($0.verdict))"
            }
                + spared.flatMap { engine in
                    engine.accusations.map { "\($0.caseID): \(engine.name): \(reason($0.verdict))" }
                })
    }

    private func reason(_ verdict: Verdict) -> String { verdict.reason ?? verdict.status.rawValue }

    /// How thin the line is between what is caught and what is spared.
    private var precision: [String] {
        let faults = matrix.rows.filter {
            [.numerics, .elementTypes].contains($0.fault.faultClass) && $0.leastRatio != nil
        }
        let caught = faults.map { row in
            let least = row.leastRatio.map { "\(decimal($0.ratio))  \($0.caseID)" } ?? ""
            return "\(row.fault.name): \(row.total) of \(row.shown) cases that show it, from \(least)"
        }
        let right = spared.map { engine in
            "\(engine.name): \(engine.executed) cases, up to \(decimal(engine.greatestRatio.ratio))  "
                + engine.greatestRatio.caseID
        }
        return section("Smallest error over allowance with which lost precision was caught:", caught)
            + section("Largest error over allowance with which a right engine was spared:", right)
    }

    private var casesOfLittleUse: [String] {
        let idle = matrix.idleCases.map(\.id)
        let dominated = matrix.dominatedCases
        var lines = section("Cases that kill nothing:", idle)
        if isVerbose {
            lines += section(
                "Cases that kill nothing that another does not:",
                dominated.map { "\($0.header.id)  (see \($0.by.id))" })
        }
        lines += section("Too large to be tried:", matrix.skipped.map(\.id))
        let alone = matrix.indispensableCases.count
        return lines + [
            "",
            "\(matrix.trials.count) cases: \(idle.count) kill nothing, \(dominated.count) nothing that one other does not, "
                + "\(alone) alone kill a fault",
        ]
    }

    private var sentence: String {
        let (all, survivors) = (matrix.rows.count, matrix.survivors.count)
        let thin = matrix.thinlyCaught(least: least).count
        let accused = matrix.falseAlarms.count + spared.map(\.accusations.count).reduce(0, +)
        return "selftest: \(all - survivors) of \(all) faults caught, \(thin) by fewer than \(least) cases, "
            + "\(accused) false alarms"
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["", title] + lines.map { "  " + $0 }
    }

    /// A ratio with two places.
    private func decimal(_ ratio: Double) -> String {
        guard ratio < 1e9 else { return "\(Float(ratio))" }
        let hundredths = Int((ratio * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
