/// How an answer was judged whose exact one is too large to be computed whole: by projections.
///
/// At every position of an output, and for each group, the elements times the numbers of a vector, added up, must be what the
/// input gives with the filters added up in the same way. Whole numbers, whose sums are exact in the engine's arithmetic, are
/// compared for equality: R. Freivalds' check (1977), which sees every element. Others must lie within what their elements
/// may be off by together, and a sample of the elements is compared with exact sums of its own.
///
/// What is accused is never a sum: where one is not as wanted, the elements of its position are computed exactly, and an
/// element is wrong only by its own allowance.
public struct Projection: Hashable, Sendable {
    /// What vectors and sample follow from. It is drawn after the answer was given.
    public var seed: UInt64
    /// How many vectors there were.
    public var vectors: Int
    /// A wrong answer passes with a probability of 2^-this at most; `nil` where sums were compared within allowances, and
    /// there is no such bound.
    public var missedBits: Int?
    /// How many sums were compared for each vector: one for every position and group.
    public var positions: Int
    /// How many of them have an element that is wrong, or at least a sum that is not as wanted.
    public var failing: Int
    /// Of how many of the failing ones the elements were computed exactly: where not of all, the wrong elements that are
    /// counted are not all that there are.
    public var computed: Int
    /// How many elements were compared with exact sums of their own wherever the sums led.
    public var samples: Int

    public init(
        seed: UInt64, vectors: Int, missedBits: Int?, positions: Int, failing: Int = 0, computed: Int = 0,
        samples: Int = 0
    ) {
        (self.seed, self.vectors, self.missedBits) = (seed, vectors, missedBits)
        (self.positions, self.failing, self.computed, self.samples) = (positions, failing, computed, samples)
    }

    /// Whether all wrong elements were counted that the sums show.
    public var isCounted: Bool { computed == failing }
}
