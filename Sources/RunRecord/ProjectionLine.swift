internal import Conformance

/// How an answer was judged by projections.
struct ProjectionLine: Codable {
    var seed: UInt64
    var vectors: Int
    /// A wrong answer passes with a probability of 2^-this at most.
    var missedBits: Int?
    var positions: Int
    var failing: Int
    var computed: Int
    var samples: Int

    enum CodingKeys: String, CodingKey {
        case seed, vectors, positions, failing, computed, samples
        case missedBits = "missed_bits"
    }

    init(_ projection: Projection) {
        (seed, vectors, missedBits) = (projection.seed, projection.vectors, projection.missedBits)
        (positions, failing) = (projection.positions, projection.failing)
        (computed, samples) = (projection.computed, projection.samples)
    }

    /// - Throws: ``InvalidLine``.
    func projection() throws -> Projection {
        guard vectors >= 1, missedBits ?? 0 >= 0, positions >= 1, (0...positions).contains(failing),
            (0...failing).contains(computed), failing == 0 || computed > 0, samples >= 0,
            (missedBits == nil) == (samples > 0)
        else { throw InvalidLine("'projection' holds numbers that contradict each other") }
        return Projection(
            seed: seed, vectors: vectors, missedBits: missedBits, positions: positions, failing: failing,
            computed: computed, samples: samples)
    }
}
