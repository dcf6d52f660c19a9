import Conformance
import Convolution
import GoldenStore
import ReferenceEngines
import Testing

/// Every engine that is right, against every suite: none may be accused.
@Suite struct CorrectEngines {
    /// Those that ``GoldenTests`` does not run, each in its preferred layouts, and on a sample of cases in all.
    @Test(arguments: try GoldenTests.suites)
    func noneIsAccused(suite: String) throws {
        let (golden, cases) = try GoldenTests.open(suite)
        let engines = try EngineRegistry.correctEngines.entries.filter { BuiltInEngine(rawValue: $0.name) == nil }
            .map { try $0.start() }
        let sessions = try engines.map { try $0.openSession() }
        for header in cases {
            let golden = try golden.load(header)
            for (engine, session) in zip(engines, sessions)
            where engine.capabilities.obstacle(to: header.problem) == nil {
                for layouts in LayoutSelection.sample.layouts(of: engine.capabilities, for: header) {
                    let answer = session.answer(to: golden.request(in: layouts), within: .seconds(60))
                    let verdict = Judge().verdict(on: answer, to: golden, capabilities: engine.capabilities)
                    let isRefused = verdict.status == .unsupported && mayRefuse(engine, header)
                    #expect(
                        verdict.status == .pass || isRefused,
                        "\(engine.name), \(header.id), \(layouts): \(verdict)")
                }
            }
        }
    }

    /// Winograd is for one kind of kernel.
    private func mayRefuse(_ engine: InProcessEngine, _ header: CaseHeader) -> Bool {
        let problem = header.problem
        let isForWinograd =
            problem.filter[0] == 3 && problem.filter[1] == 3 && problem.strides == .one && problem.dilations == .one
        return engine.name.hasPrefix("winograd") && !isForWinograd
    }
}
