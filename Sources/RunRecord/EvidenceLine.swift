internal import Conformance
internal import Convolution

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// One of the worst elements of an answer.
struct MismatchLine: Codable {
    var kind: String
    /// Along the answer's axes, `[n, y, x, f]` for an output.
    var index: [Int]
    var want: Double
    var got: Double
    var allowed: Double
    var ratio: Double
    var ulp: Int?

    init(_ mismatch: Mismatch) {
        kind = mismatch.kind.rawValue
        index = mismatch.index.list
        want = mismatch.want
        got = mismatch.got
        allowed = mismatch.allowed
        ratio = mismatch.ratio
        ulp = mismatch.ulp
    }

    /// - Throws: ``InvalidLine``.
    ///
    /// - Parameter type: of the answer.
    func mismatch(type: ElementType) throws -> Mismatch {
        let nearest = AnyTensor(nearest: [got], type: type, shape: [1, 1, 1, 1]).doubles.elements[0]
        guard got.isNaN && type.format != nil || nearest == got else {
            throw InvalidLine("'worst.got' is \(got), no \(type.rawValue)")
        }
        if let ulp, ulp < 0 { throw InvalidLine("'worst.ulp' is \(ulp), expected at least 0") }
        return Mismatch(
            kind: try choice(Mismatch.Kind.self, kind, "worst.kind"), index: try tensorShape(index, "worst.index"),
            want: want, got: got, type: type, allowed: allowed, ratio: ratio, ulp: ulp)
    }
}

/// Which elements of an answer are wrong, from the first on, in base64.
struct MaskLine: Codable {
    var covered: Int
    var bits: String?
    var runs: String?

    init(_ mask: ElementMask) {
        covered = mask.covered
        let text = Data(mask.bytes).base64EncodedString()
        switch mask.coding {
        case .bits: bits = text
        case .runs: runs = text
        }
    }

    /// - Throws: ``InvalidLine``.
    func mask() throws -> ElementMask {
        guard (bits == nil) != (runs == nil) else { throw InvalidLine("'wrong' has either 'bits' or 'runs'") }
        guard let bytes = Data(base64Encoded: bits ?? runs ?? ""),
            let mask = ElementMask(coding: bits == nil ? .runs : .bits, bytes: [UInt8](bytes), covered: covered)
        else { throw InvalidLine("'wrong' is no mask of \(covered) elements") }
        return mask
    }
}

/// Where the wrong elements of an answer lie.
struct LocationLine: Codable {
    /// The indices of each of the answer's four axes at which there are wrong elements, as runs: first, last, first, last ...
    var axes: [[Int]]
    /// How many wrong elements have a window that reaches into the padding.
    var border: Int

    /// The longest axis whose indices are recorded.
    static let longestAxis = 1 << 20

    /// `nil` where an axis is too long.
    init?(_ location: MismatchLocation) {
        guard location.shape.list.allSatisfy({ $0 <= LocationLine.longestAxis }) else { return nil }
        func runs(_ axis: MismatchLocation.Axis) -> [Int] {
            var runs: [Int] = []
            for index in location.indices(axis) {
                if let last = runs.last, last == index - 1 {
                    runs[runs.count - 1] = index
                } else {
                    runs += [index, index]
                }
            }
            return runs
        }
        axes = MismatchLocation.Axis.allCases.map(runs)
        border = location.border
    }

    /// - Throws: ``InvalidLine``.
    func location(in region: AnswerRegion, total: Int) throws -> MismatchLocation {
        let extents = region.geometry.shape(of: region.role).list
        guard axes.count == extents.count else { throw InvalidLine("'where' has \(axes.count) axes, expected 4") }
        guard extents.allSatisfy({ $0 <= LocationLine.longestAxis }) else {
            throw InvalidLine("'where' is there, but an axis of the answer is longer than \(LocationLine.longestAxis)")
        }
        let indices = try axes.enumerated().map { axis, runs in
            guard runs.count.isMultiple(of: 2), zip(runs, runs.dropFirst()).allSatisfy({ $0 <= $1 }),
                runs.allSatisfy({ (0..<extents[axis]).contains($0) })
            else { throw InvalidLine("'where' holds no runs of indices within the answer") }
            return stride(from: 0, to: runs.count, by: 2).flatMap { Array(runs[$0]...runs[$0 + 1]) }
        }
        guard indices.allSatisfy({ $0.count <= LocationLine.longestAxis }),
            let location = MismatchLocation(in: region, indices: indices, total: total, border: border)
        else { throw InvalidLine("'where' contradicts 'mismatched' or the answer's shape") }
        return location
    }
}

/// A tensor with its elements.
struct TensorLine: Codable {
    /// In logical order.
    var shape: [Int]
    var type: String
    /// The elements in C order, little endian, in base64.
    var data: String

    init(_ tensor: AnyTensor) {
        shape = tensor.shape.list
        type = tensor.type.rawValue
        data = Data(tensor.bytes).base64EncodedString()
    }

    /// - Throws: ``InvalidLine``.
    func tensor(_ field: String) throws -> AnyTensor {
        let type = try choice(ElementType.self, type, "\(field).type")
        guard let bytes = Data(base64Encoded: data),
            let tensor = AnyTensor(bytes: [UInt8](bytes), type: type, shape: try tensorShape(shape, "\(field).shape"))
        else { throw InvalidLine("'\(field)' does not hold the elements of its shape") }
        return tensor
    }
}

/// The tensors of a case that an engine answered wrongly.
struct EvidenceLine: Codable {
    /// What the engine answered, of the shape `[batch, output height, output width, filters]` for an output.
    var got: TensorLine
    /// What was wanted, in float64.
    var want: TensorLine?
    /// What was given, by role.
    var input: TensorLine?
    var filter: TensorLine?
    var bias: TensorLine?
    var output: TensorLine?

    init(_ answer: KeptAnswer) {
        got = TensorLine(answer.tensor)
        want = answer.want.map { TensorLine(.float64($0)) }
        let operands = answer.operands
        (input, filter) = (operands.input.map(TensorLine.init), operands.filter.map(TensorLine.init))
        (bias, output) = (operands.bias.map(TensorLine.init), operands.output.map(TensorLine.init))
    }

    /// - Throws: ``InvalidLine``.
    func answer(to header: CaseHeader) throws -> KeptAnswer {
        var operands = Operands()
        for (role, line) in [(Role.input, input), (.filter, filter), (.bias, bias), (.output, output)] {
            operands[role] = try line?.tensor("tensors.\(role.rawValue)")
        }
        let wanted = try want?.tensor("tensors.want")
        if let wanted, wanted.type != .float64 { throw InvalidLine("'tensors.want' is no float64") }
        // Operands that no engine may take need not be those that the problem describes.
        if header.expectation == .output, wanted != nil || operands != Operands() {
            try check(wanted, operands, header.problem)
        }
        guard
            let answer = KeptAnswer(
                try got.tensor("tensors.got"), want: wanted.map(\.doubles), operands: operands)
        else {
            throw InvalidLine("'tensors' has more elements than a record keeps, or 'want' another shape than 'got'")
        }
        return answer
    }

    /// - Throws: ``InvalidLine`` where a tensor is not what the problem describes; of an invalid one nothing is described.
    private func check(_ want: AnyTensor?, _ operands: Operands, _ problem: Problem) throws {
        guard let geometry = try? problem.geometry() else { return }
        func check(_ field: String, _ got: Shape?, _ role: Role) throws {
            let shape =
                role == .bias && problem.operation.answer != .bias
                ? [1, 1, 1, problem.biasCount ?? 0] : geometry.shape(of: role)
            if let got, got != shape {
                throw InvalidLine("'tensors.\(field)' has the shape \(got), the problem describes \(shape)")
            }
        }
        try check("want", want?.shape, problem.operation.answer)
        for role in Role.allCases { try check(role.rawValue, operands[role]?.shape, role) }
    }
}
