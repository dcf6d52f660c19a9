internal import Conformance
internal import Convolution

/// What became of a finding's smallest case when it was asked again.
struct HistoryLine: Codable {
    struct SequelLine: Codable {
        var cases: [String]
        var became: [Int]
        /// What the check has in common with the only one of `cases`.
        var shared: [String]?
    }

    static let (inProcess, time) = ("in-process", "time")

    var layout: String
    var status: String
    /// How often it failed as in the run, passed, and did something else.
    var alone: [Int]
    /// A letter a call: `F`, `P`, `O`.
    var calls: [String]?
    var after: SequelLine?
    var echo: String?
    /// `in-process`, `time`, or what went wrong.
    var limit: String?

    init(_ history: History) {
        layout = history.layouts.description
        status = history.status.rawValue
        alone = Self.list(history.alone)
        calls = history.calls.isEmpty ? nil : history.calls.map { String($0.map(\.rawValue)) }
        after = history.sequel.map {
            SequelLine(
                cases: $0.cases, became: Self.list($0.tally), shared: $0.shared.isEmpty ? nil : $0.shared)
        }
        echo = history.echo?.rawValue
        limit =
            switch history.limit {
            case nil: nil
            case .inProcess: Self.inProcess
            case .time: Self.time
            case .trouble(let words): words
            }
    }

    /// - Throws: ``InvalidLine``.
    func history() throws -> History {
        let status = try choice(Status.self, status, "history.status")
        guard History.statuses.contains(status) else {
            throw InvalidLine("'history.status' is '\(status.rawValue)', which is no failure of an engine")
        }
        var history = History(layouts: try layoutPair(layout, "history.layout"), status: status)
        history.alone = try Self.tally(alone, "history.alone")
        history.calls = try (calls ?? []).map { try $0.map(Self.call) }
        guard history.calls.allSatisfy({ $0.count > 1 }), history.calls.count <= history.alone.total else {
            throw InvalidLine("'history.calls' has a list of one call, or more lists than 'alone' has calls")
        }
        if let after {
            guard !after.cases.isEmpty else { throw InvalidLine("'history.after' has no 'cases'") }
            history.sequel = .init(
                cases: after.cases, tally: try Self.tally(after.became, "history.after.became"),
                shared: after.shared ?? [])
        }
        history.echo = try echo.map { try choice(History.Echo.self, $0, "history.echo") }
        switch limit {
        case nil: break
        case Self.inProcess?: history.limit = .inProcess
        case Self.time?: history.limit = .time
        case let words?: history.limit = .trouble(words)
        }
        guard history.alone.total > 0 || history.limit != nil else {
            throw InvalidLine("'history' has neither a call nor a 'limit'")
        }
        return history
    }

    private static func list(_ tally: History.Tally) -> [Int] { [tally.failed, tally.passed, tally.other] }

    private static func tally(_ list: [Int], _ field: String) throws -> History.Tally {
        guard list.count == 3, list.allSatisfy({ (0...1 << 40).contains($0) }) else {
            throw InvalidLine("'\(field)' is \(list), expected how many failed, passed, and did something else")
        }
        return History.Tally(failed: list[0], passed: list[1], other: list[2])
    }

    private static func call(_ letter: Character) throws -> History.Call {
        guard let call = History.Call(rawValue: letter) else {
            throw InvalidLine("'history.calls' has '\(letter)', expected F, P or O")
        }
        return call
    }
}
