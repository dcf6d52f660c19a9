internal import Conformance
internal import Convolution
internal import RunRecord

/// What failed in a former run, to be run again: exactly those cases, on those engines, in those layouts.
struct Rerun {
    let path: String
    let header: RunHeader
    /// Every result that failed.
    let failures: Set<ResultKey>
    /// The suites that have one, sorted.
    let suites: [String]
    /// The engines that have one, as the record names them.
    let engines: [RunHeader.EngineIdentity]
    /// What the data of the run was drawn from, where it was drawn for it.
    let freshSeed: UInt64?
    /// The lists of problems that were run, where it was those.
    let problems: ProblemOptions
    private let cases: Set<String>

    /// - Throws: ``Stop`` where the record cannot be read, or nothing failed in it.
    init(_ path: String) throws {
        let record = try RunRecord.read(path)
        let failed = record.results.filter(\.status.isFailure)
        if failed.isEmpty { throw Stop(.nothingExecuted, "nothing failed in the run of the record '\(path)'") }
        self.path = path
        header = record.header
        problems = try record.header.problemOptions
        freshSeed = record.summary.fresh?.seed
        failures = Set(failed.map(ResultKey.init))
        suites = Set(failed.map(\.header.suite)).sorted()
        let names = Set(failed.map(\.engine))
        engines = record.header.engines.filter { names.contains($0.name) }
        cases = Set(failed.map(\.header.id))
    }

    /// Those of the cases that failed on some engine.
    ///
    /// - Throws: ``Stop``, wrong usage, where the golden data are not those of the record; nothing executed where none is left.
    func select(from cases: [CaseHeader], of store: any CaseSource) throws -> [CaseHeader] {
        try header.checkDigests(of: Set(cases.map(\.suite)).intersection(suites), in: store, record: path)
        let selected = cases.filter { self.cases.contains($0.id) }
        if selected.isEmpty {
            throw Stop(.nothingExecuted, "the options leave none of the \(self.cases.count) cases that failed")
        }
        return selected
    }

    /// - Throws: ``Stop``, wrong usage, where an engine no longer declares the layouts in which it failed.
    func check(_ engines: [any EngineUnderTest]) throws {
        for engine in engines {
            let layouts = engine.capabilities.layouts
            let lost = failures.filter { $0.engine == engine.name && !layouts.contains($0.layouts) }
            if let key = lost.min(by: { $0.id < $1.id }) {
                throw Stop(.wrongUsage, "'\(path)' has \(key) as failed, and the engine no longer takes these layouts")
            }
        }
    }

    /// Whether a check is one of those that failed.
    func contains(_ engine: String, _ header: CaseHeader, _ layouts: LayoutPair) -> Bool {
        failures.contains(ResultKey(engine: engine, id: header.id, layouts: layouts))
    }
}
