public import Conformance
public import Convolution

/// What tells one result of a run from another: case, engine and layouts.
public struct ResultKey: Hashable, Sendable, CustomStringConvertible {
    public var engine: String
    /// The case's id.
    public var id: String
    public var layouts: LayoutPair

    public init(engine: String, id: String, layouts: LayoutPair) {
        self.engine = engine
        self.id = id
        self.layouts = layouts
    }

    public init(_ result: CaseResult) {
        self.init(engine: result.engine, id: result.header.id, layouts: result.layouts)
    }

    public var description: String { "\(id) on '\(engine)' in \(layouts)" }
}
