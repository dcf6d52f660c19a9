internal import CConvcheckEngine
internal import Conformance
internal import Convolution
internal import Glibc

/// One call of a library's convolution, and what the library is given for it.
final class LibraryCall {
    private static let messageSize = 4096

    private let problem: Problem
    private let operands: [(tensor: LibraryTensor, elements: [Float])]
    private let answer: LibraryTensor
    private let answerShape: Shape
    private let order: AxisOrder
    private let messageMemory: FencedMemory
    private let engine: UnsafeMutablePointer<CChar>
    private var request = convcheck_request()

    /// - Throws: `EngineRefusal.refused` where the tensors find no memory.
    init(
        _ engine: String, _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws(EngineRefusal) {
        guard let layout = ActivationLayout(order: input.order), let filterLayout = FilterLayout(order: filter.order),
            let messageMemory = FencedMemory(count: LibraryCall.messageSize), let name = strdup(engine)
        else { throw .refused("the worker has no memory for a call") }
        self.problem = problem
        self.messageMemory = messageMemory
        self.engine = name
        order = input.order
        answerShape = problem.answerShape
        answer = try LibraryTensor(output: answerShape, order: input.order, layout: layout.number)
        let given = (
            input: try LibraryTensor("input", role: CONVCHECK_INPUT, layout: layout.number, input),
            filter: try LibraryTensor("filter", role: CONVCHECK_FILTER, layout: filterLayout.number, filter),
            bias: try bias.map { bias throws(EngineRefusal) in try LibraryTensor(bias: bias) }
        )
        operands =
            [(given.input, input.elements), (given.filter, filter.elements)]
            + (given.bias.map { [($0, bias ?? [])] } ?? [])
        messageMemory.bytes.initializeMemory(as: UInt8.self, repeating: 0)
        describe(problem)
        request.input = UnsafePointer(given.input.description)
        request.filter = UnsafePointer(given.filter.description)
        request.bias = given.bias.map { UnsafePointer($0.description) }
    }

    deinit {
        free(engine)
    }

    private func describe(_ problem: Problem) {
        request.size = UInt64(MemoryLayout<convcheck_request>.size)
        request.engine = UnsafePointer(engine)
        request.operation = Int32(CONVCHECK_FORWARD)
        request.padding = Int32(problem.padding.number)
        request.strides = (Int64(problem.strides.height), Int64(problem.strides.width))
        request.dilations = (Int64(problem.dilations.height), Int64(problem.dilations.width))
        let pads = problem.pads
        request.pads = (Int64(pads.top), Int64(pads.bottom), Int64(pads.left), Int64(pads.right))
        request.groups = Int64(problem.groups)
        request.answer = UnsafePointer(answer.description)
        request.message = messageMemory.bytes.bindMemory(to: CChar.self).baseAddress
        request.message_size = UInt64(LibraryCall.messageSize)
    }

    /// Calls the library's function.
    func perform(_ convolve: LoadedLibrary.Convolve) -> Int {
        Int(withUnsafePointer(to: request) { convolve($0) })
    }

    /// What the library did to memory that it may not write, or `nil` where it did nothing.
    var damage: String? {
        for tensor in operands.map(\.tensor) + [answer] {
            if let trespass = tensor.trespass { return trespass }
        }
        if let trespass = messageMemory.trespass { return "it wrote \(trespass) of the message" }
        return operands.lazy.compactMap { $0.tensor.change(from: $0.elements) }.first
    }

    /// What the library wrote as its message, or `nil` where it wrote nothing.
    var message: String? {
        // Without its 0, it ends where its memory ends.
        let text = messageMemory.bytes.dropLast().prefix { $0 != 0 }
        return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
    }

    /// How the library says that it computed its answer.
    func computation() throws(LibraryFailure) -> Computation {
        guard let message else { return Computation() }
        do throws(ExchangeFailure) {
            return try Wire.message(
                ComputationMessage.self, in: Array(message.utf8),
                expected: "no message with CONVCHECK_DONE, or how it was computed, such as {\"algorithm\":\"direct\"}"
            ).computation
        } catch {
            throw LibraryFailure("its message: \(error.text)")
        }
    }

    /// The answer.
    ///
    /// - Throws: ``LibraryFailure`` where an element of it was not written. An answer to an invalid problem is wrong as it is.
    func output() throws(LibraryFailure) -> Tensor<Float> {
        if (try? problem.geometry()) != nil, let omission = answer.omission { throw LibraryFailure(omission) }
        return Tensor(shape: answerShape, order: order, elements: answer.elements)
    }
}
