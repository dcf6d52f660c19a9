internal import Convolution

/// The content of an answer before it is written: in floating point a signaling NaN, which no arithmetic gives.
struct Unwritten {
    let type: ElementType
    /// The bits of an element.
    private let pattern: UInt64
    /// The same in as many bits as an element has.
    private var bits: UInt64 { type.size == 8 ? pattern : pattern & (1 << (8 * type.size) - 1) }
    /// What makes the NaN a quiet one; 0 for whole numbers, where the pattern is a number like any other.
    private let quietBit: UInt64

    init(_ type: ElementType) {
        self.type = type
        let bits: UInt64 = type.size == 8 ? .max : 1 << (8 * type.size) - 1
        if let format = type.format {
            quietBit = 1 << (format.significandBits - 2)
            let exponent = bits >> 1 & ~(quietBit << 1 - 1)
            pattern = exponent | 0x0005_C3C3_7FA5_C3C3 & (quietBit - 1)
        } else {
            quietBit = 0
            pattern = 0x7FA5_C3C3 & bits
        }
    }

    private func fillElements(_ memory: UnsafeMutableRawBufferPointer) {
        func fill<Bits: FixedWidthInteger>(_: Bits.Type) {
            memory.bindMemory(to: Bits.self).initialize(repeating: Bits(truncatingIfNeeded: pattern))
        }
        switch type.size {
        case 8: fill(UInt64.self)
        case 4: fill(UInt32.self)
        case 2: fill(UInt16.self)
        default: fill(UInt8.self)
        }
    }

    /// Makes memory look unwritten that need not hold whole elements.
    func fill(_ memory: UnsafeMutableRawBufferPointer) {
        let whole = memory.count / type.size * type.size
        fillElements(UnsafeMutableRawBufferPointer(rebasing: memory[..<whole]))
        for place in memory[whole...].indices { memory[place] = 0xA5 }
    }

    /// The first byte of memory that was filled so and is now something else.
    func firstChange(in memory: UnsafeMutableRawBufferPointer) -> Int? {
        let whole = memory.count / type.size * type.size
        let elements = UnsafeRawBufferPointer(UnsafeMutableRawBufferPointer(rebasing: memory[..<whole]))
        if let place = places(in: elements, where: { $0 != bits }).first {
            let wanted = withUnsafeBytes(of: pattern.littleEndian) { Array($0.prefix(type.size)) }
            return place * type.size + (0..<type.size).first { memory[place * type.size + $0] != wanted[$0] }!
        }
        return memory[whole...].firstIndex { $0 != 0xA5 }
    }

    /// Which elements were never written; none can be told among whole numbers.
    func unwritten(in memory: UnsafeRawBufferPointer) -> [Int] {
        quietBit == 0 ? [] : places(in: memory) { $0 == pattern }
    }

    /// Which elements were computed from the pattern: its quiet form, of either sign. IEEE 754-2019, 6.2.3: an operation
    /// keeps the payload of its NaN.
    func used(in memory: UnsafeRawBufferPointer) -> [Int] {
        let signBit: UInt64 = 1 << (8 * type.size - 1)
        return quietBit == 0 ? [] : places(in: memory) { $0 & ~signBit == pattern | quietBit }
    }

    private func places(in memory: UnsafeRawBufferPointer, where isMeant: (UInt64) -> Bool) -> [Int] {
        func places<Bits: FixedWidthInteger>(_: Bits.Type) -> [Int] {
            let elements = memory.bindMemory(to: Bits.self)
            return elements.indices.filter { isMeant(UInt64(truncatingIfNeeded: elements[$0])) }
        }
        return switch type.size {
        case 8: places(UInt64.self)
        case 4: places(UInt32.self)
        case 2: places(UInt16.self)
        default: places(UInt8.self)
        }
    }
}
