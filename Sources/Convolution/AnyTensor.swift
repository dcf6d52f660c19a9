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
            Element.erase(Tensor(shape: shape, order: order, elements: numbers.map { Element(nearest: $0) }))
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

    /// The same tensor in another memory order.
    public func reordered(to order: AxisOrder) -> AnyTensor {
        func reordered(_ tensor: some TypedTensor) -> AnyTensor { AnyTensor(tensor.tensor.reordered(to: order)) }
        return order == self.order ? self : reordered(typed)
    }

    /// The same numbers in float64, in the same memory order.
    public var doubles: Tensor<Double> {
        func doubles(_ tensor: some TypedTensor) -> Tensor<Double> {
            let tensor = tensor.tensor
            return Tensor(shape: tensor.shape, order: tensor.order, elements: tensor.elements.map(\.double))
        }
        if case .float64(let tensor) = self { return tensor }
        return doubles(typed)
    }
}
