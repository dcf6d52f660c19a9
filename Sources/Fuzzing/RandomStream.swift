internal import ExactArithmetic

/// Random numbers that follow from a seed, the same on every machine.
struct RandomStream: RandomNumberGenerator {
    private let numbers: SplitMix64
    private var index: UInt64 = 0

    init(seed: UInt64) {
        numbers = SplitMix64(seed: seed)
    }

    mutating func next() -> UInt64 {
        defer { index += 1 }
        return numbers[index]
    }

    /// A number of a range, each as likely.
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// One of some values, each as likely.
    mutating func one<Value>(of values: [Value]) -> Value { values[number(0...values.count - 1)] }

    /// True once in so many times.
    mutating func happens(onceIn count: Int) -> Bool { number(1...count) == 1 }
}
