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

extension [Float] {
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

extension EngineRequest {
    /// The tensors of a forward convolution in float32, which is all that an engine outside can declare.
    var float32: (input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) {
        guard let tensors = operands.float32 else { preconditionFailure("\(problem) was given to an engine outside") }
        return tensors
    }

    /// Gives `body` the bytes of a line and of the tensors that follow it, in the order of the protocol.
    func withBytes<Result>(
        after line: [UInt8], _ body: ([UnsafeRawBufferPointer]) throws(ExchangeFailure) -> Result
    ) throws(ExchangeFailure) -> Result {
        let (input, filter, bias) = float32
        return try line.withBytes { line throws(ExchangeFailure) in
            try input.elements.withBytes { input throws(ExchangeFailure) in
                try filter.elements.withBytes { filter throws(ExchangeFailure) in
                    try (bias ?? []).withBytes { bias throws(ExchangeFailure) in
                        try body([line, input, filter, bias])
                    }
                }
            }
        }
    }
}
