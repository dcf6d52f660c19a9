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
        self = type.perform(Rounding(numbers: Tensor(shape: shape, order: order, elements: numbers)))
    }

    /// The tensor, for code that is the same for all types and does not touch every element.
    public var typed: any TypedTensor { perform(Opening()) }

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
        self = type == .float32 ? .float32(sums) : type.perform(Rounding(numbers: sums))
    }

    /// The numbers in float32, which holds those of every type but float64 and int32: there each is rounded.
    public var singles: Tensor<Float> {
        if case .float32(let tensor) = self { tensor } else { perform(Widening<Float>()) }
    }

    /// The same numbers in float64, in the same memory order.
    public var doubles: Tensor<Double> {
        if case .float64(let tensor) = self { tensor } else { perform(Widening<Double>()) }
    }

    /// Copies the elements in another memory order.
    ///
    /// - Precondition: `bytes` has room for them, at an address that their type may have.
    package func copy(to bytes: UnsafeMutableRawBufferPointer, in order: AxisOrder) {
        perform(OrderedCopy(bytes: bytes, order: order))
    }

    /// The same tensor in another memory order.
    public func reordered(to order: AxisOrder) -> AnyTensor { perform(Reordering(order: order)) }

    /// What lies at an index of the first logical axis, as a tensor of one image.
    package func image(_ index: Int) -> AnyTensor { perform(Slicing(index: index)) }

    /// The place in memory of the first element that is NaN or infinite, if there is one.
    public var firstNonFinite: Int? { perform(SearchOfNonFinite()) }

    /// Copies elements that lie `step` places of memory apart, as numbers of float64, to places `target` apart.
    package func copy(
        from place: Int, step: Int = 1, count: Int, into room: UnsafeMutablePointer<Double>, target: Int = 1
    ) {
        perform(Copy(place: place, step: step, count: count, room: room, target: target))
    }
}

extension AnyTensor {
    /// Work on the elements in the type that they have.
    @inlinable
    public func perform<Work: TensorWork>(_ work: Work) throws(Work.Failure) -> Work.Result {
        switch self {
        case .float64(let tensor): try work.on(tensor)
        case .float32(let tensor): try work.on(tensor)
        case .float16(let tensor): try work.on(tensor)
        case .bfloat16(let tensor): try work.on(tensor)
        case .int8(let tensor): try work.on(tensor)
        case .uint8(let tensor): try work.on(tensor)
        case .int32(let tensor): try work.on(tensor)
        }
    }
}

extension ElementType {
    /// Work that makes something of elements of this type.
    @inlinable
    public func perform<Work: ElementWork>(_ work: Work) -> Work.Result {
        switch self {
        case .float64: work.of(Double.self)
        case .float32: work.of(Float.self)
        case .float16: work.of(Float16.self)
        case .bfloat16: work.of(BFloat16.self)
        case .int8: work.of(Int8.self)
        case .uint8: work.of(UInt8.self)
        case .int32: work.of(Int32.self)
        }
    }

    /// The Swift type of its elements, for code that is the same for all types and does not touch every element.
    public var element: any TensorElement.Type { perform(Naming()) }
}

/// What is done with a tensor of any element type. The compiler makes it once for each type, with loops of its own.
public protocol TensorWork {
    associatedtype Result
    associatedtype Failure: Error = Never
    func on<Element: TensorElement>(_ tensor: Tensor<Element>) throws(Failure) -> Result
}

/// What is done where there is no tensor yet, made once for each type too.
public protocol ElementWork {
    associatedtype Result
    func of<Element: TensorElement>(_: Element.Type) -> Result
}

private struct Rounding<Number: BinaryFloatingPoint & Sendable>: ElementWork {
    let numbers: Tensor<Number>

    func of<Element: TensorElement>(_: Element.Type) -> AnyTensor {
        Element.erase(converted(numbers) { Element(nearest: Double($0)) })
    }
}

private struct Widening<Number: BinaryFloatingPoint & Sendable>: TensorWork {
    func on<Element: TensorElement>(_ tensor: Tensor<Element>) -> Tensor<Number> {
        converted(tensor) { Number($0.double) }
    }
}

/// Every element in another type, in a loop that is made here for both, also where modules are compiled file by file.
private func converted<Element, Other>(_ tensor: Tensor<Element>, _ convert: (Element) -> Other) -> Tensor<Other> {
    let elements = tensor.elements.withUnsafeBufferPointer { elements in
        [Other](unsafeUninitializedCapacity: elements.count) { others, count in
            for place in elements.indices { (others.baseAddress! + place).initialize(to: convert(elements[place])) }
            count = elements.count
        }
    }
    return Tensor(shape: tensor.shape, order: tensor.order, elements: elements)
}

private struct Opening: TensorWork {
    func on<Element: TensorElement>(_ tensor: Tensor<Element>) -> any TypedTensor { tensor }
}

private struct Naming: ElementWork {
    func of<Element: TensorElement>(_: Element.Type) -> any TensorElement.Type { Element.self }
}

private struct Reordering: TensorWork {
    let order: AxisOrder

    func on<Element: TensorElement>(_ tensor: Tensor<Element>) -> AnyTensor {
        Element.erase(tensor.reordered(to: order))
    }
}

private struct Slicing: TensorWork {
    let index: Int

    func on<Element: TensorElement>(_ tensor: Tensor<Element>) -> AnyTensor {
        var shape = tensor.shape
        shape[0] = 1
        let size = shape.count
        // Images lie one behind the other in nearly every order.
        if tensor.strides[0] == size {
            let elements = Array(tensor.elements[index * size..<(index + 1) * size])
            return Element.erase(Tensor(shape: shape, order: tensor.order, elements: elements))
        }
        return Element.erase(Tensor(shape: shape) { _, row, column, last in tensor[index, row, column, last] })
    }
}

private struct OrderedCopy: TensorWork {
    let bytes: UnsafeMutableRawBufferPointer
    let order: AxisOrder

    func on<Element: TensorElement>(_ tensor: Tensor<Element>) {
        let size = tensor.elements.count * MemoryLayout<Element>.stride
        precondition(bytes.count >= size, "\(bytes.count) bytes are no room for \(size)")
        if order == tensor.order {
            tensor.elements.withUnsafeBytes { bytes.copyMemory(from: $0) }
        } else if let room = bytes.baseAddress {
            tensor.copy(to: room.assumingMemoryBound(to: Element.self), in: order)
        }
    }
}

private struct Copy: TensorWork {
    let place: Int, step: Int, count: Int
    let room: UnsafeMutablePointer<Double>
    let target: Int

    func on<Element: TensorElement>(_ tensor: Tensor<Element>) {
        tensor.copy(from: place, step: step, count: count, into: room, target: target)
    }
}

/// Looks at every element, without leaving early, so that the compiler can make a vector loop of it; only where something
/// is found it is looked for.
private struct SearchOfNonFinite: TensorWork {
    func on<Element: TensorElement>(_ tensor: Tensor<Element>) -> Int? {
        if Element.elementType.format == nil { return nil }
        var areFinite = true
        for element in tensor.elements {
            areFinite = areFinite && element.double.magnitude <= .greatestFiniteMagnitude
        }
        return areFinite ? nil : tensor.elements.firstIndex { !$0.double.isFinite }
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
