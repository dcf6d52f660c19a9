import Conformance
import GoldenStore
import _TestSupport

@testable import FaultyEngines

/// The project's golden files, small cases first.
enum GoldenFiles {
    static let directory = Result { try GoldenDirectory(path: Repository.goldens.path) }

    /// Cases that are quick also without optimization, small ones first; of the large suite `scales` every eighth.
    static func cases() throws -> [CaseHeader] {
        let cases = try directory.get().cases
        let few = cases.filter { $0.suite == "scales" }.enumerated().filter { $0.offset % 8 == 0 }.map(\.element)
        return (cases.filter { $0.suite != "scales" } + few).filter { weight($0) < 15_000 }
            .sorted { weight($0) < weight($1) }
    }

    /// The first case that caught each fault, or reported it as one of two right answers, by the fault's name.
    ///
    /// Once caught, a fault is not run further: counts are the kill matrix's business.
    static let firstKills = Result { try findFirstKills() }

    private static func findFirstKills() throws -> [String: String] {
        let golden = try directory.get()
        var kills: [String: String] = [:]
        var alive = Fault.all.map { FaultyEngine($0) }
        for header in try cases() where !alive.isEmpty {
            var trial = FaultTrial(try golden.load(header), judge: Judge())
            alive.removeAll { engine in
                let layouts = LayoutSelection.sample.layouts(of: engine.capabilities, for: header)
                let finding = trial.finding(of: engine, in: layouts)
                let isNoticed = finding.isKilled || finding.isReported
                if isNoticed, let fault = engine.fault { kills[fault.name] = header.id }
                return isNoticed
            }
        }
        return kills
    }

    private static func weight(_ header: CaseHeader) -> Int {
        guard let geometry = try? header.problem.geometry() else { return 0 }
        return geometry.productsPerOutput * geometry.outputShape.count
    }
}
