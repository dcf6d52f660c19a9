/// A dense rank-4 tensor.
///
/// Subscripts take logical indices, `[n, y, x, c]` for an input or output and `[ky, kx, c, f]` for a filter, and work
/// in every memory order. Code that wants raw memory takes `elements`, which lie densely in `order`.
public struct Tensor<Element: Sendable>: Sendable {
    /// The extents in logical order.
    public let shape: Shape
    /// The order of the axes in memory.
    public let order: AxisOrder
    /// The distance in elements between neighbours along each logical axis.
    public let strides: Shape
    /// All elements, as they lie in memory.
    public var elements: [Element]

    /// A tensor from elements that lie in `order`.
    ///
    /// - Precondition: there are as many elements as `shape` wants.
    @inlinable
    public init(shape: Shape, order: AxisOrder = .logical, elements: [Element]) {
        precondition(elements.count == shape.count, "\(elements.count) elements do not fill \(shape)")
        self.shape = shape
        self.order = order
        self.strides = order.strides(of: shape)
        self.elements = elements
    }

    /// A tensor with the same value everywhere.
    @inlinable
    public init(repeating value: Element, shape: Shape, order: AxisOrder = .logical) {
        self.init(shape: shape, order: order, elements: [Element](repeating: value, count: shape.count))
    }

    /// A tensor computed element by element from logical indices.
    @inlinable
    public init(
        shape: Shape, order: AxisOrder = .logical, _ element: (Int, Int, Int, Int) throws -> Element
    ) rethrows {
        // Extents beside an empty axis may be too large to count through.
        if shape.count == 0 {
            self.init(shape: shape, order: order, elements: [])
            return
        }
        let memory = order.axes
        let bounds = (shape[memory[0]], shape[memory[1]], shape[memory[2]], shape[memory[3]])
        var index: Shape = [0, 0, 0, 0]
        var elements: [Element] = []
        elements.reserveCapacity(shape.count)
        for i in 0..<bounds.0 {
            index[memory[0]] = i
            for j in 0..<bounds.1 {
                index[memory[1]] = j
                for k in 0..<bounds.2 {
                    index[memory[2]] = k
                    for l in 0..<bounds.3 {
                        index[memory[3]] = l
                        elements.append(try element(index[0], index[1], index[2], index[3]))
                    }
                }
            }
        }
        self.init(shape: shape, order: order, elements: elements)
    }

    /// The element at logical indices.
    ///
    /// - Precondition: every index lies within its extent (checked in debug builds).
    @inlinable
    public subscript(first: Int, second: Int, third: Int, fourth: Int) -> Element {
        get { elements[offset(first, second, third, fourth)] }
        set { elements[offset(first, second, third, fourth)] = newValue }
    }

    /// Where an element lies in `elements`.
    @inlinable
    public func offset(_ first: Int, _ second: Int, _ third: Int, _ fourth: Int) -> Int {
        assert(first >= 0 && first < shape[0] && second >= 0 && second < shape[1], "index outside \(shape)")
        assert(third >= 0 && third < shape[2] && fourth >= 0 && fourth < shape[3], "index outside \(shape)")
        return first * strides[0] + second * strides[1] + third * strides[2] + fourth * strides[3]
    }

    /// The extents as they lie in memory, outermost first.
    public var shapeInMemory: [Int] { order.inMemory(shape) }

    /// The same tensor in another memory order.
    @inlinable
    public func reordered(to order: AxisOrder) -> Tensor {
        if order == self.order { return self }
        let reordered = [Element](unsafeUninitializedCapacity: elements.count) { buffer, initializedCount in
            if let room = buffer.baseAddress { copy(to: room, in: order) }
            initializedCount = elements.count
        }
        return Tensor(shape: shape, order: order, elements: reordered)
    }

    /// Copies the elements in another memory order, to memory that holds nothing yet.
    @inlinable
    func copy(to target: UnsafeMutablePointer<Element>, in order: AxisOrder) {
        let (extents, steps) = (order.inMemory(shape), order.inMemory(strides))
        if shape.count == 0 { return }
        let places = [extents[1] * extents[2] * extents[3], extents[2] * extents[3], extents[3]]
        // The axis beside the last whose elements lie closest together here: the two are walked in tiles, so that a line of
        // the cache is read and written while it is there.
        var near = 2
        for axis in 0..<2 where extents[axis] > 1 && (extents[near] == 1 || steps[axis] < steps[near]) { near = axis }
        let (outer, middle) = (near == 0 ? 1 : 0, near == 2 ? 1 : 2)
        let tile = 16
        elements.withUnsafeBufferPointer { elements in
            for i in 0..<extents[outer] {
                for j in 0..<extents[middle] {
                    let source = elements.baseAddress! + i * steps[outer] + j * steps[middle]
                    let target = target + i * places[outer] + j * places[middle]
                    for first in stride(from: 0, to: extents[near], by: tile) {
                        for start in stride(from: 0, to: extents[3], by: tile) {
                            for k in first..<min(first + tile, extents[near]) {
                                for l in start..<min(start + tile, extents[3]) {
                                    (target + k * places[near] + l).initialize(
                                        to: source[k * steps[near] + l * steps[3]])
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Equal tensors have the same shape, the same memory order and equal elements.
extension Tensor: Equatable where Element: Equatable {}

extension Tensor: Hashable where Element: Hashable {}

extension Tensor {
    /// The same tensor with every element replaced.
    @inlinable
    public func map<Other>(_ transform: (Element) throws -> Other) rethrows -> Tensor<Other> {
        Tensor<Other>(shape: shape, order: order, elements: try elements.map(transform))
    }
}
