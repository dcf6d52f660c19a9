internal import Conformance
internal import Convolution

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A failing case on the page: what its row in the list says, and what is shown when it is opened.
struct PageFailure {
    /// The row, which the page reads at once.
    struct Row: Encodable {
        var engine: Int
        var suite: String
        var id: String
        /// Where they are not the preferred ones.
        var layouts: String?
        var status: String
        var reason: String
        /// The places of the findings that it belongs to.
        var findings: [Int]
    }

    /// The rest, which the page reads when it is needed.
    struct Details: Encodable {
        struct Part: Encodable {
            var label: String
            var lines: [String]
            var isTable: Bool
        }

        var parts: [Part]
        var command: String
        var picture: PagePicture?
    }

    let row: Row
    let details: Details

    init(_ result: CaseResult, engine: Int, findings: [Int], run: RunHeader?, command: RepeatCommand) {
        row = Row(
            engine: engine, suite: SafeText.line(result.header.suite), id: SafeText.line(result.header.id),
            layouts: result.isPreferredLayout ? nil : result.layouts.description, status: result.status.rawValue,
            reason: SafeText.line(result.reason), findings: findings)
        let explanation = Explanation(result, run: run, command: command)
        details = Details(
            parts: explanation.parts.filter { !["repeat", "map"].contains($0.label) }.map {
                .init(label: $0.label, lines: $0.lines, isTable: !$0.isProse)
            },
            command: SafeText.printable(command.command(for: result, of: run)), picture: PagePicture(result))
    }
}

/// What the pictures of a failing case are drawn from.
struct PagePicture: Encodable {
    struct Values: Encodable {
        var shape: [Int]
        var type: String
        /// The elements in C order, little endian, in base64.
        var data: String

        init(_ tensor: AnyTensor) {
            (shape, type) = (tensor.shape.list, tensor.type.rawValue)
            data = Data(tensor.bytes).base64EncodedString()
        }
    }

    struct Wrong: Encodable {
        /// `bits` or `runs`, as in a record.
        var coding: String
        var data: String
        var covered: Int
    }

    /// The numbers by which an element's window is found; pairs are of rows and columns.
    struct Window: Encodable {
        var batch: Int
        var input: [Int]
        var kernel: [Int]
        var output: [Int]
        var strides: [Int]
        var dilations: [Int]
        /// Top and left.
        var pads: [Int]
        var groups: Int
        var channels: Int
        var filters: Int
    }

    var operation: String
    /// The role of the answer, its shape and the names of its axes.
    var role: String
    var shape: [Int]
    var axes: [String]
    var window: Window
    var wrong: Wrong?
    /// The index of the worst element.
    var worst: [Int]?
    var got: Values?
    var want: Values?
    var input: Values?
    var filter: Values?
    var bias: Values?
    var output: Values?

    /// The largest answer of which at least the wrong elements are drawn.
    private static let mostElements = 1 << 20

    /// `nil` where there is nothing to draw: no comparison, and no answer of the right shape.
    init?(_ result: CaseResult) {
        let problem = result.header.problem
        guard let geometry = try? problem.geometry() else { return nil }
        let answer = problem.operation.answer
        let shape = geometry.shape(of: answer)
        let kept = result.answer?.want == nil ? nil : result.answer
        guard kept != nil || result.verdict.comparison?.mask != nil, let count = shape.checkedCount, count > 0,
            count <= PagePicture.mostElements
        else { return nil }
        operation = problem.operation.rawValue
        (role, self.shape, axes) = (answer.rawValue, shape.list, answer.axes)
        window = Window(
            batch: geometry.batch, input: [geometry.height, geometry.width],
            kernel: [geometry.kernelHeight, geometry.kernelWidth],
            output: [geometry.outputHeight, geometry.outputWidth],
            strides: [geometry.strides.height, geometry.strides.width],
            dilations: [geometry.dilations.height, geometry.dilations.width],
            pads: [geometry.pads.top, geometry.pads.left], groups: geometry.groups, channels: geometry.channels,
            filters: geometry.filters)
        wrong = result.verdict.comparison?.mask.map {
            Wrong(coding: $0.coding.rawValue, data: Data($0.bytes).base64EncodedString(), covered: $0.covered)
        }
        worst = result.verdict.comparison?.worst.first?.index.list
        guard let kept else { return }
        got = Values(kept.tensor)
        want = kept.want.map { Values(.float64($0)) }
        let operands = kept.operands
        (input, filter) = (operands.input.map(Values.init), operands.filter.map(Values.init))
        (bias, output) = (operands.bias.map(Values.init), operands.output.map(Values.init))
    }
}
