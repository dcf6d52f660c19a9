internal import CConvcheckEngine
internal import Conformance
internal import Convolution
internal import Glibc

/// A tensor as a library is given it: a description, and memory of its own between guards, dense or as a view.
final class LibraryTensor {
    /// What the library reads.
    let description: UnsafeMutablePointer<convcheck_tensor>
    let role: Role
    private let type: ElementType
    private let shape: Shape
    private let order: AxisOrder
    private let memory: GuardedMemory
    /// Where in its memory its elements lie; `nil` where it is dense.
    private let view: ViewedMemory?
    /// What an operand's elements were; `nil` for an answer.
    private let original: AnyTensor?

    private init(
        _ role: Role, _ type: ElementType, shape: Shape, in layouts: LayoutPair, original: AnyTensor?,
        _ terms: MemoryTerms
    ) throws(EngineRefusal) {
        let order = role.order(in: layouts)
        let alignment = max(type.size, terms.alignment)
        let view = ViewedMemory(terms.view, of: role, shape, in: order, alignment: alignment / type.size)
        let (size, overflow) = (view?.count ?? shape.checkedCount ?? .max).multipliedReportingOverflow(by: type.size)
        guard !overflow,
            let memory = GuardedMemory(
                GuardedMemory.Name(role), count: size, of: type, alignment: alignment,
                placement: terms.placement)
        else {
            throw .refused("the worker has no memory for the \(role.rawValue), \(shape) numbers")
        }
        self.role = role
        self.type = type
        self.shape = shape
        self.memory = memory
        self.original = original
        self.order = order
        self.view = view
        description = .allocate(capacity: 1)
        description.initialize(to: convcheck_tensor())
        // What is not the tensor's: a signaling NaN in floating point, which no engine can use unseen.
        if view != nil { Unwritten(type).fill(memory.bytes) }
        describe(layout: role.layoutNumber(in: layouts))
    }

    deinit {
        description.deallocate()
    }

    /// A copy of an operand, which lies as `layouts` says.
    convenience init(
        _ role: Role, _ tensor: AnyTensor, in layouts: LayoutPair, _ terms: MemoryTerms
    ) throws(EngineRefusal) {
        let tensor = tensor.reordered(to: role.order(in: layouts))
        try self.init(role, tensor.type, shape: tensor.shape, in: layouts, original: tensor, terms)
        tensor.withElements { elements in
            if let view {
                view.scatter(elements, to: memory.bytes, size: type.size)
            } else {
                memory.bytes.copyMemory(from: elements)
            }
        }
    }

    /// Room for an answer, no element of which has been written.
    convenience init(
        answer problem: Problem, in layouts: LayoutPair, _ terms: MemoryTerms
    ) throws(EngineRefusal) {
        let type = problem.answerType
        try self.init(problem.operation.answer, type, shape: problem.answerShape, in: layouts, original: nil, terms)
        Unwritten(type).fill(memory.bytes)
    }

    /// A library's axes are those of the role, of which a bias has one.
    private func describe(layout: Int) {
        let strides = view?.strides ?? order.strides(of: shape)
        let axes = role == .bias ? [3] : [0, 1, 2, 3]
        let extents = axes.map { Int64(shape[$0]) } + [1, 1, 1]
        let steps = axes.map { Int64(strides[$0]) } + [0, 0, 0]
        description.pointee.size = UInt64(MemoryLayout<convcheck_tensor>.size)
        description.pointee.role = Int32(role.number)
        description.pointee.type = Int32(type.number)
        description.pointee.layout = Int32(layout)
        description.pointee.rank = Int32(axes.count)
        description.pointee.shape = (extents[0], extents[1], extents[2], extents[3])
        description.pointee.strides = (steps[0], steps[1], steps[2], steps[3])
        description.pointee.data = memory.bytes.baseAddress.map { $0 + (view?.origin ?? 0) * type.size }
    }

    /// The tensor, as the library left it.
    var tensor: AnyTensor {
        do throws(ExchangeFailure) {
            return try AnyTensor(type: type, shape: shape, order: order) { elements in
                withElements { elements.copyMemory(from: $0) }
            }
        } catch {
            preconditionFailure("copying does not fail: \(error)")
        }
    }

    /// Gives `body` the elements' bytes, dense, as the library left them.
    private func withElements<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        guard let view else { return body(UnsafeRawBufferPointer(memory.bytes)) }
        // Of the type's alignment, since it is looked at as whole elements.
        let dense = UnsafeMutableRawBufferPointer.allocate(byteCount: shape.count * type.size, alignment: type.size)
        defer { dense.deallocate() }
        view.gather(UnsafeRawBufferPointer(memory.bytes), to: dense, size: type.size)
        return body(UnsafeRawBufferPointer(dense))
    }

    /// Where a library wrote beside the elements, or `nil` where it did not.
    var trespass: MemoryTouch? {
        if let trespass = memory.trespass { return trespass }
        let pattern = Unwritten(type)
        let isChanged = view?.gaps(size: type.size).contains { gap in
            pattern.firstChange(in: UnsafeMutableRawBufferPointer(rebasing: memory.bytes[gap])) != nil
        }
        return isChanged == true ? MemoryTouch(.write, .between, role.rawValue, distance: 0) : nil
    }

    /// Where a library changed the elements of an operand, or `nil` where it did not.
    var change: String? {
        withElements { original?.change(of: role, to: $0) }
    }

    /// Which element of an answer was not written, or was made of what lay there before; `nil` where there is none.
    var omission: String? {
        let (name, pattern) = (role.rawValue, Unwritten(type))
        let (unwritten, used) = withElements { (pattern.unwritten(in: $0), pattern.used(in: $0)) }
        if let first = unwritten.first {
            return "\(name) element \(index(at: first)) was never written" + others(unwritten)
        }
        guard let first = used.first else { return nil }
        let between = view == nil ? "" : ", or from what lies between the rows of a tensor"
        return "\(name) element \(index(at: first)) was computed from what lay there before it was written\(between)"
            + others(used)
    }

    private func index(at offset: Int) -> String { order.index(of: offset, in: shape, as: role) }
}

/// On what terms a library is given memory.
struct MemoryTerms {
    /// Of which every address is a multiple, in bytes; at least an element's size.
    var alignment = 1
    var placement = GuardedMemory.Placement.end
    var view = TensorView.dense
}

private func others(_ places: [Int]) -> String {
    places.count == 1 ? "" : " (one of \(places.count))"
}

extension AxisOrder {
    /// The indices of an element in the axis order of the role, whatever the layout.
    fileprivate func index(of offset: Int, in shape: Shape, as role: Role) -> String {
        let indices = zip(strides(of: shape).list, shape.list).map { offset / max($0, 1) % max($1, 1) }
        return "\(role == .bias ? Array(indices.suffix(1)) : indices)"
    }
}

extension AnyTensor {
    /// Gives `body` the elements' bytes, where they lie.
    func withElements<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        func withElements(_ typed: some TypedTensor) -> Result { typed.tensor.elements.withUnsafeBytes(body) }
        return withElements(typed)
    }

    /// Where somebody changed the elements of this operand, which now are `bytes`, in words; `nil` where nobody did.
    func change(of role: Role, to bytes: UnsafeRawBufferPointer) -> String? {
        let size = type.size
        let changed = withElements { before in
            guard !before.isEmpty, memcmp(before.baseAddress!, bytes.baseAddress!, before.count) != 0 else {
                return [Int]()
            }
            return (0..<count).filter { place in
                let range = place * size..<(place + 1) * size
                return !before[range].elementsEqual(bytes[range])
            }
        }
        guard let first = changed.first,
            let now = AnyTensor(bytes: bytes, type: type, shape: shape, order: order)
        else { return nil }
        return "it changed its \(role.rawValue) at \(order.index(of: first, in: shape, as: role)) from "
            + "\(text(at: first)) to \(now.text(at: first))" + others(changed)
    }

    /// An element in words.
    fileprivate func text(at place: Int) -> String {
        func text(_ typed: some TypedTensor) -> String { "\(typed.tensor.elements[place])" }
        return text(typed)
    }
}
