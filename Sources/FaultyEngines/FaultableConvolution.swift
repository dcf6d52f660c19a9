import Convolution

/// A direct convolution whose every step can be spoiled.
///
/// It is right as it is made: the textbook loops in float32, a tap in the padding adding nothing. A fault changes the
/// numbers that the loops run over, an operand, or one of the hooks, which are `nil` where the step is done rightly.
struct FaultableConvolution {
    // MARK: What the loops run over

    var batch: Int
    var height: Int
    var width: Int
    var channels: Int
    var kernelHeight: Int
    var kernelWidth: Int
    var filters: Int
    var groups: Int
    var strides: Extent
    var dilations: Extent
    var pads: Pads
    var outputHeight: Int
    var outputWidth: Int
    /// How the padding was asked for.
    let padding: Padding

    // MARK: Operands

    var input: Operand
    var filter: Operand
    var bias: [Float]?
    /// What the engine keeps between calls.
    var memory = EngineMemory()

    // MARK: Where taps are read

    /// The image of the batch that is read for image `n`.
    var inputImage: ((_ n: Int) -> Int)?
    /// The input row that is read for output row `y` and kernel row `ky`, `nil` for the padding.
    ///
    /// `row` is where the tap lies, below 0 or beyond the last row where that is in the padding.
    var inputRow: ((_ y: Int, _ ky: Int, _ row: Int) -> Int?)?
    /// Likewise for columns.
    var inputColumn: ((_ x: Int, _ kx: Int, _ column: Int) -> Int?)?
    /// The input channel that filter `f` reads as its channel `c`.
    var inputChannel: ((_ f: Int, _ c: Int) -> Int)?
    /// The weight that is used as the one at kernel row `ky`, kernel column `kx`, channel `c` of filter `f`.
    var weight: ((_ ky: Int, _ kx: Int, _ c: Int, _ f: Int) -> Float)?
    /// What is read in the padding; where it is `nil`, taps in the padding are skipped.
    var padValue: Float?

    // MARK: Arithmetic

    /// The input element that is used at a tap instead of the one read.
    var tap: ((_ tap: Tap, _ value: Float) -> Float)?
    /// The product of an input element and a weight.
    var multiply: ((_ value: Float, _ weight: Float) -> Float)?
    /// The sum of one element's products, in the order of kernel row, kernel column, channel.
    var sum: ((_ products: UnsafeBufferPointer<Float>) -> Float)?
    /// The output element that is stored instead of the computed one, bias included.
    var element: ((_ place: Place, _ value: Float) -> Float)?
    /// The output that is returned instead of the computed one.
    var output: ((_ output: inout Tensor<Float>) -> Void)?

    init(_ geometry: Geometry, padding: Padding, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?) {
        batch = geometry.batch
        height = geometry.height
        width = geometry.width
        channels = geometry.channels
        kernelHeight = geometry.kernelHeight
        kernelWidth = geometry.kernelWidth
        filters = geometry.filters
        groups = geometry.groups
        strides = geometry.strides
        dilations = geometry.dilations
        pads = geometry.pads
        outputHeight = geometry.outputHeight
        outputWidth = geometry.outputWidth
        self.padding = padding
        self.input = Operand(input)
        self.filter = Operand(filter)
        self.bias = bias
    }
}

/// A tensor as a kernel sees it: raw elements, and strides that can be wrong.
struct Operand {
    var tensor: Tensor<Float>
    /// The distance in elements between neighbours along each logical axis.
    var strides: Shape
    /// Where the first element is taken to lie.
    var start = 0
    /// What lies before the first and behind the last element.
    var beyond: Float = 0

    init(_ tensor: Tensor<Float>) {
        self.tensor = tensor
        self.strides = tensor.strides
    }

    var shape: Shape { tensor.shape }
    var order: AxisOrder { tensor.order }

    /// The element at logical indices, wherever the strides lead.
    subscript(first: Int, second: Int, third: Int, fourth: Int) -> Float {
        let offset = start + first * strides[0] + second * strides[1] + third * strides[2] + fourth * strides[3]
        return tensor.elements.indices.contains(offset) ? tensor.elements[offset] : beyond
    }

    /// Whether no element is NaN or infinite.
    var isFinite: Bool { tensor.elements.allSatisfy(\.isFinite) }

    /// Replaces every element.
    mutating func apply(_ transform: (Float) -> Float) {
        for offset in tensor.elements.indices {
            tensor.elements[offset] = transform(tensor.elements[offset])
        }
    }
}

/// One product of one output element.
struct Tap {
    var place: Place
    var ky: Int
    var kx: Int
    /// The channel within the group.
    var c: Int
}

/// One output element: image, row, column, filter.
struct Place {
    var n: Int
    var y: Int
    var x: Int
    var f: Int
}
