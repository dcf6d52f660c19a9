/// A dense rank-4 tensor of any element type.
public enum AnyTensor: Hashable, Sendable {
    case float64(Tensor<Double>)
    case float32(Tensor<Float>)
    case float16(Tensor<Float16>)
    case bfloat16(Tensor<BFloat16>)
    case int8(Tensor<Int8>)
    case uint8(Tensor<UInt8>)
    case int32(Tensor<Int32>)

    public init(_ tensor: some TypedTensor) {
        self = Self.erased(tensor.tensor)
    }

    private static func erased<Element: TensorElement>(_ tensor: Tensor<Element>) -> AnyTensor { Element.erase(tensor) }

    /// Numbers, each rounded to the nearest of a type.
    ///
    /// - Parameter numbers: in logical memory order or another, as many as `shape` wants.
    public init(nearest numbers: [Double], type: ElementType, shape: Shape, order: AxisOrder = .logical) {
        func made<Element: TensorElement>(_: Element.Type) -> AnyTensor {
            let elements = [Element](unsafeUninitializedCapacity: numbers.count) { elements, count in
                for place in numbers.indices {
                    (elements.baseAddress! + place).initialize(to: Element(nearest: numbers[place]))
                }
                count = numbers.count
            }
            return Element.erase(Tensor(shape: shape, order: order, elements: elements))
        }
        self =
            switch type {
            case .float64: made(Double.self)
            case .float32: made(Float.self)
            case .float16: made(Float16.self)
            case .bfloat16: made(BFloat16.self)
            case .int8: made(Int8.self)
            case .uint8: made(UInt8.self)
            case .int32: made(Int32.self)
            }
    }

    /// The tensor, for code that is the same for all types.
    public var typed: any TypedTensor {
        switch self {
        case .float64(let tensor): tensor
        case .float32(let tensor): tensor
        case .float16(let tensor): tensor
        case .bfloat16(let tensor): tensor
        case .int8(let tensor): tensor
        case .uint8(let tensor): tensor
        case .int32(let tensor): tensor
        }
    }

    /// The tensor of that type, or `nil` where it has another.
    public func of<Element: TensorElement>(_: Element.Type) -> Tensor<Element>? { typed as? Tensor<Element> }

    public var type: ElementType {
        func type<Typed: TypedTensor>(_: Typed) -> ElementType { Typed.Element.elementType }
        return type(typed)
    }

    public var shape: Shape {
        func shape(_ tensor: some TypedTensor) -> Shape { tensor.tensor.shape }
        return shape(typed)
    }

    public var order: AxisOrder {
        func order(_ tensor: some TypedTensor) -> AxisOrder { tensor.tensor.order }
        return order(typed)
    }

    /// How many elements it has.
    public var count: Int { shape.count }

    /// Sums of float32, each rounded to the nearest number of a type of no more bits.
    public init(narrowing sums: Tensor<Float>, to type: ElementType) {
        switch type {
        case .float32: self = .float32(sums)
        case .bfloat16: self = .bfloat16(sums.map { BFloat16($0) })
        case .float16: self = .float16(sums.map { Float16($0) })
        default: self.init(nearest: sums.elements.map { Double($0) }, type: type, shape: sums.shape, order: sums.order)
        }
    }

    /// The numbers in float32, which holds those of every type but float64 and int32: there each is rounded.
    public var singles: Tensor<Float> {
        switch self {
        case .float32(let tensor): tensor
        case .float16(let tensor): tensor.map { Float($0) }
        case .bfloat16(let tensor): tensor.map(\.float)
        default: doubles.map { Float($0) }
        }
    }

    // What touches every element names the types, so that the compiler makes a loop for each of them.

    /// The same tensor in another memory order.
    public func reordered(to order: AxisOrder) -> AnyTensor {
        switch self {
        case .float64(let tensor): .float64(tensor.reordered(to: order))
        case .float32(let tensor): .float32(tensor.reordered(to: order))
        case .float16(let tensor): .float16(tensor.reordered(to: order))
        case .bfloat16(let tensor): .bfloat16(tensor.reordered(to: order))
        case .int8(let tensor): .int8(tensor.reordered(to: order))
        case .uint8(let tensor): .uint8(tensor.reordered(to: order))
        case .int32(let tensor): .int32(tensor.reordered(to: order))
        }
    }

    /// The place in memory of the first element that is NaN or infinite, if there is one.
    public var firstNonFinite: Int? {
        switch self {
        case .float64(let tensor): nonFinite(tensor.elements)
        case .float32(let tensor): nonFinite(tensor.elements)
        case .float16(let tensor): nonFinite(tensor.elements)
        case .bfloat16(let tensor): nonFinite(tensor.elements)
        case .int8, .uint8, .int32: nil
        }
    }

    /// The same numbers in float64, in the same memory order.
    public var doubles: Tensor<Double> {
        switch self {
        case .float64(let tensor): tensor
        case .float32(let tensor): tensor.map { Double($0) }
        case .float16(let tensor): tensor.map { Double($0) }
        case .bfloat16(let tensor): tensor.map { Double($0.float) }
        case .int8(let tensor): tensor.map { Double($0) }
        case .uint8(let tensor): tensor.map { Double($0) }
        case .int32(let tensor): tensor.map { Double($0) }
        }
    }
}

extension AnyTensor {
    /// Copies elements that lie `step` places of memory apart, as numbers of float64.
    package func copy(from place: Int, step: Int = 1, count: Int, into room: UnsafeMutablePointer<Double>) {
        switch self {
        case .float64(let tensor): tensor.copy(from: place, step: step, count: count, into: room)
        case .float32(let tensor): tensor.copy(from: place, step: step, count: count, into: room)
        case .float16(let tensor): tensor.copy(from: place, step: step, count: count, into: room)
        case .bfloat16(let tensor): tensor.copy(from: place, step: step, count: count, into: room)
        case .int8(let tensor): tensor.copy(from: place, step: step, count: count, into: room)
        case .uint8(let tensor): tensor.copy(from: place, step: step, count: count, into: room)
        case .int32(let tensor): tensor.copy(from: place, step: step, count: count, into: room)
        }
    }
}

extension Tensor where Element: TensorElement {
    /// Copies elements that lie `step` places of memory apart, as numbers of float64, to places `target` apart.
    @inlinable
    package func copy(
        from place: Int, step: Int, count: Int, into room: UnsafeMutablePointer<Double>, target: Int = 1
    ) {
        precondition(count == 0 || place + (count - 1) * step < elements.count, "elements outside of the tensor")
        elements.withUnsafeBufferPointer { elements in
            if step == 1, target == 1 {
                for turn in 0..<count { room[turn] = elements[place + turn].double }
            } else {
                for turn in 0..<count { room[turn * target] = elements[place + turn * step].double }
            }
        }
    }
}

/// Looks at every element, without leaving early, so that the compiler can make a vector loop of it; only where something
/// is found it is looked for.
private func nonFinite<Element: TensorElement>(_ elements: [Element]) -> Int? {
    var areFinite = true
    for element in elements { areFinite = areFinite && element.double.magnitude <= .greatestFiniteMagnitude }
    return areFinite ? nil : elements.firstIndex { !$0.double.isFinite }
}
