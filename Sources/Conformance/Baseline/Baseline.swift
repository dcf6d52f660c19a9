public import Convolution

/// The failures of engines that are known, and expected as long as they are listed.
public struct Baseline: Hashable, Sendable {
    /// One line: failures of one engine with one status, and why they are known.
    public struct Entry: Hashable, Sendable {
        /// The line in the file, from 1, which tells it from others.
        public var line: Int
        public var engine: String
        /// A pattern for the ids of cases.
        public var pattern: String
        /// The layouts in which they fail; `nil` for all.
        public var layouts: LayoutPair?
        /// How they fail: one of ``statuses``.
        public var status: Status
        /// Whether a pass is right as well, since it depends on the machine or on chance whether they fail.
        public var mayPass: Bool
        /// The known mistake whose answers they are; then the status is `fail`, and what the mistake leaves right may pass.
        public var finding: String?
        public var reason: String
        public var link: String?
        /// Whether it matches golden cases that the options of the run leave out: then the run cannot tell that it matches
        /// nothing.
        public var isElsewhere = false

        /// What an entry may list: what an engine does, not what becomes of a run.
        public static let statuses: [Status] = [.fail, .error, .crash, .timeout]

        public init(
            line: Int, engine: String, pattern: String, layouts: LayoutPair? = nil, status: Status,
            mayPass: Bool = false,
            finding: String? = nil, reason: String, link: String? = nil
        ) {
            self.line = line
            self.engine = engine
            self.pattern = pattern
            self.layouts = layouts
            self.status = status
            self.mayPass = mayPass
            self.finding = finding
            self.reason = reason
            self.link = link
        }

        /// Whether a result of this engine, case and layouts is what it is about.
        public func matches(_ result: CaseResult) -> Bool {
            result.engine == engine && (layouts ?? result.layouts) == result.layouts
                && Glob(pattern).matches(result.header.id)
        }
    }

    /// What the file is called.
    public var name: String
    public var entries: [Entry]

    public init(name: String, entries: [Entry]) {
        self.name = name
        self.entries = entries
    }

    /// Notes which entries match cases that are not chosen.
    public mutating func note(all: [CaseHeader], chosen: [CaseHeader]) {
        let ids = Set(all.map(\.id)).subtracting(chosen.map(\.id))
        for place in entries.indices {
            let glob = Glob(entries[place].pattern)
            entries[place].isElsewhere = ids.contains { glob.matches($0) }
        }
    }
}

/// What a baseline says of a result.
public struct Listing: Hashable, Sendable {
    /// The line of the entry.
    public var line: Int
    /// The status that is listed.
    public var status: Status
    /// The known mistake that is listed, where it is one.
    public var finding: String?
    public var reason: String
    public var link: String?

    public init(line: Int, status: Status, finding: String? = nil, reason: String, link: String? = nil) {
        self.line = line
        self.status = status
        self.finding = finding
        self.reason = reason
        self.link = link
    }

    init(_ entry: Baseline.Entry) {
        self.init(
            line: entry.line, status: entry.status, finding: entry.finding, reason: entry.reason, link: entry.link)
    }
}
