import Conformance
import Convolution
import GoldenStore
import _TestSupport

/// Sound cases of several kinds, and files of them.
enum Samples {
    /// The one number of every filter made by `product`, found nowhere else in the file.
    static let weight: Float = 1447

    /// A case whose single product fills an output of `batch` images; long enough to be compressed where `batch` is.
    static func product(_ name: String, batch: Int = 1, bias: Bool = false, source: String? = nil) -> GoldenCase {
        let problem = Problem(
            input: [batch, 2, 3, 1], filter: [1, 1, 1, 1], biasCount: bias ? 1 : nil,
            strides: Extent(height: 2, width: 1), dilations: Extent(height: 1, width: 2), padding: .sameLower)
        let input = Tensor<Float>(shape: problem.input) { n, y, x, _ in Float((n + 1) * (y + 2) - x) }
        let expected = Tensor<Double>(shape: [batch, 1, 3, 1]) { n, y, x, _ in
            Double(input[n, 2 * y, x, 0] * weight + (bias ? 1 : 0))
        }
        let magnitude = Tensor<Float>(shape: expected.shape) { n, y, x, f in
            abs(input[n, 2 * y, x, 0]) * weight + (bias ? 1 : 0)
        }
        return GoldenCase(
            header: CaseHeader(
                suite: "sample", name: name, problem: problem, data: .integer, seed: .max, tags: ["a", "b-c"],
                note: "Catches nothing: größer.", source: source),
            input: input, filter: Tensor(repeating: weight, shape: problem.filter), bias: bias ? [1] : nil,
            output: GoldenCase.Output(expected: expected, magnitude: magnitude))
    }

    /// A problem that must be refused.
    static func rejection(_ name: String) -> GoldenCase {
        let problem = Problem(
            input: [1, 2, 2, 3], filter: [1, 1, 3, 1], padding: .explicit(Pads(top: 1, bottom: 2, left: 3, right: 4)),
            groups: 0)
        return GoldenCase(
            header: CaseHeader(
                suite: "sample", name: name, problem: problem, data: .real, expectation: .rejection, tags: []),
            input: Tensor(repeating: 1, shape: problem.input), filter: Tensor(repeating: 1, shape: problem.filter),
            output: nil)
    }

    /// A batch of none.
    static func empty(_ name: String) -> GoldenCase {
        let problem = Problem(input: [0, 2, 3, 1], filter: [1, 1, 1, 1])
        return GoldenCase(
            header: CaseHeader(suite: "sample", name: name, problem: problem, data: .integer),
            input: Tensor(repeating: 0, shape: problem.input), filter: Tensor(repeating: 1, shape: problem.filter),
            output: GoldenCase.Output(
                expected: Tensor(repeating: 0, shape: [0, 2, 3, 1]),
                magnitude: Tensor(repeating: 0, shape: [0, 2, 3, 1])))
    }

    static let cases = [
        product("bias", bias: true, source: "a report"), product("large", batch: 60), empty("none"),
        rejection("refused"),
    ]

    /// Writes `<suite>.h5`.
    static func write(
        _ cases: [GoldenCase] = Samples.cases, suite: String = "sample", to directory: TemporaryFolder
    ) throws {
        var writer = try SuiteWriter(
            creating: directory.file("\(suite).h5"), title: "Sample", description: "For tests.", generator: "tests 1")
        for golden in cases { try writer.append(golden) }
        try writer.finish()
    }
}

extension GoldenCase {
    /// Whether both hold the same, bit for bit.
    func isIdentical(to other: GoldenCase) -> Bool {
        header == other.header && input.isIdentical(to: other.input) && filter.isIdentical(to: other.filter)
            && bias?.map(\.bitPattern) == other.bias?.map(\.bitPattern)
            && (output == nil) == (other.output == nil)
            && (output?.expected.isIdentical(to: other.output?.expected) ?? true)
            && (output?.magnitude.isIdentical(to: other.output?.magnitude) ?? true)
    }
}

extension Tensor where Element: BinaryFloatingPoint {
    func isIdentical(to other: Tensor?) -> Bool {
        guard let other, shape == other.shape, order == other.order else { return false }
        return elements.withUnsafeBytes { mine in
            other.elements.withUnsafeBytes { mine.elementsEqual($0) }
        }
    }
}
