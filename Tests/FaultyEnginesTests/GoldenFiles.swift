import Conformance
import Foundation
import GoldenStore

@testable import FaultyEngines

/// The project's golden files, small cases first.
enum GoldenFiles {
    static let directory = Result { try GoldenDirectory(path: path) }

    private static let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Golden")
        .standardized.path

    /// What the bank's faults came to, by name: the first case that caught them.
    ///
    /// Once caught, a fault is not run further: counts are the kill matrix's business.
    static let firstKills = Result { try findFirstKills() }

    private static func findFirstKills() throws -> [String: String] {
        let golden = try directory.get()
        var kills: [String: String] = [:]
        var alive = Fault.all.map { FaultyEngine($0) }
        for description in golden.cases.sorted(by: { weight($0) < weight($1) }) where !alive.isEmpty {
            var trial = CaseTrial(try golden.load(description), judge: Judge())
            alive.removeAll { engine in
                let layouts = LayoutSelection.sample.layouts(of: engine.capabilities, for: description)
                let isKilled = trial.finding(of: engine, in: layouts).isKilled
                if isKilled, let fault = engine.fault { kills[fault.name] = description.id }
                return isKilled
            }
        }
        return kills
    }

    private static func weight(_ description: CaseDescription) -> Int {
        guard let geometry = try? description.problem.geometry() else { return 0 }
        return geometry.productsPerOutput * geometry.outputShape.count
    }
}
