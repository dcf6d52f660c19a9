public import Conformance
public import Convolution
internal import ExactArithmetic

/// Winograd's minimal filtering in float32: 3x3 kernels at stride 1 and dilation 1, with every pad, group and bias.
///
/// Input tiles and filters are transformed, multiplied element by element and summed over the channels, and the sums
/// are transformed back to tiles of outputs; see ``WinogradTransform`` for the matrices and their source. Other
/// kernels, strides and dilations are refused as unsupported. What is not finite spreads over its tiles.
public struct WinogradEngine: Engine, Sendable {
    /// How many outputs a tile has.
    public enum OutputTile: Hashable, Sendable {
        /// F(2x2, 3x3): 2.25 times fewer multiplications than the definition.
        case twoByTwo
        /// F(4x4, 3x3): 4 times fewer, with rounding errors an order of magnitude larger.
        case fourByFour
    }

    private let size: Int
    private let tile: Int
    private let inputMatrix: TileMatrix
    private let filterMatrix: TileMatrix
    private let outputMatrix: TileMatrix

    public init(outputTile: OutputTile) {
        let transform =
            switch outputTile {
            case .twoByTwo: WinogradTransform.twoByTwo
            case .fourByFour: WinogradTransform.fourByFour
            }
        size = transform.outputTile
        tile = transform.inputTile
        inputMatrix = TileMatrix(transform.input)
        filterMatrix = TileMatrix(transform.filter, over: transform.filterDenominator)
        outputMatrix = TileMatrix(transform.output)
    }

    public var capabilities: Capabilities {
        var capabilities = Capabilities.everyLayout
        capabilities.algorithm = .winograd
        capabilities.tile = Extent(height: size, width: size)
        capabilities.dilations = false
        return capabilities
    }

    public func convolve(
        _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
    ) throws -> Tensor<Float> {
        let geometry = try problem.geometry(input: input, filter: filter, bias: bias)
        let kernel = Extent(height: geometry.kernelHeight, width: geometry.kernelWidth)
        guard kernel == Extent(height: 3, width: 3), geometry.strides == .one, geometry.dilations == .one else {
            throw EngineRefusal.unsupported(
                "F(\(size)x\(size), 3x3) is for 3x3 kernels at stride 1 and dilation 1 only")
        }
        var output = Tensor<Float>(shape: geometry.outputShape) { _, _, _, f in bias?[f] ?? 0 }
        if output.elements.isEmpty || geometry.productsPerOutput == 0 { return output.reordered(to: input.order) }
        input.reordered(to: .logical).elements.withUnsafeBufferPointer { input in
            filter.reordered(to: .logical).elements.withUnsafeBufferPointer { filter in
                output.elements.withUnsafeMutableBufferPointer { output in
                    addConvolution(
                        of: input.baseAddress!, with: filter.baseAddress!, geometry, to: output.baseAddress!)
                }
            }
        }
        return output.reordered(to: input.order)
    }

    /// Adds the convolution to an output that holds the bias; all in logical memory order, none empty.
    private func addConvolution(
        of input: UnsafePointer<Float>, with filter: UnsafePointer<Float>, _ geometry: Geometry,
        to output: UnsafeMutablePointer<Float>
    ) {
        let points = tile * tile
        let depth = geometry.channelsPerGroup * geometry.filters
        let weights = Scratch<Float>(repeating: 0, count: points * depth)
        let half = Scratch<Float>(repeating: 0, count: tile * 3 * depth)
        filterMatrix.transform(filter, depth: depth, half: half.pointer, to: weights.pointer)
        let row = WinogradTileRow(
            geometry: geometry, size: size, tile: tile, inputMatrix: inputMatrix, outputMatrix: outputMatrix)
        for n in 0..<geometry.batch {
            let image = input + n * geometry.height * geometry.width * geometry.channels
            let result = output + n * geometry.outputHeight * geometry.outputWidth * geometry.filters
            for y in stride(from: 0, to: geometry.outputHeight, by: size) {
                row.gather(image, outputRow: y)
                row.multiply(by: weights.pointer)
                row.add(to: result, outputRow: y)
            }
        }
    }
}
