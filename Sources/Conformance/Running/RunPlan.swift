internal import Convolution

/// Every result that a run will have, in order: engine by engine, case by case, layout by layout.
struct RunPlan {
    struct Item {
        let engine: Int
        let header: CaseHeader
        let layouts: LayoutPair
        let isPreferredLayout: Bool
        /// Whether an engine may begin with it.
        let isOrdinary: Bool
    }

    let items: [Item]

    init(
        engines: [any EngineUnderTest], cases: [CaseHeader], selection: LayoutSelection, memoryLimit: Int = .max,
        isChosen: (String, CaseHeader, LayoutPair) -> Bool = { _, _, _ in true }
    ) {
        items = engines.indices.flatMap { engine in
            let capabilities = engines[engine].capabilities
            return cases.flatMap { header in
                let problem = header.problem
                let isOrdinary =
                    header.isOrdinary && problem.bytesInMemory() <= memoryLimit
                    && capabilities.obstacle(to: problem) == nil
                return selection.layouts(of: capabilities, for: header).enumerated().map {
                    Item(
                        engine: engine, header: header, layouts: $1, isPreferredLayout: $0 == 0,
                        isOrdinary: isOrdinary)
                }.filter { isChosen(engines[engine].name, $0.header, $0.layouts) }
            }
        }
    }
}

extension CaseHeader {
    /// Whether the case asks for a small output of plain numbers: one in which a wrong first answer, all zero perhaps,
    /// shows.
    var isOrdinary: Bool {
        expectation == .output && data != .special && !isDerived && (500...1e7).contains(problem.products)
    }
}
