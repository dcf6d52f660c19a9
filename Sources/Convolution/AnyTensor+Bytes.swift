extension AnyTensor {
    /// The elements' bytes, little endian, as they lie in memory; a bfloat16 has the two upper ones of the float32.
    public var bytes: [UInt8] {
        func bytes(_ tensor: some TypedTensor) -> [UInt8] {
            AnyTensor.littleEndian(tensor.tensor.elements.withUnsafeBytes { [UInt8]($0) }, size: type.size)
        }
        return bytes(typed)
    }

    /// A tensor from such bytes, or `nil` where there are not as many as the shape wants.
    public init?(bytes: some Collection<UInt8>, type: ElementType, shape: Shape, order: AxisOrder = .logical) {
        guard let count = shape.checkedCount, bytes.count == count * type.size else { return nil }
        func made<Element: TensorElement>(_: Element.Type) -> AnyTensor {
            let elements = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
                UnsafeMutableRawBufferPointer(buffer)
                    .copyBytes(from: AnyTensor.littleEndian([UInt8](bytes), size: type.size))
                initialized = count
            }
            return Element.erase(Tensor(shape: shape, order: order, elements: elements))
        }
        self = made(type.element)
    }

    /// Bytes of numbers from this machine's order to little endian, or back.
    private static func littleEndian(_ bytes: [UInt8], size: Int) -> [UInt8] {
        #if _endian(little)
            bytes
        #else
            stride(from: 0, to: bytes.count, by: size).flatMap { bytes[$0..<$0 + size].reversed() }
        #endif
    }
}
