/// A Swift type for the elements of a tensor.
public protocol TensorElement: BitwiseCopyable, Hashable, Sendable {
    /// A type in which products and sums of such numbers are usually formed; of whole numbers one that holds every sum.
    associatedtype Accumulator: Numeric & Comparable & Sendable

    static var elementType: ElementType { get }
    /// The same number in float64, which holds every number of every element type.
    var double: Double { get }
    /// The same number as an accumulator.
    var widened: Accumulator { get }
    /// How many numbers of the type lie between zero and this one, negative below zero: -0 and 0 have the same place.
    var place: Int { get }

    /// The nearest number of the type, ties to even; what a whole number's type cannot hold becomes its nearest end,
    /// and NaN zero.
    init(nearest number: Double)
    /// The nearest number of the type, ties to even.
    init(narrowing sum: Accumulator)
    static func erase(_ tensor: Tensor<Self>) -> AnyTensor
}

/// A tensor of one of the element types, for code that is the same for all of them.
public protocol TypedTensor<Element>: Sendable {
    associatedtype Element: TensorElement
    var tensor: Tensor<Element> { get }
}

extension Tensor: TypedTensor where Element: TensorElement {
    public var tensor: Tensor<Element> { self }
}

extension Float: TensorElement {
    public static var elementType: ElementType { .float32 }
    @inlinable public var double: Double { Double(self) }
    @inlinable public var widened: Float { self }
    @inlinable public var place: Int { signed(Int(magnitude.bitPattern), sign) }
    @inlinable public init(nearest number: Double) { self.init(number) }
    @inlinable public init(narrowing sum: Float) { self = sum }
    public static func erase(_ tensor: Tensor<Float>) -> AnyTensor { .float32(tensor) }
}

extension Double: TensorElement {
    public static var elementType: ElementType { .float64 }
    @inlinable public var double: Double { self }
    @inlinable public var widened: Double { self }
    @inlinable public var place: Int { signed(Int(magnitude.bitPattern), sign) }
    @inlinable public init(nearest number: Double) { self = number }
    @inlinable public init(narrowing sum: Double) { self = sum }
    public static func erase(_ tensor: Tensor<Double>) -> AnyTensor { .float64(tensor) }
}

extension Float16: TensorElement {
    public static var elementType: ElementType { .float16 }
    @inlinable public var double: Double { Double(widened) }
    /// By its bits: the compiler calls a function for each number where the processor may have no instruction for it.
    @inlinable public var widened: Float {
        let sign = UInt32(bitPattern & 0x8000) << 16
        let magnitude = UInt32(bitPattern & 0x7FFF) << 13
        // Float32's exponents are 112 larger, and that of what is not finite as much again.
        let isFinite = magnitude < 0x0F80_0000
        let number = magnitude + (isFinite ? 112 << 23 : 224 << 23)
        // A subnormal number is what it is more than 2^-14 with the same significand.
        let subnormal = (Float(bitPattern: magnitude + 113 << 23) - 0x1p-14).bitPattern
        return Float(bitPattern: sign | (magnitude < 0x0080_0000 ? subnormal : number))
    }
    @inlinable public var place: Int { signed(Int(magnitude.bitPattern), sign) }
    @inlinable public init(nearest number: Double) { self.init(number) }
    @inlinable public init(narrowing sum: Float) { self.init(sum) }
    public static func erase(_ tensor: Tensor<Float16>) -> AnyTensor { .float16(tensor) }
}

extension TensorElement where Self: FixedWidthInteger, Accumulator == Int64 {
    @inlinable public var double: Double { Double(self) }
    @inlinable public var widened: Int64 { Int64(self) }
    @inlinable public var place: Int { Int(self) }
    @inlinable public init(nearest number: Double) {
        let rounded = number.rounded(.toNearestOrEven)
        let bounds = (Double(Self.min), Double(Self.max))
        self = rounded.isNaN ? 0 : Self(Swift.min(Swift.max(rounded, bounds.0), bounds.1))
    }
    @inlinable public init(narrowing sum: Int64) { self.init(clamping: sum) }
}

extension Int8: TensorElement {
    public typealias Accumulator = Int64
    public static var elementType: ElementType { .int8 }
    public static func erase(_ tensor: Tensor<Int8>) -> AnyTensor { .int8(tensor) }
}

extension UInt8: TensorElement {
    public typealias Accumulator = Int64
    public static var elementType: ElementType { .uint8 }
    public static func erase(_ tensor: Tensor<UInt8>) -> AnyTensor { .uint8(tensor) }
}

extension Int32: TensorElement {
    public typealias Accumulator = Int64
    public static var elementType: ElementType { .int32 }
    public static func erase(_ tensor: Tensor<Int32>) -> AnyTensor { .int32(tensor) }
}

@inlinable
func signed(_ magnitude: Int, _ sign: FloatingPointSign) -> Int {
    sign == .minus ? -magnitude : magnitude
}
