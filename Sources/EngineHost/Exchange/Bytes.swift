internal import Conformance
internal import Convolution

extension Array {
    /// Gives `body` the elements' bytes, where they lie.
    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(ExchangeFailure) -> Result
    ) throws(ExchangeFailure) -> Result {
        try withUnsafeBytes { bytes in
            Swift.Result { () throws(ExchangeFailure) in try body(bytes) }
        }.get()
    }
}

extension Array where Element: BitwiseCopyable {
    /// An array whose elements `fill` writes in place.
    init(count: Int, fill: (UnsafeMutableRawBufferPointer) throws(ExchangeFailure) -> Void) throws(ExchangeFailure) {
        var failure: ExchangeFailure?
        self.init(unsafeUninitializedCapacity: count) { memory, initialized in
            do throws(ExchangeFailure) {
                try fill(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: memory[..<count])))
                initialized = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}

extension AnyTensor {
    /// A tensor whose elements `fill` writes in place, little endian.
    ///
    /// - Precondition: `shape` is a tensor's.
    init(
        type: ElementType, shape: Shape, order: AxisOrder = .logical,
        fill: (UnsafeMutableRawBufferPointer) throws(ExchangeFailure) -> Void
    ) throws(ExchangeFailure) {
        func filled<Element: TensorElement>(_: Element.Type) throws(ExchangeFailure) -> AnyTensor {
            AnyTensor(Tensor(shape: shape, order: order, elements: try [Element](count: shape.count, fill: fill)))
        }
        self = try filled(type.element)
    }

    /// Gives `body` the elements' bytes, where they lie, little endian.
    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(ExchangeFailure) -> Result
    ) throws(ExchangeFailure) -> Result {
        func withBytes(_ typed: some TypedTensor) throws(ExchangeFailure) -> Result {
            try typed.tensor.elements.withBytes(body)
        }
        return try withBytes(typed)
    }
}

extension Sequence<AnyTensor> {
    /// Gives `body` the bytes of a line and of these tensors behind it.
    func withBytes<Result>(
        after line: [UInt8], _ body: ([UnsafeRawBufferPointer]) throws(ExchangeFailure) -> Result
    ) throws(ExchangeFailure) -> Result {
        func withBytes(
            of tensors: ArraySlice<AnyTensor>, after pieces: [UnsafeRawBufferPointer]
        ) throws(ExchangeFailure) -> Result {
            guard let first = tensors.first else { return try body(pieces) }
            return try first.withBytes { bytes throws(ExchangeFailure) in
                try withBytes(of: tensors.dropFirst(), after: pieces + [bytes])
            }
        }
        return try line.withBytes { line throws(ExchangeFailure) in
            try withBytes(of: Array(self)[...], after: [line])
        }
    }
}

/// The beginning of bytes that nobody expected, in quotes and printable.
func excerpt(_ bytes: some Collection<UInt8>, atMost limit: Int = 120) -> String {
    var text = String(decoding: bytes.prefix(limit), as: UTF8.self).unicodeScalars.reduce(into: "") { text, scalar in
        text += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: false) : String(scalar)
    }
    if bytes.count > limit { text += "..." }
    return "'\(text)'"
}
