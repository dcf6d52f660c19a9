internal import Benchmarking
internal import Conformance
internal import Foundation

/// The record of `bench`: a header, a line for each case and engine, a footer. `Scripts/engines/RECORD.md` describes it.
struct BenchRecord {
    private static let version = 2

    let write: (String) -> Void

    private struct Header: Encodable {
        struct Engine: Encodable {
            var name, version, specification: String
        }

        var type = "header"
        var format = "convcheck-bench"
        var version = BenchRecord.version
        var tool: [String: String]
        var peak: Double
        var peakSource: String
        var cores: Int
        var rounds: Int
        var engines: [Engine]
    }

    private struct Line: Encodable {
        var type = "bench"
        var engine: String
        var `case`: String
        var problem: String
        var products: Double
        /// `complete` or `projected`, as in the record of a run.
        var judge: String
        var status: String
        var reason: String?
        var round: Int?
        var cold: Double?
        var warm: [Double]?
        var median: Double?
        var quartiles: [Double]?
        var gigaflops: Double?
        var limit: Double?
        var ratios: [Double]?
    }

    private struct Footer: Encodable {
        var type = "footer"
        var seed: UInt64
        var timed, failed: Int
        var exit: Int32
    }

    func begin(_ peak: MachinePeak, _ engines: [any EngineUnderTest], rounds: Int, program: String) {
        put(
            Header(
                tool: ["program": program, "version": CommandName.version], peak: peak.gigaflops,
                peakSource: peak.source.rawValue, cores: peak.cores, rounds: rounds,
                engines: engines.map { .init(name: $0.name, version: $0.version, specification: $0.specification) }))
    }

    func add(_ outcome: Benchmark.Outcome) {
        for measurement in outcome.measurements {
            var line = Line(
                engine: measurement.engine, case: outcome.header.id, problem: "\(outcome.header.problem)",
                products: outcome.products,
                judge: outcome.projection == nil ? "complete" : "projected", status: "timed")
            switch measurement.verdict {
            case .unsupported(let words): (line.status, line.reason) = ("unsupported", words)
            case .failed(let round, let status, let cause):
                (line.status, line.round, line.reason) = (status.rawValue, round, cause?.kindWords)
            case .impossible(let figure, let limit):
                (line.status, line.gigaflops, line.limit) = ("impossible", figure, limit)
            case .timed: line.ratios = outcome.ratios(of: measurement.engine)
            }
            if line.status == "timed" || line.status == "impossible", !measurement.warm.isEmpty {
                let middle = Quartiles(measurement.warm)
                (line.cold, line.warm, line.median) = (measurement.cold, measurement.warm, middle.median)
                (line.quartiles, line.gigaflops) = ([middle.lower, middle.upper], measurement.gigaflops)
            }
            put(line)
        }
    }

    func skip(_ header: CaseHeader) {
        put(
            Line(
                engine: "", case: header.id, problem: "\(header.problem)", products: 0, judge: "complete",
                status: "skipped",
                reason: "over the memory limit"))
    }

    func end(seed: UInt64, timed: Int, failed: Int, status: ExitStatus) {
        put(Footer(seed: seed, timed: timed, failed: failed, exit: status.rawValue))
    }

    private func put(_ line: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        guard let data = try? encoder.encode(line) else { preconditionFailure("plain values were not encoded") }
        write(String(decoding: data, as: UTF8.self) + "\n")
    }
}
