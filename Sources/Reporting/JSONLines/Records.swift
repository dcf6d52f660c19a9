internal import Conformance

/// The first line: what was run.
struct HeaderRecord: Encodable {
    /// The version of this format.
    static let format = 1

    struct Engine: Encodable {
        var name: String
        var version: String
        var specification: String
        var algorithm: String
        /// Output rows and columns of a tile of `algorithm`.
        var tile: [Int]?
        var arithmetic: String
        var inputLayouts: [String]
        var filterLayouts: [String]
        var groups: Bool
        var dilations: Bool
        var asymmetricPads: Bool
        var negativePads: Bool
        var bias: Bool

        enum CodingKeys: String, CodingKey {
            case name, version, specification, algorithm, tile, arithmetic, groups, dilations, bias
            case inputLayouts = "input_layouts"
            case filterLayouts = "filter_layouts"
            case asymmetricPads = "asymmetric_pads"
            case negativePads = "negative_pads"
        }

        init(_ identity: RunHeader.EngineIdentity) {
            let capabilities = identity.capabilities
            name = identity.name
            version = identity.version
            specification = identity.specification
            algorithm = capabilities.algorithm.rawValue
            tile = capabilities.tile.map { [$0.height, $0.width] }
            arithmetic = capabilities.arithmetic.rawValue
            inputLayouts = capabilities.inputLayouts.map(\.rawValue)
            filterLayouts = capabilities.filterLayouts.map(\.rawValue)
            groups = capabilities.groups
            dilations = capabilities.dilations
            asymmetricPads = capabilities.asymmetricPads
            negativePads = capabilities.negativePads
            bias = capabilities.bias
        }
    }

    struct Suite: Encodable {
        var name: String
        var cases: Int
    }

    var type = "header"
    var format = HeaderRecord.format
    var suiteDigest: String
    var engines: [Engine]
    var suites: [Suite]
    var planned: Int
    var tolerance: String

    enum CodingKeys: String, CodingKey {
        case type, format, engines, suites, planned, tolerance
        case suiteDigest = "suite_digest"
    }

    init(_ header: RunHeader) {
        suiteDigest = header.suiteDigest
        engines = header.engines.map(Engine.init)
        suites = header.suites.map { Suite(name: $0.name, cases: $0.cases) }
        planned = header.planned
        tolerance = header.tolerance.description
    }
}

/// A line for one case on one engine in one layout.
struct CaseRecord: Encodable {
    struct Worst: Encodable {
        var kind: String
        /// `[n, y, x, f]`.
        var index: [Int]
        var want: Double
        var got: Double
        var allowed: Double
        var ratio: Double
        var ulp: Int?

        init(_ mismatch: Mismatch) {
            kind = mismatch.kind.rawValue
            index = mismatch.index.list
            want = mismatch.want
            got = Double(mismatch.got)
            allowed = mismatch.allowed
            ratio = mismatch.ratio
            ulp = mismatch.ulp
        }
    }

    var type = "case"
    var engine: String
    var id: String
    var layout: String
    var isPreferredLayout: Bool
    var status: String
    var elements: Int
    var mismatched: Int
    var seconds: Double
    var ratio: Double?
    var rms: Double?
    var rmsLimit: Double?
    var reason: String?
    var remark: String?
    /// What computed the answer, where the engine says so with it; the limits that judge it follow from these.
    var algorithm: String?
    /// Output rows and columns of a tile of `algorithm`.
    var tile: [Int]?
    var arithmetic: String?
    var implementation: String?
    var worst: Worst?
    var location: [String]?

    enum CodingKeys: String, CodingKey {
        case type, engine, layout, status, elements, mismatched, seconds, ratio, rms, reason, remark, worst
        case algorithm, tile, arithmetic, implementation
        case id = "case"
        case isPreferredLayout = "preferred_layout"
        case rmsLimit = "rms_limit"
        case location = "where"
    }

    init(_ result: CaseResult) {
        let comparison = result.verdict.comparison
        engine = result.engine
        id = result.header.id
        layout = result.layouts.description
        isPreferredLayout = result.isPreferredLayout
        status = result.status.rawValue
        elements = comparison?.elements ?? 0
        mismatched = comparison?.mismatched ?? 0
        seconds = result.seconds
        ratio = comparison?.ratio
        rms = comparison?.rms
        rmsLimit = comparison?.rmsLimit
        reason = result.verdict.reason
        remark = result.verdict.remark
        let computation = result.verdict.computation
        algorithm = computation?.algorithm?.rawValue
        tile = computation?.tile.map { [$0.height, $0.width] }
        arithmetic = computation?.arithmetic?.rawValue
        implementation = computation?.implementation
        worst = comparison?.worst.first.map(Worst.init)
        location = comparison?.location.map {
            LocationPhrase($0, groups: result.header.problem.groups).phrases
        }
    }
}

/// A line for what failures of one engine have in common.
struct FindingRecord: Encodable {
    struct Candidate: Encodable {
        var name: String
        var summary: String
        var source: String?
    }

    /// Conditions in words, and how many failing and passing cases meet them.
    struct RuleRecord: Encodable {
        var text: String
        /// Of the failing cases, those that meet the conditions, and all.
        var failing: [Int]
        /// Likewise of the passing ones.
        var passing: [Int]
    }

    var type = "finding"
    var engine: String
    /// The mistakes that explain the cases equally well.
    var faults: [Candidate]
    var cases: [String]
    /// How many cases the engine failed in all.
    var failing: Int
    var smallest: String
    /// Passing cases that the mistakes would have failed.
    var spared: Int
    var rule: RuleRecord?

    init(_ finding: Finding) {
        engine = finding.engine
        faults = finding.candidates.map { Candidate(name: $0.name, summary: $0.summary, source: $0.source) }
        cases = finding.cases
        failing = finding.allFailing
        smallest = finding.smallest
        spared = finding.spared
        rule = finding.rule.map {
            RuleRecord(
                text: FindingText.text(of: $0), failing: [$0.failing, $0.allFailing],
                passing: [$0.passing, $0.allPassing])
        }
    }
}

/// The last line: how it ended.
struct FooterRecord: Encodable {
    var type = "footer"
    /// Every status with its count, zeros included.
    var counts: [String: Int]
    var exit: Int32
    var seconds: Double
    var damage: [String]?

    init(_ summary: RunSummary) {
        counts = Dictionary(uniqueKeysWithValues: Status.allCases.map { ($0.rawValue, summary.counts[$0]) })
        exit = summary.exitStatus.rawValue
        seconds = summary.seconds
        damage = summary.damage.isEmpty ? nil : summary.distinctDamage
    }
}
