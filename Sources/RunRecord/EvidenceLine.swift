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
    /// `[n, y, x, f]`.
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
        got = Double(mismatch.got)
        allowed = mismatch.allowed
        ratio = mismatch.ratio
        ulp = mismatch.ulp
    }

    /// - Throws: ``InvalidLine``.
    func mismatch() throws -> Mismatch {
        guard got.isNaN || Double(Float(got)) == got else { throw InvalidLine("'worst.got' is \(got), no float32") }
        if let ulp, ulp < 0 { throw InvalidLine("'worst.ulp' is \(ulp), expected at least 0") }
        return Mismatch(
            kind: try choice(Mismatch.Kind.self, kind, "worst.kind"), index: try tensorShape(index, "worst.index"),
            want: want, got: Float(got), allowed: allowed, ratio: ratio, ulp: ulp)
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
    /// The indices of each axis at which there are wrong elements, as runs: first, last, first, last ...
    var batch: [Int]
    var row: [Int]
    var column: [Int]
    var filter: [Int]
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
        (batch, row, column, filter) = (runs(.batch), runs(.row), runs(.column), runs(.filter))
        border = location.border
    }

    /// - Throws: ``InvalidLine``.
    func location(in geometry: Geometry, total: Int) throws -> MismatchLocation {
        guard geometry.outputShape.list.allSatisfy({ $0 <= LocationLine.longestAxis }) else {
            throw InvalidLine("'where' is there, but an axis of the output is longer than \(LocationLine.longestAxis)")
        }
        let extents = geometry.outputShape.list
        let indices = try [batch, row, column, filter].enumerated().map { axis, runs in
            guard runs.count.isMultiple(of: 2), zip(runs, runs.dropFirst()).allSatisfy({ $0 <= $1 }),
                runs.allSatisfy({ (0..<extents[axis]).contains($0) })
            else { throw InvalidLine("'where' holds no runs of indices within the output") }
            return stride(from: 0, to: runs.count, by: 2).flatMap { Array(runs[$0]...runs[$0 + 1]) }
        }
        guard indices.allSatisfy({ $0.count <= LocationLine.longestAxis }),
            let location = MismatchLocation(geometry: geometry, indices: indices, total: total, border: border)
        else { throw InvalidLine("'where' contradicts 'mismatched' or the output's shape") }
        return location
    }
}

/// What an engine answered.
struct AnswerLine: Codable {
    /// `[batch, output height, output width, filters]`.
    var shape: [Int]
    /// The elements in C order, little endian, in base64.
    var float32: String

    init(_ answer: KeptAnswer) {
        shape = answer.shape.list
        float32 = Data(answer.elements.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } })
            .base64EncodedString()
    }

    /// - Throws: ``InvalidLine``.
    func answer() throws -> KeptAnswer {
        let bytes = Data(base64Encoded: float32).map { [UInt8]($0) } ?? [0]
        let elements = stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { place in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) })
        }
        guard bytes.count.isMultiple(of: 4),
            let answer = KeptAnswer(shape: try tensorShape(shape, "answer.shape"), elements: elements)
        else { throw InvalidLine("'answer' does not hold the elements of its shape") }
        return answer
    }
}
