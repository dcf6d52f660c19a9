import Convolution
import Testing

/// Outputs published for problems too large to store, or whose shape is the point.
@Suite struct PublishedGeometry {
    /// A row of the table: stride and padding are the same for both axes.
    struct Row: CustomTestStringConvertible {
        let input: Shape
        let filter: Shape
        var stride = 1
        let padding: Padding
        let output: Shape

        var problem: Problem {
            Problem(input: input, filter: filter, strides: Extent(height: stride, width: stride), padding: padding)
        }
        var testDescription: String { problem.description }
    }

    static let table = [
        Row(input: [1, 3, 3, 5], filter: [1, 1, 5, 1], padding: .valid, output: [1, 3, 3, 1]),
        Row(input: [1, 3, 3, 5], filter: [3, 3, 5, 1], padding: .valid, output: [1, 1, 1, 1]),
        Row(input: [1, 5, 5, 5], filter: [3, 3, 5, 1], padding: .valid, output: [1, 3, 3, 1]),
        Row(input: [1, 5, 5, 5], filter: [3, 3, 5, 1], padding: .sameUpper, output: [1, 5, 5, 1]),
        Row(input: [1, 5, 5, 5], filter: [3, 3, 5, 7], padding: .sameUpper, output: [1, 5, 5, 7]),
        Row(input: [1, 5, 5, 5], filter: [3, 3, 5, 7], stride: 2, padding: .sameUpper, output: [1, 3, 3, 7]),
        Row(input: [10, 5, 5, 5], filter: [3, 3, 5, 7], stride: 2, padding: .sameUpper, output: [10, 3, 3, 7]),
        Row(input: [1, 10, 10, 10], filter: [2, 10, 10, 10], stride: 2, padding: .sameUpper, output: [1, 5, 5, 10]),
        Row(input: [1, 256, 256, 1], filter: [4, 4, 1, 1], stride: 2, padding: .valid, output: [1, 127, 127, 1]),
        Row(input: [1, 256, 256, 1], filter: [4, 4, 1, 1], stride: 2, padding: .sameUpper, output: [1, 128, 128, 1]),
        Row(input: [1, 128, 128, 3], filter: [8, 8, 3, 24], stride: 2, padding: .valid, output: [1, 61, 61, 24]),
        Row(input: [1, 61, 61, 24], filter: [8, 8, 24, 24], stride: 2, padding: .valid, output: [1, 27, 27, 24]),
        Row(input: [1, 27, 27, 24], filter: [8, 8, 24, 24], stride: 2, padding: .valid, output: [1, 10, 10, 24]),
        Row(input: [1, 25, 20, 7], filter: [5, 5, 7, 15], padding: .sameUpper, output: [1, 25, 20, 15]),
        Row(input: [1, 300, 300, 3], filter: [3, 3, 3, 32], padding: .valid, output: [1, 298, 298, 32]),
        Row(input: [1, 32, 32, 3], filter: [3, 3, 3, 32], padding: .sameUpper, output: [1, 32, 32, 32]),
        Row(input: [1, 28, 28, 1], filter: [5, 5, 1, 32], padding: .sameUpper, output: [1, 28, 28, 32]),
        Row(input: [1, 14, 14, 32], filter: [5, 5, 32, 64], padding: .sameUpper, output: [1, 14, 14, 64]),
        Row(input: [64, 100, 20, 32], filter: [4, 1, 32, 32], padding: .sameUpper, output: [64, 100, 20, 32]),
    ]

    @Test(arguments: table)
    func outputShape(row: Row) throws {
        #expect(try row.problem.geometry().outputShape == row.output)
    }

    @Test func oneDotProductFillsThe3x3Kernel() throws {
        #expect(try Self.table[1].problem.geometry().productsPerOutput == 45)
    }

    @Test func cornerOfSameSumsFourOfNineTaps() throws {
        let geometry = try Self.table[3].problem.geometry()
        let rows = (0..<3).compactMap { geometry.inputRow(0, $0) }
        let columns = (0..<3).compactMap { geometry.inputColumn(0, $0) }
        #expect(rows == [0, 1])
        #expect(columns == [0, 1])
    }

    @Test func layerWithBiasHas896Parameters() throws {
        var problem = Self.table[15].problem
        problem.biasCount = 32
        _ = try problem.geometry()
        #expect(problem.filter.count + 32 == 896)
    }

    @Test func evenKernelOfSamePadsTheEndMore() {
        #expect(Self.table[18].problem.pads == Pads(top: 1, bottom: 2, left: 0, right: 0))
    }
}

/// The geometry against its definition, counted out position by position.
@Suite struct GeometryByCounting {
    /// One axis of a problem.
    struct Axis {
        let input, kernel, stride, dilation: Int
        var span: Int { (kernel - 1) * dilation + 1 }

        func problem(_ padding: Padding) -> Problem {
            Problem(
                input: [1, input, 1, 1], filter: [kernel, 1, 1, 1], strides: Extent(height: stride, width: 1),
                dilations: Extent(height: dilation, width: 1), padding: padding)
        }

        static let all = (1...7).flatMap { input in
            (1...5).flatMap { kernel in
                (1...4).flatMap { stride in
                    (1...3).map { Axis(input: input, kernel: kernel, stride: stride, dilation: $0) }
                }
            }
        }
    }

    @Test func validAndExplicitCountTheWindowsThatFit() throws {
        for axis in Axis.all {
            for (before, after) in [(0, 0), (2, 1), (0, 3), (-1, 0), (-1, 2), (1, -1)] {
                let padded = axis.input + before + after
                let windows = stride(from: 0, to: max(padded, 0), by: axis.stride).count { $0 + axis.span <= padded }
                let problem = axis.problem(.explicit(Pads(top: before, bottom: after, left: 0, right: 0)))
                if windows == 0 {
                    #expect(throws: InvalidProblem.self, "\(problem)") { try problem.geometry() }
                } else {
                    #expect(try problem.geometry().outputHeight == windows, "\(problem)")
                }
            }
        }
    }

    @Test func samePadsAreTheLeastThatCoverTheInput() throws {
        for axis in Axis.all {
            let upper = try axis.problem(.sameUpper).geometry()
            let lower = try axis.problem(.sameLower).geometry()
            let starts = Array(stride(from: 0, to: axis.input, by: axis.stride))
            #expect(upper.outputHeight == starts.count)
            #expect(lower.outputHeight == starts.count)
            // The last window ends where the padding does, or before the input does and there is no padding.
            let total = upper.pads.top + upper.pads.bottom
            #expect(total == max(0, starts.last! + axis.span - axis.input))
            #expect((0...1).contains(upper.pads.bottom - upper.pads.top))
            #expect((lower.pads.top, lower.pads.bottom) == (upper.pads.bottom, upper.pads.top))
        }
    }

    @Test func inputRowsAreThoseUnderThePaddedKernel() throws {
        for axis in Axis.all {
            let pads = Pads(top: 2, bottom: 1, left: 0, right: 0)
            guard let geometry = try? axis.problem(.explicit(pads)).geometry() else { continue }
            let padded: [Int?] = [nil, nil] + Array(0..<axis.input) + [nil]
            for y in 0..<geometry.outputHeight {
                for ky in 0..<axis.kernel {
                    #expect(geometry.inputRow(y, ky) == padded[y * axis.stride + ky * axis.dilation])
                }
            }
        }
    }

    @Test func rowsAndColumnsAreNotConfused() throws {
        let tall = Problem(
            input: [2, 11, 5, 6], filter: [4, 2, 3, 8], strides: Extent(height: 3, width: 1),
            dilations: Extent(height: 2, width: 3), padding: .explicit(Pads(top: 1, bottom: 2, left: 3, right: 0)),
            groups: 2)
        let wide = Problem(
            input: [2, 5, 11, 6], filter: [2, 4, 3, 8], strides: Extent(height: 1, width: 3),
            dilations: Extent(height: 3, width: 2), padding: .explicit(Pads(top: 3, bottom: 0, left: 1, right: 2)),
            groups: 2)
        let (first, second) = (try tall.geometry(), try wide.geometry())
        #expect(first.outputShape == [2, 3, 5, 8])
        #expect(second.outputShape == [2, 5, 3, 8])
        for y in 0..<3 {
            for ky in 0..<4 { #expect(first.inputRow(y, ky) == second.inputColumn(y, ky)) }
        }
    }

    @Test func filtersSeeTheChannelsOfTheirGroup() throws {
        let geometry = try Problem(input: [1, 1, 1, 6], filter: [1, 1, 2, 9], groups: 3).geometry()
        #expect((0..<9).map(geometry.firstChannel(ofFilter:)) == [0, 0, 0, 2, 2, 2, 4, 4, 4])
        #expect(geometry.channelsPerGroup == 2)
        #expect(geometry.filtersPerGroup == 3)
    }
}

/// Extents of zero, and croppings.
@Suite struct DegenerateGeometry {
    @Test func emptyBatchHasAnEmptyOutput() throws {
        let geometry = try Problem(input: [0, 5, 4, 3], filter: [2, 3, 3, 7]).geometry()
        #expect(geometry.outputShape == [0, 4, 2, 7])
    }

    @Test func padsAloneCanBeConvolved() throws {
        let pads = Pads(top: 2, bottom: 1, left: 0, right: 0)
        let geometry = try Problem(input: [1, 0, 4, 2], filter: [3, 2, 2, 5], padding: .explicit(pads)).geometry()
        #expect(geometry.outputShape == [1, 1, 3, 5])
    }

    @Test(arguments: [Padding.sameUpper, .sameLower])
    func sameOfNothingIsNothing(padding: Padding) throws {
        let problem = Problem(input: [1, 0, 4, 2], filter: [3, 2, 2, 5], padding: padding)
        #expect(try problem.geometry().outputShape == [1, 0, 4, 5])
        // TensorFlow's formula: max((0 - 1) * 1 + 3 - 0, 0).
        #expect(problem.pads.top + problem.pads.bottom == 2)
    }

    @Test func noChannelsAndNoFilters() throws {
        #expect(try Problem(input: [1, 3, 3, 0], filter: [2, 2, 0, 4]).geometry().outputShape == [1, 2, 2, 4])
        #expect(try Problem(input: [1, 3, 3, 4], filter: [2, 2, 4, 0]).geometry().outputShape == [1, 2, 2, 0])
    }

    @Test func kernelAsLargeAsThePaddedInput() throws {
        let pads = Pads(top: 1, bottom: 0, left: 0, right: 2)
        let problem = Problem(
            input: [1, 6, 3, 1], filter: [4, 3, 1, 1], dilations: Extent(height: 2, width: 2),
            padding: .explicit(pads))
        #expect(try problem.geometry().outputShape == [1, 1, 1, 1])
    }

    @Test func negativePadsCrop() throws {
        let pads = Pads(top: -1, bottom: -2, left: -1, right: 1)
        let geometry = try Problem(input: [1, 6, 4, 1], filter: [2, 2, 1, 1], padding: .explicit(pads)).geometry()
        #expect(geometry.outputShape == [1, 2, 3, 1])
        #expect(geometry.inputRow(0, 0) == 1)
        #expect(geometry.inputRow(1, 1) == 3)
        #expect(geometry.inputColumn(2, 1) == nil)
    }

    /// Crops to nothing at one end and pads the other: every element is padding.
    @Test func cropBeyondTheInputLeavesPadding() throws {
        let pads = Pads(top: -5, bottom: 7, left: 0, right: 0)
        let geometry = try Problem(input: [1, 3, 1, 1], filter: [2, 1, 1, 1], padding: .explicit(pads)).geometry()
        #expect(geometry.outputHeight == 4)
        for y in 0..<4 { #expect(geometry.inputRow(y, 0) == nil) }
    }
}
