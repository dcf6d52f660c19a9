import Convolution
import Testing
import _TestSupport

/// The runs against the definition: a loop over every output pixel, kernel tap, channel and filter.
@Suite struct ProductRunsTests {
    /// Indices of one product's elements in input, filter and output.
    private struct Product {
        let input: Shape
        let filter: Shape
        let output: Shape

        subscript(role: Role) -> Shape {
            switch role {
            case .input: input
            case .filter: filter
            case .output: output
            case .bias: [0, 0, 0, output[3]]
            }
        }
    }

    /// Every product of a convolution; not one in which a pad takes part.
    private static func products(_ problem: Problem, _ output: Shape) -> [Product] {
        let (input, filter, pads) = (problem.input, problem.filter, problem.pads)
        var products: [Product] = []
        for n in 0..<output[0] {
            for (y, x) in pairs(output[1], output[2]) {
                for (ky, kx) in pairs(filter[0], filter[1]) {
                    let row = y * problem.strides.height + ky * problem.dilations.height - pads.top
                    let column = x * problem.strides.width + kx * problem.dilations.width - pads.left
                    if row < 0 || column < 0 || row >= input[1] || column >= input[2] { continue }
                    for (c, f) in pairs(filter[2], filter[3]) {
                        let group = f / (filter[3] / problem.groups)
                        products.append(
                            Product(
                                input: [n, row, column, group * filter[2] + c], filter: [ky, kx, c, f],
                                output: [n, y, x, f]))
                    }
                }
            }
        }
        return products
    }

    private static func pairs(_ first: Int, _ second: Int) -> [(Int, Int)] {
        (0..<first).flatMap { i in (0..<second).map { (i, $0) } }
    }

    private static func offset(_ index: Shape, _ strides: Shape) -> Int {
        index[0] * strides[0] + index[1] * strides[1] + index[2] * strides[2] + index[3] * strides[3]
    }

    /// A product as the places of its elements in memory.
    private struct Places: Hashable, Comparable {
        let first: Int
        let second: Int

        static func < (left: Places, right: Places) -> Bool {
            (left.first, left.second) < (right.first, right.second)
        }
    }

    @Test(arguments: Convolution.Operation.allCases)
    func runsListTheProductsOfTheDefinitionInEveryMemoryOrder(operation: Convolution.Operation) throws {
        var random = RandomNumbers(seed: 33)
        for _ in 0..<25 {
            let problem = Problem.random(using: &random)
            let geometry = try problem.geometry()
            let orders = [
                AxisOrder([0, 1, 2, 3].shuffled(using: &random)), AxisOrder([0, 1, 2, 3].shuffled(using: &random)),
            ]
            let strides = zip(operation.factors, orders).map { $1.strides(of: geometry.shape(of: $0)) }
            let shape = geometry.shape(of: operation.answer)
            let answer = AxisOrder.logical.strides(of: shape)
            var want = [[Places]](repeating: [], count: shape.count)
            if operation == .biasGradient {
                // One product for each element of the output, with the number 1.
                for n in 0..<geometry.batch {
                    for (y, x) in Self.pairs(geometry.outputHeight, geometry.outputWidth) {
                        for f in 0..<geometry.filters {
                            want[f].append(Places(first: Self.offset([n, y, x, f], strides[0]), second: 0))
                        }
                    }
                }
            } else {
                for product in Self.products(problem, geometry.outputShape) {
                    let places = zip(operation.factors, strides).map { Self.offset(product[$0], $1) }
                    want[Self.offset(product[operation.answer], answer)]
                        .append(Places(first: places[0], second: places[1]))
                }
            }
            let runs = ProductRuns(geometry, operation, first: orders[0], second: orders[1])
            var wrong: [Shape] = []
            for (i, j) in Self.pairs(shape[0], shape[1]) {
                for (k, l) in Self.pairs(shape[2], shape[3]) {
                    var got: [Places] = []
                    runs.forEach(i, j, k, l) { run in
                        for turn in 0..<run.count {
                            got.append(
                                Places(
                                    first: run.first + turn * run.firstStep, second: run.second + turn * run.secondStep)
                            )
                        }
                    }
                    let wanted = want[Self.offset([i, j, k, l], answer)].sorted()
                    if got.sorted() != wanted || got.count > geometry.productsPerAnswer(of: operation) {
                        wrong.append([i, j, k, l])
                    }
                }
            }
            #expect(wrong.isEmpty, "\(operation.rawValue) of \(problem)")
        }
    }

    /// Elements along the third axis meet in sweeps what they meet in their runs, one after the other.
    @Test(arguments: [Convolution.Operation.forward, .inputGradient, .filterGradient])
    func sweepsListTheProductsOfTheRunsInTheirOrder(operation: Convolution.Operation) throws {
        var random = RandomNumbers(seed: 35)
        for _ in 0..<40 {
            let problem = Problem.random(using: &random)
            let geometry = try problem.geometry()
            let shape = geometry.shape(of: operation.answer)
            let runs = ProductRuns(
                geometry, operation, first: AxisOrder([0, 1, 2, 3].shuffled(using: &random)),
                second: AxisOrder([0, 1, 2, 3].shuffled(using: &random)))
            for (i, j) in Self.pairs(shape[0], shape[1]) {
                for l in 0..<shape[3] {
                    var swept = [[Places]](repeating: [], count: shape[2])
                    runs.forEachSweep(i, j, l) { sweep in
                        for turn in 0..<sweep.count {
                            swept[sweep.start + turn * sweep.step].append(
                                Places(first: sweep.first + turn * sweep.firstStep, second: sweep.second))
                        }
                    }
                    let want = (0..<shape[2]).map { k in
                        var places: [Places] = []
                        runs.forEach(i, j, k, l) { run in
                            for turn in 0..<run.count {
                                places.append(
                                    Places(
                                        first: run.first + turn * run.firstStep,
                                        second: run.second + turn * run.secondStep))
                            }
                        }
                        return places
                    }
                    #expect(swept == want, "\(operation.rawValue) of \(problem)")
                }
            }
        }
    }

    /// What is said to have the same runs has them, and of what lies inside all is said to.
    @Test(arguments: [1, 2]) func elementsThatAreAlikeHaveTheSameRuns(axis: Int) throws {
        var random = RandomNumbers(seed: 37)
        var count = 0
        for _ in 0..<60 {
            let problem = Problem.random(using: &random)
            let geometry = try problem.geometry()
            let shape = geometry.outputShape
            let runs = ProductRuns(
                geometry, .forward, first: AxisOrder([0, 1, 2, 3].shuffled(using: &random)),
                second: AxisOrder([0, 1, 2, 3].shuffled(using: &random)))
            func products(_ place: Int, _ other: Int) -> [Places] {
                var places: [Places] = []
                let (y, x) = axis == 1 ? (place, other) : (other, place)
                runs.forEach(shape[0] - 1, y, x, shape[3] - 1) { run in
                    for turn in 0..<run.count {
                        places.append(
                            Places(first: run.first + turn * run.firstStep, second: run.second + turn * run.secondStep))
                    }
                }
                return places
            }
            let alike = runs.alike(along: axis)
            for other in 0..<shape[3 - axis] {
                for place in alike.elements.dropFirst() {
                    let moved = products(place - 1, other).map {
                        Places(first: $0.first + alike.step, second: $0.second)
                    }
                    #expect(products(place, other) == moved, "\(problem)")
                    count += 1
                }
            }
            let taps = axis == 1 ? geometry.kernelHeight : geometry.kernelWidth
            let inside = (0..<shape[axis]).filter { place in
                (0..<taps).allSatisfy { tap in
                    (axis == 1 ? geometry.inputRow(place, tap) : geometry.inputColumn(place, tap)) != nil
                }
            }
            #expect(Array(alike.elements) == inside, "\(problem)")
        }
        #expect(count > 100)
    }

    /// The runs of an output come in the order of the kernel's rows, its columns, and the channels, joined or not.
    @Test func productsComeInTheOrderOfTheTaps() throws {
        var random = RandomNumbers(seed: 36)
        for _ in 0..<40 {
            let problem = Problem.random(using: &random)
            let geometry = try problem.geometry()
            let runs = ProductRuns(geometry, .forward)
            let shape = geometry.outputShape
            for (y, x) in Self.pairs(shape[1], shape[2]) {
                var taps: [Int] = []
                runs.forEach(0, y, x, 0) { run in
                    // In logical order the place in the filter grows with the tap and the channel.
                    for turn in 0..<run.count { taps.append(run.second + turn * run.secondStep) }
                }
                #expect(taps == taps.sorted(), "\(problem)")
            }
        }
    }

    /// An operation's answer in integers.
    private static func answer(
        _ geometry: Geometry, _ operation: Convolution.Operation, _ first: [Int], _ second: [Int]
    ) -> [Int] {
        let runs = ProductRuns(geometry, operation)
        return Tensor<Int>(shape: geometry.shape(of: operation.answer)) { i, j, k, l in
            var sum = 0
            runs.forEach(i, j, k, l) { run in
                for turn in 0..<run.count {
                    sum += first[run.first + turn * run.firstStep] * second[run.second + turn * run.secondStep]
                }
            }
            return sum
        }.elements
    }

    private static func product(_ first: [Int], _ second: [Int]) -> Int {
        zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// <conv(x, w), g> = <x, input gradient(g, w)> = <w, filter gradient(x, g)>, exactly.
    @Test func theGradientsAreAdjointToTheConvolution() throws {
        var random = RandomNumbers(seed: 34)
        for _ in 0..<60 {
            let geometry = try Problem.random(using: &random).geometry()
            func draw(_ role: Role) -> [Int] {
                (0..<geometry.shape(of: role).count).map { _ in Int.random(in: -9...9, using: &random) }
            }
            let (x, w, g) = (draw(.input), draw(.filter), draw(.output))
            let forward = Self.product(Self.answer(geometry, .forward, x, w), g)
            #expect(Self.product(x, Self.answer(geometry, .inputGradient, g, w)) == forward, "\(geometry)")
            #expect(Self.product(w, Self.answer(geometry, .filterGradient, x, g)) == forward, "\(geometry)")
            let ofBias: Int = Self.answer(geometry, .biasGradient, g, [1]).reduce(0, +)
            let ofOutput: Int = g.reduce(0, +)
            #expect(ofBias == ofOutput, "\(geometry)")
        }
    }

    /// What a kernel's row or column meets, from either side, by trying all.
    @Test func outputsMeetInputsWhereInputsMeetOutputs() throws {
        var random = RandomNumbers(seed: 35)
        for _ in 0..<150 {
            let problem = Problem.random(using: &random)
            let geometry = try problem.geometry()
            for ky in 0..<geometry.kernelHeight {
                for row in -1...geometry.height {
                    let meeting = (0..<geometry.outputHeight).filter {
                        $0 * geometry.strides.height + ky * geometry.dilations.height - geometry.pads.top == row
                    }
                    #expect([geometry.outputRow(row, ky)].compactMap(\.self) == meeting, "\(problem)")
                }
            }
            for kx in 0..<geometry.kernelWidth {
                for column in 0..<geometry.width {
                    let meeting = (0..<geometry.outputWidth).filter { geometry.inputColumn($0, kx) == column }
                    #expect([geometry.outputColumn(column, kx)].compactMap(\.self) == meeting, "\(problem)")
                }
                let meeting = (0..<geometry.outputWidth).filter { geometry.inputColumn($0, kx) != nil }
                #expect(Array(geometry.outputColumns(meeting: kx)) == meeting, "\(problem)")
            }
        }
    }

    /// A column of the kernel that lies over pads alone, or over cropped columns alone, meets nothing.
    @Test func columnsOverPadsAloneMeetNothing() throws {
        func meeting(_ left: Int, _ right: Int, kernel: Int, width: Int = 2, dilation: Int = 1) throws -> [Range<Int>] {
            let geometry = try Problem(
                input: [1, 1, width, 1], filter: [1, kernel, 1, 1], dilations: Extent(height: 1, width: dilation),
                padding: .explicit(Pads(top: 0, bottom: 0, left: left, right: right))
            ).geometry()
            return (0..<kernel).map { geometry.outputColumns(meeting: $0) }
        }
        #expect(try meeting(4, 4, kernel: 9).map(\.count) == [0, 0, 0, 1, 2, 1, 0, 0, 0])
        #expect(try meeting(1 << 40, 0, kernel: 1) == [1 << 40..<1 << 40 + 2])
        #expect(try meeting(-1, 0, kernel: 1) == [0..<1])
        #expect(try meeting(0, 1 << 40, kernel: 2, dilation: 1 << 40) == [0..<2, 0..<0])
    }
}
