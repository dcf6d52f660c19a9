internal import CConvcheckEngine
internal import Conformance
internal import Convolution
internal import Glibc

/// A float32 tensor as a library is given it: a description, and dense memory of its own between fences.
final class LibraryTensor {
    /// What the library reads.
    let description: UnsafeMutablePointer<convcheck_tensor>
    private let name: String
    /// In the axis order of the role.
    private let shape: [Int]
    private let strides: [Int]
    private let memory: FencedMemory

    /// - Parameters:
    ///   - name: in messages.
    ///   - shape: four extents in the axis order of the role, or one.
    ///   - strides: in elements, of a dense tensor.
    /// - Throws: `EngineRefusal.refused` where there is not so much memory.
    private init(_ name: String, role: Int, layout: Int, shape: [Int], strides: [Int]) throws(EngineRefusal) {
        let count = shape.contains(0) ? 0 : shape.reduce(1, *)
        guard let memory = FencedMemory(count: count * MemoryLayout<Float>.stride) else {
            throw .refused("the worker has no memory for the \(name), \(count) numbers")
        }
        self.name = name
        self.shape = shape
        self.strides = strides
        self.memory = memory
        var tensor = convcheck_tensor()
        tensor.size = UInt64(MemoryLayout<convcheck_tensor>.size)
        tensor.role = Int32(role)
        tensor.type = Int32(CONVCHECK_FLOAT32)
        tensor.layout = Int32(layout)
        tensor.rank = Int32(shape.count)
        let extents = shape.map(Int64.init) + [1, 1, 1]
        let steps = strides.map(Int64.init) + [0, 0, 0]
        tensor.shape = (extents[0], extents[1], extents[2], extents[3])
        tensor.strides = (steps[0], steps[1], steps[2], steps[3])
        tensor.data = memory.bytes.baseAddress
        description = .allocate(capacity: 1)
        description.initialize(to: tensor)
    }

    deinit {
        description.deallocate()
    }

    /// A copy of an operand of rank 4.
    convenience init(_ name: String, role: Int, layout: Int, _ tensor: Tensor<Float>) throws(EngineRefusal) {
        try self.init(name, role: role, layout: layout, shape: tensor.shape.list, strides: tensor.strides.list)
        fill(tensor.elements)
    }

    /// A copy of a bias.
    convenience init(bias: [Float]) throws(EngineRefusal) {
        try self.init("bias", role: CONVCHECK_BIAS, layout: CONVCHECK_DENSE, shape: [bias.count], strides: [1])
        fill(bias)
    }

    /// Room for an output, no element of which has been written.
    convenience init(output shape: Shape, order: AxisOrder, layout: Int) throws(EngineRefusal) {
        try self.init(
            "output", role: CONVCHECK_OUTPUT, layout: layout, shape: shape.list, strides: order.strides(of: shape).list)
        memory.bytes.bindMemory(to: UInt32.self).initialize(repeating: Unwritten.pattern)
    }

    private func fill(_ elements: [Float]) {
        elements.withUnsafeBytes { memory.bytes.copyMemory(from: $0) }
    }

    /// The elements, as they lie in memory.
    var elements: [Float] { Array(memory.bytes.bindMemory(to: Float.self)) }

    /// Where a library wrote beside the elements, or `nil` where it did not.
    var trespass: String? {
        memory.trespass.map { "it wrote \($0) of the \(name)" }
    }

    /// Where a library changed the elements, or `nil` where they are still those of an operand, `elements`.
    func change(from elements: [Float]) -> String? {
        let isSame = elements.withUnsafeBytes { before in
            before.isEmpty || memcmp(before.baseAddress!, memory.bytes.baseAddress!, before.count) == 0
        }
        if isSame { return nil }
        let now = self.elements
        let changed = elements.indices.filter { elements[$0].bitPattern != now[$0].bitPattern }
        guard let first = changed.first else { return nil }
        return "it changed its \(name) at \(index(at: first)) from \(elements[first]) to \(now[first])"
            + others(changed.count)
    }

    /// Which element of an output was not written, or was made of what lay there before; `nil` where there is none.
    var omission: String? {
        let bits = memory.bytes.bindMemory(to: UInt32.self)
        if let first = bits.firstIndex(of: Unwritten.pattern) {
            let count = bits.count { $0 == Unwritten.pattern }
            return "output element \(index(at: first)) was never written" + others(count)
        }
        guard let first = bits.firstIndex(where: Unwritten.isUsed) else { return nil }
        return "output element \(index(at: first)) was computed from what lay there before it was written"
            + others(bits.count(where: Unwritten.isUsed))
    }

    private func others(_ count: Int) -> String {
        count == 1 ? "" : " (one of \(count))"
    }

    /// The indices of an element in the axis order of the role, whatever the layout.
    private func index(at offset: Int) -> String {
        "\(zip(strides, shape).map { offset / $0 % $1 })"
    }
}

/// The content of an output before it is written: a signaling NaN, which no arithmetic gives.
private enum Unwritten {
    static let pattern: UInt32 = 0x7FA5_C3C3

    /// Whether a number was computed from ``pattern``: its quiet form, of either sign. IEEE 754-2019, 6.2.3: an operation keeps
    /// the payload of its NaN.
    static func isUsed(_ bits: UInt32) -> Bool {
        bits & 0x7FFF_FFFF == pattern | 0x0040_0000
    }
}
