internal import CConvcheckEngine
internal import Conformance
internal import Convolution

/// The zero points and scales of a tensor as a library is given them: lists of its own.
final class LibraryQuantization {
    /// What the library reads.
    let description: convcheck_quantization
    private let lists: [(name: GuardedMemory.Name, memory: GuardedMemory, content: [UInt8])]

    /// - Parameter parameters: `nil` for empty lists.
    /// - Throws: `EngineRefusal.refused` where they find no memory.
    init(
        _ role: Role, _ parameters: Quantization.Parameters?, placement: GuardedMemory.Placement
    ) throws(EngineRefusal) {
        var description = convcheck_quantization()
        guard let parameters else {
            (lists, self.description) = ([], description)
            return
        }
        func list<Number: BitwiseCopyable>(
            _ name: GuardedMemory.Name, _ numbers: [Number], _ type: ElementType
        ) throws(EngineRefusal) -> (name: GuardedMemory.Name, memory: GuardedMemory, content: [UInt8]) {
            let content = numbers.withUnsafeBytes { [UInt8]($0) }
            guard
                let memory = GuardedMemory(
                    name, count: content.count, of: type, alignment: type.size, placement: placement)
            else { throw .refused("the worker has no memory for the \(name.text)") }
            memory.bytes.copyBytes(from: content)
            return (name, memory, content)
        }
        let names: (GuardedMemory.Name, GuardedMemory.Name) =
            switch role {
            case .input, .bias: (.inputZeroPoints, .inputScales)
            case .filter: (.filterZeroPoints, .filterScales)
            case .output: (.outputZeroPoints, .outputScales)
            }
        let zeroPoints = try list(names.0, parameters.zeroPoints.map(Int32.init(clamping:)), .int32)
        let scales = try list(names.1, parameters.scales, .float32)
        lists = [zeroPoints, scales]
        description.zero_point_count = UInt64(parameters.zeroPoints.count)
        description.scale_count = UInt64(parameters.scales.count)
        if !zeroPoints.content.isEmpty {
            description.zero_points = UnsafePointer(zeroPoints.memory.bytes.bindMemory(to: Int32.self).baseAddress)
        }
        if !scales.content.isEmpty {
            description.scales = UnsafePointer(scales.memory.bytes.bindMemory(to: Float.self).baseAddress)
        }
        self.description = description
    }

    /// What a library did to the lists, which are not its to write, or `nil` where it did nothing.
    var damage: Cause? {
        for (name, memory, content) in lists {
            if let trespass = memory.trespass { return .touchedOutside(trespass) }
            if !memory.bytes.elementsEqual(content) { return .changedOperand("it changed the \(name.text)") }
        }
        return nil
    }
}
