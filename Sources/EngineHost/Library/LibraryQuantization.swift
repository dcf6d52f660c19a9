internal import CConvcheckEngine
internal import Conformance
internal import Convolution

/// The zero points and scales of a tensor as a library is given them: lists of its own between fences.
final class LibraryQuantization {
    /// What the library reads.
    let description: convcheck_quantization
    private let lists: [(name: String, memory: FencedMemory, content: [UInt8])]

    /// - Parameter parameters: `nil` for empty lists.
    /// - Throws: `EngineRefusal.refused` where they find no memory.
    init(_ role: Role, _ parameters: Quantization.Parameters?) throws(EngineRefusal) {
        func list<Number: BitwiseCopyable>(
            _ name: String, _ numbers: [Number]
        ) throws(EngineRefusal) -> (name: String, memory: FencedMemory, content: [UInt8]) {
            let content = numbers.withUnsafeBytes { [UInt8]($0) }
            guard let memory = FencedMemory(count: content.count) else {
                throw .refused("the worker has no memory for the \(role.rawValue)'s \(name)")
            }
            memory.bytes.copyBytes(from: content)
            return ("\(role.rawValue)'s \(name)", memory, content)
        }
        let zeroPoints = try list("zero points", parameters?.zeroPoints.map(Int32.init(clamping:)) ?? [])
        let scales = try list("scales", parameters?.scales ?? [])
        lists = [zeroPoints, scales]
        var description = convcheck_quantization()
        if let parameters {
            description.zero_point_count = UInt64(parameters.zeroPoints.count)
            description.scale_count = UInt64(parameters.scales.count)
            if !zeroPoints.content.isEmpty {
                description.zero_points = UnsafePointer(zeroPoints.memory.bytes.bindMemory(to: Int32.self).baseAddress)
            }
            if !scales.content.isEmpty {
                description.scales = UnsafePointer(scales.memory.bytes.bindMemory(to: Float.self).baseAddress)
            }
        }
        self.description = description
    }

    /// What a library did to the lists, which are not its to write, or `nil` where it did nothing.
    var damage: String? {
        for (name, memory, content) in lists {
            if let trespass = memory.trespass { return "it wrote \(trespass) of the \(name)" }
            if !memory.bytes.elementsEqual(content) { return "it changed the \(name)" }
        }
        return nil
    }
}
