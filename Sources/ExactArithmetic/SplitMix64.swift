/// SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014), counted from a seed.
///
/// Output i is a function of seed and i alone, so that any language derives the same bits in any order.
public struct SplitMix64: Sendable {
    private let seed: UInt64

    public init(seed: UInt64) {
        self.seed = seed
    }

    /// Output `index`, from 0.
    public subscript(index: UInt64) -> UInt64 {
        mixed(seed &+ (index &+ 1) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// A number for each of the first `count` outputs.
    @inline(__always)
    func map(count: Int, _ number: (UInt64) -> Double) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { numbers, initializedCount in
            if let room = numbers.baseAddress { store(count, into: room, number) }
            initializedCount = count
        }
    }

    /// Stores a number for each of the first `count` outputs.
    @inline(__always)
    func store<Number>(_ count: Int, into room: UnsafeMutablePointer<Number>, _ number: (UInt64) -> Number) {
        var state = seed
        for place in 0..<count {
            state &+= 0x9E37_79B9_7F4A_7C15
            (room + place).initialize(to: number(mixed(state)))
        }
    }

    @inline(__always)
    private func mixed(_ state: UInt64) -> UInt64 {
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
