internal import Benchmarking
internal import Conformance
internal import Convolution
internal import Foundation
internal import Reporting

/// What `bench` prints: a table to each case.
struct BenchText {
    let columns: Int
    /// Whether the last engine is the one that the others are compared with.
    let hasReference: Bool

    func head(_ peak: MachinePeak) -> String {
        let figure = "\(Self.number(peak.gigaflops)) GFLOP/s in float32"
        return switch peak.source {
        case .matrixProduct: "\(peak.cores) cores, measured peak \(figure) (matrix products)"
        case .loops: "\(peak.cores) cores, \(figure) by plain loops: there is no OpenBLAS to measure the peak"
        case .given: "peak of the device, as given: \(figure)"
        }
    }

    /// The table of a case, with its lines' ends.
    func text(of outcome: Benchmark.Outcome) -> String {
        let problem = outcome.header.problem
        var lines = [SafeText.line(outcome.header.id), "  \(problem)"].flatMap { wrapped($0) }
        if outcome.projection != nil { lines += wrapped("  judged by projections") }
        let titles = ["engine", "cold", "median", "middle half", "GFLOP/s"]
        let rows = [titles] + outcome.measurements.map(row)
        let widths = titles.indices.map { column in rows.compactMap { $0.count > 2 ? $0[column].count : nil }.max() ?? 0
        }
        for (place, row) in rows.enumerated() {
            let name = row[0].rightPadded(to: widths[0])
            if row.count > 2 {
                let cells = row.indices.dropFirst().map { row[$0].leftPadded(to: widths[$0]) }
                lines.append("  " + ([name] + cells).joined(separator: "  "))
            } else {
                lines += wrapped("  \(name)  \(row[1])")
            }
            guard place > 0, hasReference, let ratios = outcome.ratios(of: outcome.measurements[place - 1].engine)
            else { continue }
            let middle = Quartiles(ratios)
            lines += wrapped(
                "    \(Self.number(middle.median)) times as long as \(outcome.measurements.last?.engine ?? "") "
                    + "(\(Self.number(middle.lower)) to \(Self.number(middle.upper)))")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func row(_ measurement: Benchmark.Measurement) -> [String] {
        let name = SafeText.line(measurement.engine)
        switch measurement.verdict {
        case .unsupported(let words): return [name, "unsupported: \(SafeText.line(words))"]
        case .failed(let round, let status, let cause):
            let why = cause.map { "\($0.kindWords)" } ?? status.rawValue
            return [name, "NO TIME: \(status.rawValue) in round \(round): \(why)"]
        case .impossible(let figure, let limit):
            return [
                name,
                "REFUSED: \(Self.number(figure)) GFLOP/s, and at most \(Self.number(limit)) are possible here: the answers "
                    + "were not computed in the time that was measured",
            ]
        case .timed:
            if measurement.warm.isEmpty { return [name, "interrupted"] }
            let middle = Quartiles(measurement.warm)
            return [
                name, measurement.cold.map(Self.time) ?? "-", Self.time(middle.median),
                "\(Self.time(middle.lower)) to \(Self.time(middle.upper))", Self.number(measurement.gigaflops ?? 0),
            ]
        }
    }

    func end(seed: UInt64, timed: Int, failed: Int, left: Int) -> String {
        var text = "data from seed \(seed), another in every round; --seed \(seed) draws the same\n"
        if left > 0 { text += "\(left) chosen cases have no drawn data, and were not timed\n" }
        let refused = failed == 0 ? "" : "; \(failed) have no time, because an answer was wrong, missing or too soon"
        text += "\(failed == 0 ? "timed" : "FAILED"): \(timed) of engine and case\(refused)\n"
        return text.split(separator: "\n").flatMap { wrapped(String($0)) }.map { $0 + "\n" }.joined()
    }

    private func wrapped(_ text: String) -> [String] {
        let indent = String(text.prefix { $0 == " " })
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > columns {
                lines.append(line)
                line = indent + "  " + word
            } else {
                line += (line.isEmpty ? indent : " ") + word
            }
        }
        return lines + [line]
    }

    /// Three digits: `0.0123`, `4.56`, `1234`.
    static func number(_ number: Double) -> String {
        guard number.isFinite, number > 0 else { return "\(number)" }
        let digits = max(0, 2 - Int(log10(number).rounded(.down)))
        return String(format: "%.\(min(digits, 9))f", number)
    }

    static func time(_ seconds: Double) -> String {
        if seconds >= 1 { return "\(number(seconds)) s" }
        return seconds >= 1e-3 ? "\(number(seconds * 1e3)) ms" : "\(number(seconds * 1e6)) us"
    }
}

extension Cause {
    /// What went wrong, in a few words.
    var kindWords: String {
        switch self {
        case .mismatch: "the answer has wrong elements"
        case .misplacedNonFinite: "NaN or infinities stand in the wrong places"
        case .precisionLost: "the answer has too large a root mean square error"
        case .wrongShape(let got, let want, _): "the answer's shape is \(got), expected \(want)"
        case .wrongType(let got, let want): "the answer is \(got.rawValue), expected \(want.rawValue)"
        case .rejectedValid(let words), .stated(let words): SafeText.line(words)
        default: "\(self)"
        }
    }
}
