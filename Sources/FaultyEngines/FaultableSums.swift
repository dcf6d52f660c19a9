internal import Conformance
import Convolution

/// A convolution of any operation and any types whose every step can be spoiled.
///
/// It is right as it is made: each product is added to its element of the answer, one after the other, in float32 for
/// operands of up to 32 bits, in float64 for those of 64, exactly for whole numbers; padding adds nothing; the sum is rounded
/// to the answer's type. A fault changes the numbers that the loops run over, an operand, or one of the hooks, which are `nil`
/// where the step is done rightly.
struct FaultableSums {
    /// One product: output pixel, kernel tap, input pixel, filter, and channel within the group.
    struct Site {
        var n: Int
        var y: Int
        var x: Int
        var ky: Int
        var kx: Int
        /// The input row and column; in the padding outside of the image.
        var row: Int
        var column: Int
        var f: Int
        var c: Int
        /// The input channel.
        var channel: Int
    }

    let problem: Problem
    /// As the problem has it.
    let asked: Geometry

    // MARK: What the loops run over

    var strides: Extent
    var dilations: Extent
    var pads: Pads
    /// Images that take part.
    var images: Range<Int>
    /// Output rows and columns that take part.
    var rows: Range<Int>
    var columns: Range<Int>

    // MARK: Operands, in logical memory order

    /// The numbers as they are given, by role.
    var operands: [Role: Tensor<Double>]
    var bias: [Double]?
    /// What is subtracted from an input element, and from a weight of a filter.
    var inputZero: Double
    var filterZeros: [Double]
    /// What an element in the padding of the input is taken to be before its zero point is subtracted; `nil` where such a
    /// product is left out.
    var padValue: Double?
    var quantization: Quantization?

    // MARK: Hooks

    /// What is multiplied at a site; `nil` for nothing.
    var factors: ((_ site: Site, _ first: Double, _ second: Double) -> (Double, Double)?)?
    /// The element of the answer that a product is added to, along its axes; `nil` for none.
    var target: ((_ site: Site, _ index: Shape) -> Shape?)?
    /// The sum with one product more.
    var add: ((_ sum: Double, _ first: Double, _ second: Double) -> Double)?
    /// What becomes of an element's sum, bias included, before it is rounded to the type.
    var finish: ((_ index: Shape, _ sum: Double) -> Double)?
    /// How a quantized sum is scaled: by default by input scale * filter scale / output scale.
    var scale: ((_ f: Int) -> Double)?
    /// How a scaled sum is rounded: to nearest, ties to even, by default.
    var round: ((_ number: Double) -> Double)?
    /// How a number becomes one of the answer's type: the nearest, and the nearest end of its range, by default.
    var narrow: ((_ number: Double) -> Double)?

    /// - Throws: `InvalidProblem`.
    init(_ problem: Problem, _ operands: Operands) throws(InvalidProblem) {
        let geometry = try problem.geometry(of: operands)
        self.problem = problem
        asked = geometry
        (strides, dilations, pads) = (geometry.strides, geometry.dilations, geometry.pads)
        images = 0..<geometry.batch
        rows = 0..<geometry.outputHeight
        columns = 0..<geometry.outputWidth
        self.operands = [:]
        for role in problem.operation.factors {
            self.operands[role] = operands[role]?.doubles.reordered(to: .logical)
        }
        bias = operands.bias?.doubles.elements
        quantization = operands.quantization
        inputZero = Double(operands.quantization?.input.zeroPoints[0] ?? 0)
        filterZeros = (0..<geometry.filters).map { f in Double(operands.quantization?.filterZeroPoint(f) ?? 0) }
    }

    var operation: Operation { problem.operation }
    var type: ElementType { problem.types[operation.answer] }

    /// The answer.
    func computed() -> AnyTensor {
        let shape = asked.shape(of: operation.answer)
        var sums = [Double](repeating: 0, count: shape.count)
        if let bias { for place in sums.indices { sums[place] = bias[place % shape[3]] } }
        if !sums.isEmpty, operation == .biasGradient {
            addOutputs(to: &sums)
        } else if !sums.isEmpty {
            addProducts(to: &sums, shape)
        }
        for place in sums.indices {
            if let finish { sums[place] = finish(index(place, shape), sums[place]) }
            sums[place] = scaled(sums[place], filter: place % shape[3])
        }
        if let narrow { sums = sums.map(narrow) }
        return AnyTensor(nearest: sums, type: type, shape: shape)
    }

    /// A sum as a number of the answer, not yet rounded to its type: what a quantized one makes of it, the sum itself
    /// elsewhere.
    func scaled(_ sum: Double, filter f: Int) -> Double {
        guard let quantization, let output = quantization.output else { return sum }
        let usual = {
            Double(quantization.input.scales[0]) * Double(quantization.filterScale(f)) / Double(output.scales[0])
        }
        let number = sum * (scale?(f) ?? usual())
        return (round?(number) ?? number.rounded(.toNearestOrEven)) + Double(output.zeroPoints[0])
    }

    private func index(_ place: Int, _ shape: Shape) -> Shape {
        let (rest, l) = place.quotientAndRemainder(dividingBy: shape[3])
        let (row, k) = rest.quotientAndRemainder(dividingBy: shape[2])
        return Shape(row / shape[1], row % shape[1], k, l)
    }

    private func added(_ sum: Double, _ first: Double, _ second: Double) -> Double {
        if let add { return add(sum, first, second) }
        return type.format?.significandBits ?? 53 <= 24
            ? Double(Float(sum) + Float(first) * Float(second)) : sum + first * second
    }

    private func addOutputs(to sums: inout [Double]) {
        guard let output = operands[.output] else { return }
        for n in images {
            for y in rows {
                for x in columns {
                    for f in 0..<asked.filters {
                        let site = Site(n: n, y: y, x: x, ky: 0, kx: 0, row: 0, column: 0, f: f, c: 0, channel: 0)
                        var pair: (Double, Double)? = (output[n, y, x, f], 1)
                        if let factors { pair = factors(site, output[n, y, x, f], 1) }
                        var index: Shape? = Shape(0, 0, 0, f)
                        if let target { index = target(site, Shape(0, 0, 0, f)) }
                        if let pair, let index { sums[index[3]] = added(sums[index[3]], pair.0, pair.1) }
                    }
                }
            }
        }
    }

    private func addProducts(to sums: inout [Double], _ shape: Shape) {
        for n in images {
            for y in rows {
                for x in columns {
                    for ky in 0..<asked.kernelHeight {
                        let row = y * strides.height + ky * dilations.height - pads.top
                        for kx in 0..<asked.kernelWidth {
                            let column = x * strides.width + kx * dilations.width - pads.left
                            let isInside = row >= 0 && row < asked.height && column >= 0 && column < asked.width
                            if !isInside, operation != .forward || padValue == nil { continue }
                            addTap(
                                Site(
                                    n: n, y: y, x: x, ky: ky, kx: kx, row: row, column: column, f: 0, c: 0, channel: 0),
                                isInside: isInside, to: &sums, shape)
                        }
                    }
                }
            }
        }
    }

    /// Adds the products of one output pixel and one kernel tap: for every filter those of its channels.
    ///
    /// - Parameter site: of filter 0 and channel 0.
    private func addTap(_ site: Site, isInside: Bool, to sums: inout [Double], _ shape: Shape) {
        var site = site
        let taps = asked.channelsPerGroup
        // Where the channels begin: of the tap's filter row, and of the pixels. In the padding there are none to read.
        let weights = (site.ky * asked.kernelWidth + site.kx) * taps * asked.filters
        let pixel = ((site.n * asked.height + site.row) * asked.width + site.column) * asked.channels
        let outputs = ((site.n * asked.outputHeight + site.y) * asked.outputWidth + site.x) * asked.filters
        let (input, filter) = (operands[.input]?.elements ?? [], operands[.filter]?.elements ?? [])
        let output = operands[.output]?.elements ?? []
        let isPlain = factors == nil && target == nil
        for f in 0..<asked.filters {
            let first = asked.firstChannel(ofFilter: f)
            for c in 0..<taps {
                var pair: (Double, Double)
                var place: Int
                switch operation {
                case .forward:
                    let value = isInside ? input[pixel + first + c] : padValue ?? 0
                    pair = (value - inputZero, filter[weights + c * asked.filters + f] - filterZeros[f])
                    place = outputs + f
                case .inputGradient:
                    pair = (output[outputs + f], filter[weights + c * asked.filters + f])
                    place = pixel + first + c
                default:
                    pair = (input[pixel + first + c], output[outputs + f])
                    place = weights + c * asked.filters + f
                }
                if !isPlain {
                    (site.f, site.c, site.channel) = (f, c, first + c)
                    if let target {
                        guard let other = target(site, index(place, shape)), isWithin(other, shape) else { continue }
                        place = offset(other, shape)
                    }
                    if let factors {
                        guard let other = factors(site, pair.0, pair.1) else { continue }
                        pair = other
                    }
                }
                sums[place] = added(sums[place], pair.0, pair.1)
            }
        }
    }

    private func offset(_ index: Shape, _ shape: Shape) -> Int {
        ((index[0] * shape[1] + index[1]) * shape[2] + index[2]) * shape[3] + index[3]
    }

    private func isWithin(_ index: Shape, _ shape: Shape) -> Bool {
        (0..<4).allSatisfy { index[$0] >= 0 && index[$0] < shape[$0] }
    }
}

extension FaultableSums {
    /// An element of an operand at logical indices, 0 outside of it.
    func element(_ role: Role, _ i: Int, _ j: Int, _ k: Int, _ l: Int) -> Double {
        guard let tensor = operands[role], isWithin(Shape(i, j, k, l), tensor.shape) else { return 0 }
        return tensor[i, j, k, l]
    }

    /// Replaces every number of an operand.
    mutating func apply(_ role: Role, _ transform: (Double) -> Double) {
        operands[role] = operands[role]?.map(transform)
    }

    var isStrided: Bool { strides != .one }
    var isDilated: Bool { dilations != .one }
    var isGrouped: Bool { problem.groups > 1 }
    var isPadded: Bool { pads.list.contains { $0 > 0 } }
    /// Whether some padded rows or columns are beyond the last window.
    var hasLeftover: Bool {
        let padded = (asked.height + pads.top + pads.bottom, asked.width + pads.left + pads.right)
        let reach = (
            (asked.kernelHeight - 1) * dilations.height + 1, (asked.kernelWidth - 1) * dilations.width + 1
        )
        return (padded.0 - reach.0) % strides.height != 0 || (padded.1 - reach.1) % strides.width != 0
    }
}
