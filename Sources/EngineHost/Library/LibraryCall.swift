internal import CConvcheckEngine
internal import Conformance
internal import Convolution
internal import Glibc

/// One call of a library's convolution, and what the library is given for it.
final class LibraryCall {
    private static let messageSize = 4096

    private let problem: Problem
    private var operands: [LibraryTensor]
    private let quantization: [LibraryQuantization]
    private let answer: LibraryTensor
    private let messageMemory: GuardedMemory
    private let engine: UnsafeMutablePointer<CChar>
    private var request = convcheck_request()

    /// - Throws: `EngineRefusal.refused` where the tensors find no memory.
    init(_ engine: String, _ given: EngineRequest, alignment: Int) throws(EngineRefusal) {
        let terms = MemoryTerms(alignment: alignment, placement: given.placement, view: given.view)
        guard
            let messageMemory = GuardedMemory(
                .message, count: LibraryCall.messageSize, of: .uint8, alignment: 1, placement: terms.placement),
            let name = strdup(engine)
        else { throw .refused("the worker has no memory for a call") }
        self.messageMemory = messageMemory
        self.engine = name
        problem = given.problem
        answer = try LibraryTensor(answer: given.problem, in: given.layouts, terms)
        var operands: [LibraryTensor] = []
        for (role, tensor) in given.tensors {
            operands.append(try LibraryTensor(role, tensor, in: given.layouts, terms))
        }
        self.operands = operands
        let parameters = given.operands.quantization
        quantization = [
            try LibraryQuantization(.input, parameters?.input, placement: terms.placement),
            try LibraryQuantization(.filter, parameters?.filter, placement: terms.placement),
            try LibraryQuantization(.output, parameters?.output, placement: terms.placement),
        ]
        messageMemory.bytes.initializeMemory(as: UInt8.self, repeating: 0)
        describeProblem()
        describeTensors()
    }

    deinit {
        free(engine)
    }

    private func describeProblem() {
        request.size = UInt64(MemoryLayout<convcheck_request>.size)
        request.engine = UnsafePointer(engine)
        request.operation = Int32(problem.operation.number)
        request.padding = Int32(problem.padding.number)
        request.strides = (Int64(problem.strides.height), Int64(problem.strides.width))
        request.dilations = (Int64(problem.dilations.height), Int64(problem.dilations.width))
        let pads = problem.pads
        request.pads = (Int64(pads.top), Int64(pads.bottom), Int64(pads.left), Int64(pads.right))
        request.groups = Int64(problem.groups)
        request.message = messageMemory.bytes.bindMemory(to: CChar.self).baseAddress
        request.message_size = UInt64(LibraryCall.messageSize)
    }

    private func describeTensors() {
        func operand(_ role: Role) -> UnsafePointer<convcheck_tensor>? {
            operands.first { $0.role == role }.map { UnsafePointer($0.description) }
        }
        request.input = operand(.input)
        request.filter = operand(.filter)
        request.bias = operand(.bias)
        request.output = operand(.output)
        request.answer = UnsafePointer(answer.description)
        request.input_quantization = quantization[0].description
        request.filter_quantization = quantization[1].description
        request.output_quantization = quantization[2].description
    }

    /// Calls the library's function.
    func perform(_ convolve: LoadedLibrary.Convolve) -> Int {
        Int(withUnsafePointer(to: request) { convolve($0) })
    }

    /// What the library did to memory that it may not write, or `nil` where it did nothing.
    var damage: Cause? {
        for tensor in operands + [answer] {
            if let trespass = tensor.trespass { return .touchedOutside(trespass) }
        }
        if let trespass = messageMemory.trespass { return .touchedOutside(trespass) }
        return operands.lazy.compactMap(\.change).first.map { .changedOperand($0) }
            ?? quantization.lazy.compactMap(\.damage).first
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

    /// The answer; the operands' memory is given back first.
    ///
    /// - Throws: ``EngineViolation`` where an element of it was not written. An answer to an invalid problem is wrong as it is.
    func tensor() throws(EngineViolation) -> AnyTensor {
        if (try? problem.geometry()) != nil, let omission = answer.omission {
            throw EngineViolation(.unwritten(omission))
        }
        operands = []
        return answer.tensor
    }
}

extension EngineRequest {
    /// Which side of its tensors lies against a page: a fixed choice by the problem (FNV-1a), and the other one where it is
    /// asked again.
    fileprivate var placement: GuardedMemory.Placement {
        let numbers =
            problem.input.list + problem.filter.list + problem.pads.list + [problem.strides.width, problem.groups]
        let hash = numbers.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64(truncatingIfNeeded: $1)) &* 0x100_0000_01b3
        }
        let placement: GuardedMemory.Placement = hash >> 32 & 1 == 0 ? .end : .start
        return attempt % 2 == 0 ? placement : placement.other
    }
}
