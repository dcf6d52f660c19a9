import Convolution
import Testing

/// Problems without an output, and what is said of them.
@Suite struct InvalidProblems {
    /// A change to a valid problem that makes it invalid, and a part of the reason.
    struct Fault: CustomTestStringConvertible {
        let reason: String
        let change: @Sendable (inout Problem) -> Void

        init(_ reason: String, _ change: @escaping @Sendable (inout Problem) -> Void) {
            self.reason = reason
            self.change = change
        }
        var testDescription: String { reason }
    }

    static let valid = Problem(
        input: [2, 7, 9, 6], filter: [3, 2, 3, 4], biasCount: 4, strides: Extent(height: 2, width: 3),
        dilations: Extent(height: 1, width: 2), padding: .sameUpper, groups: 2)

    static let faults = [
        Fault("groups is 0, expected at least 1") { $0.groups = 0 },
        Fault("groups is -2, expected at least 1") { $0.groups = -2 },
        Fault("groups is \(Int.min)") { $0.groups = .min },
        Fault("stride (height) is 0") { $0.strides.height = 0 },
        Fault("stride (width) is -1") { $0.strides.width = -1 },
        Fault("dilation (height) is 0") { $0.dilations.height = 0 },
        Fault("dilation (width) is -3") { $0.dilations.width = -3 },
        Fault("kernel height is 0") { $0.filter[0] = 0 },
        Fault("kernel width is \(Int.min)") { $0.filter[1] = .min },
        Fault("batch is -1, expected at least 0") { $0.input[0] = -1 },
        Fault("height is -7") { $0.input[1] = -7 },
        Fault("width is \(Int.min)") { $0.input[2] = .min },
        Fault("channels is -6") { $0.input[3] = -6 },
        Fault("filters is -4") { $0.filter[3] = -4 },
        Fault("6 channels do not divide into 4 groups") { $0.groups = 4 },
        Fault("4 filters do not divide into 3 groups") {
            $0.groups = 3
            $0.filter[2] = 2
        },
        Fault("the filter has 4 channels, expected 6 / 2 groups = 3") { $0.filter[2] = 4 },
        Fault("filter channels is -1") { $0.filter[2] = -1 },
        Fault("there are 3 biases, expected one for each of 4 filters") { $0.biasCount = 3 },
        Fault("there are 0 biases") { $0.biasCount = 0 },
        Fault("there are -1 biases") { $0.biasCount = -1 },
        Fault("the dilated kernel spans 8, larger than the padded height 7") {
            $0.padding = .valid
            $0.filter[0] = 8
        },
        Fault("the dilated kernel spans 11, larger than the padded width 9") {
            $0.padding = .valid
            $0.dilations.width = 10
        },
        Fault("larger than the padded width -9") {
            $0.padding = .explicit(Pads(top: 0, bottom: 0, left: -9, right: -9))
        },
        Fault("larger than the padded height 0") {
            $0.padding = .valid
            $0.input[1] = 0
        },
        // Sizes beyond 64 bits.
        Fault("the dilated kernel leaves 64 bits") {
            $0.padding = .valid
            $0.dilations.width = .max
            $0.filter[1] = 3
        },
        Fault("has more elements than 64 bits count") { $0.input[0] = .max },
        Fault("has more elements than 64 bits count") { $0.input = [1 << 21, 1 << 21, 1 << 21, 6] },
        Fault("filter 3x\(Int.max)x3x4 has more elements than 64 bits count") { $0.filter[1] = .max },
        Fault("the pads of SAME_UPPER leave 64 bits") {
            $0.dilations = Extent(height: .max, width: .max)
        },
        Fault("the pads of SAME_LOWER leave 64 bits") {
            $0.padding = .sameLower
            $0.dilations.height = .max
        },
        Fault("leaves 64 bits") {
            $0.padding = .explicit(Pads(top: .max, bottom: .max, left: 0, right: 0))
        },
        Fault("leaves 64 bits") {
            $0.padding = .explicit(Pads(top: 0, bottom: 0, left: .min, right: .min))
        },
        Fault("leaves 64 bits") {
            $0.padding = .explicit(Pads(top: .min, bottom: .max, left: 0, right: 0))
        },
        Fault("leaves 64 bits") {
            $0.padding = .explicit(Pads(top: -.max, bottom: .max, left: 0, right: 0))
        },
        Fault("output 2x4x\(Int.max / 3)x4 has more elements than 64 bits count") {
            $0.padding = .explicit(Pads(top: 1, bottom: 1, left: 0, right: .max - 9))
        },
    ]

    @Test func theProblemThatIsChangedIsValid() throws {
        #expect(try Self.valid.geometry().outputShape == [2, 4, 3, 4])
    }

    @Test(arguments: faults)
    func isRefusedWithItsReason(fault: Fault) throws {
        var problem = Self.valid
        fault.change(&problem)
        let error = #expect(throws: InvalidProblem.self) { try problem.geometry() }
        #expect(error?.reason.contains(fault.reason) == true, "\(error?.reason ?? "valid")")
        // Whoever prints an invalid problem, or asks for its pads, gets an answer too.
        #expect(!problem.description.contains("output"))
        _ = problem.pads
    }

    /// No combination of extreme numbers crashes, and what is called valid can be computed with.
    @Test func extremeNumbersDoNotCrash() throws {
        let extremes = [Int.min, .min + 1, -1, 0, 1, 3, .max - 1, .max]
        let pads = extremes.flatMap { left in extremes.map { Pads(top: 0, bottom: 0, left: left, right: $0) } }
        let paddings = pads.map(Padding.explicit) + [.valid, .sameUpper, .sameLower]
        let axes = extremes.flatMap { kernel in
            extremes.flatMap { stride in extremes.map { (kernel: kernel, stride: stride, dilation: $0) } }
        }
        var valid = 0
        for axis in axes {
            for padding in paddings {
                for width in [0, 3, .max] {
                    let problem = Problem(
                        input: [1, 1, width, 1], filter: [1, axis.kernel, 1, 1],
                        strides: Extent(height: 1, width: axis.stride),
                        dilations: Extent(height: 1, width: axis.dilation), padding: padding)
                    guard let geometry = try? problem.geometry() else { continue }
                    valid += 1
                    for x in Set([0, geometry.outputWidth - 1]) where x >= 0 {
                        for kx in [0, axis.kernel - 1] { _ = geometry.inputColumn(x, kx) }
                    }
                }
            }
        }
        #expect(valid > 1000)
    }

    @Test func tensorsMustBeWhatTheProblemDescribes() {
        let problem = Problem(input: [1, 2, 2, 1], filter: [1, 1, 1, 3], biasCount: 3)
        func reason(_ input: Shape, _ filter: Shape, _ bias: [Float]?) -> String? {
            do {
                _ = try problem.geometry(
                    input: Tensor(repeating: 0, shape: input), filter: Tensor(repeating: 0, shape: filter), bias: bias)
                return nil
            } catch {
                return error.reason
            }
        }
        #expect(reason([1, 2, 2, 1], [1, 1, 1, 3], [1, 2, 3]) == nil)
        #expect(reason([1, 2, 1, 2], [1, 1, 1, 3], [1, 2, 3])?.contains("the input has the shape 1x2x1x2") == true)
        #expect(reason([1, 2, 2, 1], [1, 1, 3, 1], [1, 2, 3])?.contains("the filter has the shape 1x1x3x1") == true)
        #expect(reason([1, 2, 2, 1], [1, 1, 1, 3], [1, 2])?.contains("2 biases") == true)
        #expect(reason([1, 2, 2, 1], [1, 1, 1, 3], nil)?.contains("no bias") == true)
    }
}

@Suite struct EmptyOutputShapeTests {
    @Test func theAxisThatTheKernelReachesBeyondIsEmpty() {
        let kernel = Problem(input: [2, 3, 5, 1], filter: [4, 2, 1, 6], strides: Extent(height: 1, width: 2))
        #expect(kernel.emptyOutputShape == [2, 0, 2, 6])
        var dilated = Problem(input: [2, 3, 3, 1], filter: [2, 2, 1, 6], dilations: Extent(height: 3, width: 4))
        #expect(dilated.emptyOutputShape == [2, 0, 0, 6])
        dilated.padding = .explicit(Pads(top: 1, bottom: 0, left: 0, right: 1))
        #expect(dilated.emptyOutputShape == [2, 1, 0, 6])
    }

    @Test func nothingElseMayBeWrong() {
        let kernel = Problem(input: [2, 3, 5, 2], filter: [4, 2, 2, 6])
        let changes: [(inout Problem) -> Void] = [
            { $0.filter = [3, 2, 2, 6] }, { $0.groups = 0 }, { $0.groups = 2 }, { $0.strides.width = 0 },
            { $0.dilations.height = -1 }, { $0.biasCount = 5 }, { $0.filter[2] = 3 }, { $0.filter[0] = 0 },
            { $0.padding = .explicit(Pads(top: -2, bottom: -2, left: 0, right: 0)) }, { $0.padding = .sameUpper },
            { $0.dilations.width = .max },
        ]
        #expect(kernel.emptyOutputShape != nil)
        for change in changes {
            var problem = kernel
            change(&problem)
            #expect(problem.emptyOutputShape == nil, "\(problem)")
        }
    }
}
