/// Cases held in memory.
public struct CaseList: CaseSource {
    private let list: [GoldenCase]

    public init(_ cases: [GoldenCase]) {
        self.list = cases
    }

    public var digest: String { "" }
    public var cases: [CaseHeader] { list.map(\.header) }

    public func load(_ header: CaseHeader) throws -> GoldenCase {
        guard let found = list.first(where: { $0.header.id == header.id }) else {
            throw UnknownCase(id: header.id)
        }
        return found
    }
}
