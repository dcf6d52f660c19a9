internal import Conformance
internal import Convolution

/// A line for one case on one engine in one layout.
struct CaseLine: Codable {
    /// How an answer is judged: every element against its exact sum, or sums of them.
    private static let (complete, projected) = ("complete", "projected")

    var type = "case"
    var engine: String
    var id: String
    var suite: String
    var problem: ProblemLine
    var data: String
    var expect: String
    var seed: UInt64
    var derived: Bool
    var tags: [String]
    var note: String
    var source: String?
    var layout: String
    var isPreferredLayout: Bool
    var status: String
    var cause: CauseLine?
    var listed: ListingLine?
    var remark: String?
    var seconds: Double
    /// Which instance of the engine was asked, and as its how many-th case: `[n, k]`.
    var turn: [Int]?
    var judge = CaseLine.complete
    var comparison: ComparisonLine?
    var projection: ProjectionLine?
    var computation: ComputationLine?
    var tensors: EvidenceLine?

    enum CodingKeys: String, CodingKey {
        case type, engine, suite, problem, data, expect, seed, derived, tags, note, source, layout, status, cause
        case listed, remark
        case seconds, turn, judge, comparison, projection, computation, tensors
        case id = "case"
        case isPreferredLayout = "preferred_layout"
    }

    init(_ result: CaseResult) {
        let (header, verdict) = (result.header, result.verdict)
        engine = result.engine
        id = header.id
        suite = header.suite
        problem = ProblemLine(header.problem)
        data = header.data.rawValue
        expect = header.expectation.rawValue
        seed = header.seed
        derived = header.isDerived
        tags = header.tags
        note = header.note
        source = header.source
        layout = result.layouts.description
        isPreferredLayout = result.isPreferredLayout
        status = verdict.status.rawValue
        cause = verdict.cause.map(CauseLine.init)
        listed = verdict.listing.map(ListingLine.init)
        remark = verdict.remark
        seconds = result.seconds
        turn = result.turn.map { [$0.instance, $0.place] }
        comparison = verdict.comparison.map(ComparisonLine.init)
        projection = verdict.comparison?.projection.map(ProjectionLine.init)
        if projection != nil { judge = CaseLine.projected }
        computation = verdict.computation.map(ComputationLine.init)
        tensors = result.answer.map(EvidenceLine.init)
    }

    /// - Throws: ``InvalidLine``.
    func result() throws -> CaseResult {
        let header = try header()
        guard [CaseLine.complete, CaseLine.projected].contains(judge) else {
            throw InvalidLine("'judge' is '\(judge)', which is not known")
        }
        guard (projection != nil) == (judge == CaseLine.projected), projection == nil || comparison != nil else {
            throw InvalidLine("'judge' is '\(judge)', which does not go with 'projection' or 'comparison'")
        }
        guard seconds.isFinite, seconds >= 0 else { throw InvalidLine("'seconds' is \(seconds), expected at least 0") }
        var verdict = Verdict(try choice(Status.self, status, "status"), try cause?.cause(), remark: remark)
        verdict.comparison = try comparison?.comparison(of: header.problem, projection: try projection?.projection())
        verdict.computation = try computation?.computation()
        verdict.listing = try listed?.listing()
        guard (verdict.listing != nil) == [.xfail, .xpass].contains(verdict.status) else {
            throw InvalidLine("'listed' does not go with the status '\(status)'")
        }
        switch verdict.cause {
        case .mismatch?, .misplacedNonFinite?, .precisionLost?:
            guard verdict.comparison?.isMatch == false else {
                throw InvalidLine("'comparison' shows nothing of what 'cause' says")
            }
        default: break
        }
        if let turn, turn.count != 2 || turn.contains(where: { !(1...1 << 40).contains($0) }) {
            throw InvalidLine("'turn' is \(turn), expected two numbers from 1")
        }
        return CaseResult(
            engine: engine, header: header, layouts: try layoutPair(layout, "layout"),
            isPreferredLayout: isPreferredLayout,
            verdict: verdict, seconds: seconds, answer: try tensors?.answer(to: header),
            turn: turn.map { Turn(instance: $0[0], place: $0[1]) })
    }

    private func header() throws -> CaseHeader {
        guard id.unicodeScalars.starts(with: (suite + "/").unicodeScalars) else {
            throw InvalidLine("'case' is '\(id)', which is none of the suite '\(suite)'")
        }
        let name = String(String.UnicodeScalarView(id.unicodeScalars.dropFirst(suite.unicodeScalars.count + 1)))
        return CaseHeader(
            suite: suite, name: name, problem: try problem.problem(),
            data: try choice(CaseHeader.DataFamily.self, data, "data"),
            expectation: try choice(CaseHeader.Expectation.self, expect, "expect"), seed: seed, isDerived: derived,
            tags: tags, note: note, source: source)
    }
}

/// An answer compared with the golden one.
struct ComparisonLine: Codable {
    var elements: Int
    var mismatched: Int
    var ratio: Double
    var rms: Double?
    var rmsLimit: Double?
    /// Where several answers are right, how many elements were answered with each.
    var met: [Int]?
    /// Elements that are not finite in the place of what was wanted, and may be.
    var spread: Int?
    /// The worst elements, worst first.
    var worst: [MismatchLine]?
    var location: LocationLine?
    var wrong: MaskLine?

    enum CodingKeys: String, CodingKey {
        case elements, mismatched, ratio, rms, met, spread, worst, wrong
        case rmsLimit = "rms_limit"
        case location = "where"
    }

    init(_ comparison: Comparison) {
        elements = comparison.elements
        mismatched = comparison.mismatched
        ratio = comparison.ratio
        rms = comparison.rms
        rmsLimit = comparison.rmsLimit
        met = comparison.met.isEmpty ? nil : comparison.met
        spread = comparison.spread == 0 ? nil : comparison.spread
        worst = comparison.worst.isEmpty ? nil : comparison.worst.map(MismatchLine.init)
        location = comparison.location.flatMap(LocationLine.init)
        wrong = comparison.mask.map(MaskLine.init)
    }

    /// - Throws: ``InvalidLine``.
    func comparison(of problem: Problem, projection: Projection?) throws -> Comparison {
        let worst = try (worst ?? []).map { try $0.mismatch(type: problem.types[problem.operation.answer]) }
        guard elements >= 0, (0...elements).contains(mismatched), worst.count <= min(mismatched, Comparison.worstKept),
            worst.isEmpty == (mismatched == 0)
        else { throw InvalidLine("'mismatched' is \(mismatched), which contradicts 'elements' or 'worst'") }
        let counts = (met ?? []) + [spread ?? 0]
        guard counts.allSatisfy({ (0...elements).contains($0) }) else {
            throw InvalidLine("'met' or 'spread' is beyond 'elements'")
        }
        var comparison = Comparison(
            elements: elements, mismatched: mismatched, ratio: ratio, rms: rms, rmsLimit: rmsLimit, worst: worst)
        comparison.met = met ?? []
        comparison.spread = spread ?? 0
        if let projection {
            guard projection.samples <= elements, projection.positions <= elements else {
                throw InvalidLine("'projection' has more samples or positions than there are 'elements'")
            }
            comparison.projection = projection
        }
        if location != nil || wrong != nil {
            guard let geometry = try? problem.geometry(),
                geometry.shape(of: problem.operation.answer).checkedCount == elements
            else {
                throw InvalidLine("'elements' is \(elements), which is not what the problem's answer has")
            }
            comparison.location = try location?.location(
                in: AnswerRegion(geometry, problem.operation.answer), total: mismatched)
        }
        comparison.mask = try wrong?.mask()
        if let mask = comparison.mask {
            let isAll = mask.covered == elements
            guard mask.covered <= elements, isAll ? mask.count == mismatched : mask.count <= mismatched else {
                throw InvalidLine("'wrong' shows \(mask.count) wrong elements, 'mismatched' says \(mismatched)")
            }
        }
        return comparison
    }
}

/// How an answer was computed, as the engine says with it.
struct ComputationLine: Codable {
    var algorithm: String?
    /// Output rows and columns of a tile of `algorithm`.
    var tile: [Int]?
    var arithmetic: String?
    var implementation: String?

    init(_ computation: Computation) {
        algorithm = computation.algorithm?.rawValue
        tile = computation.tile.map { [$0.height, $0.width] }
        arithmetic = computation.arithmetic?.rawValue
        implementation = computation.implementation
    }

    /// - Throws: ``InvalidLine``.
    func computation() throws -> Computation {
        Computation(
            algorithm: try algorithm.map { try choice(Capabilities.Algorithm.self, $0, "computation.algorithm") },
            tile: try tile.map { try extent($0, "computation.tile") },
            arithmetic: try arithmetic.map { try choice(Arithmetic.self, $0, "computation.arithmetic") },
            implementation: implementation)
    }
}
