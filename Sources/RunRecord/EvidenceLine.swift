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

/// What an engine answered.
struct AnswerLine: Codable {
    /// Of the answer, `[batch, output height, output width, filters]` for an output.
    var shape: [Int]
    var type: String
    /// The elements in C order, little endian, in base64.
    var data: String

    init(_ answer: KeptAnswer) {
        shape = answer.tensor.shape.list
        type = answer.tensor.type.rawValue
        data = Data(answer.tensor.bytes).base64EncodedString()
    }

    /// - Throws: ``InvalidLine``.
    func answer() throws -> KeptAnswer {
        let type = try choice(ElementType.self, type, "answer.type")
        guard let bytes = Data(base64Encoded: data),
            let tensor = AnyTensor(bytes: [UInt8](bytes), type: type, shape: try tensorShape(shape, "answer.shape")),
            let answer = KeptAnswer(tensor)
        else { throw InvalidLine("'answer' does not hold the elements of its shape") }
        return answer
    }
}
