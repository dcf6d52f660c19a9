public import Convolution

/// How the numbers of one tensor of a case follow from the case's seed, bit for bit as the generator draws them.
public struct Draw: Hashable, Sendable {
    /// Which tensor: input 0, filter 1, bias 2, the operand `output` 9.
    public enum Stream: UInt64, Hashable, Sendable {
        case input = 0
        case filter = 1
        case bias = 2
        case output = 9
    }

    /// Whole numbers from -bound to bound, or, without a bound, reals in [-1, 1), and of 8 bits all whole numbers.
    public let bound: UInt64?
    /// The element type, whose significand's bits p give the reals' grid, 2^(1 - p).
    public let type: ElementType

    /// - Precondition: `bound` is below 2^38, so that no product leaves 64 bits; without one the type is a floating one.
    public init(bound: UInt64?, type: ElementType = .float32) {
        precondition(bound ?? 0 < 1 << 38, "a bound of \(bound ?? 0) leaves 64 bits")
        precondition(bound != nil || type != .int32, "there are no reals of \(type.rawValue)")
        self.bound = bound
        self.type = type
    }

    /// The elements of a tensor, in C order of its logical shape, each a number of the type.
    ///
    /// With z the outputs of the stream and m the bound: (((z >> 40) * (2 m + 1)) >> 24) - m for whole numbers,
    /// ((z >> (64 - p)) - 2^(p - 1)) * 2^(1 - p) for reals, (z >> 56) - 128 for all of int8, z >> 56 for all of uint8.
    public func elements(count: Int, stream: Stream, seed: UInt64) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { numbers, filled in
            if let room = numbers.baseAddress { store(count, Self.numbers(stream, seed), into: room) }
            filled = count
        }
    }

    /// The same elements as a tensor of the type, in logical memory order; never all of them in float64.
    public func tensor(_ shape: Shape, stream: Stream, seed: UInt64) -> AnyTensor {
        type.perform(Drawing(draw: self, shape: shape, numbers: Self.numbers(stream, seed)))
    }

    private static func numbers(_ stream: Stream, _ seed: UInt64) -> SplitMix64 {
        SplitMix64(seed: SplitMix64(seed: seed)[stream.rawValue])
    }

    /// Stores the first elements in C order.
    fileprivate func store<Element: TensorElement>(
        _ count: Int, _ numbers: SplitMix64, into room: UnsafeMutablePointer<Element>
    ) {
        // With 32 bits where they suffice: of those a processor converts several at once.
        if let bound, bound < 1 << 30 {
            let (width, least) = (UInt32(2 * bound + 1), Int32(bound))
            numbers.store(count, into: room) {
                let scaled = UInt64(UInt32(truncatingIfNeeded: $0 >> 40)) &* UInt64(width)
                return Element(nearest: Double(Int32(truncatingIfNeeded: scaled >> 24) &- least))
            }
            return
        }
        if let bound {
            let (width, least) = (2 * bound + 1, Int64(bound))
            numbers.store(count, into: room) {
                Element(nearest: Double(Int64(truncatingIfNeeded: (($0 >> 40) &* width) >> 24) &- least))
            }
            return
        }
        guard let bits = type.format?.significandBits else {
            let least = Int32(type.range?.lowerBound ?? 0)
            numbers.store(count, into: room) {
                Element(nearest: Double(Int32(truncatingIfNeeded: $0 >> 56) &+ least))
            }
            return
        }
        let unit = Double(sign: .plus, exponent: 1 - bits, significand: 1)
        let shift = UInt64(64 - bits)
        if bits <= 24 {
            let (half, unit) = (Int32(1) << Int32(bits - 1), Float(unit))
            // All of it is exact in float32.
            numbers.store(count, into: room) {
                Element(nearest: Double(Float(Int32(truncatingIfNeeded: $0 >> shift) &- half)) * Double(unit))
            }
            return
        }
        let half = Int64(1) << Int64(bits - 1)
        numbers.store(count, into: room) {
            Element(nearest: Double(Int64(truncatingIfNeeded: $0 >> shift) &- half) * unit)
        }
    }

    /// The upper bits, fewer than 64, of the first outputs of any stream: what rules of drawing are made of.
    public static func bits(_ bits: Int, count: Int, stream: UInt64, seed: UInt64) -> [Double] {
        let shift = UInt64(64 - bits)
        return SplitMix64(seed: SplitMix64(seed: seed)[stream]).map(count: count) { Double($0 >> shift) }
    }
}

private struct Drawing: ElementWork {
    let draw: Draw
    let shape: Shape
    let numbers: SplitMix64

    func of<Element: TensorElement>(_: Element.Type) -> AnyTensor {
        let elements = [Element](unsafeUninitializedCapacity: shape.count) { room, count in
            count = shape.count
            if let room = room.baseAddress { draw.store(count, numbers, into: room) }
        }
        return Element.erase(Tensor(shape: shape, elements: elements))
    }
}

extension Draw.Stream {
    /// The stream of a role's tensor.
    public init(_ role: Role) {
        switch role {
        case .input: self = .input
        case .filter: self = .filter
        case .bias: self = .bias
        case .output: self = .output
        }
    }
}
