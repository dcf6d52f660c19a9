internal import Convolution
internal import ExactArithmetic

/// One row of tiles of one image on its way through a Winograd convolution.
///
/// Tiles overlap by two columns of inputs. Where the last tiles reach past the padded image they are filled up with
/// zeros, and what they give past the output is dropped.
struct WinogradTileRow: ~Copyable {
    private let geometry: Geometry
    /// Rows and columns of a tile of outputs.
    private let size: Int
    /// Rows and columns of a tile of inputs.
    private let tile: Int
    private let inputMatrix: TileMatrix
    private let outputMatrix: TileMatrix
    /// Tiles in the row.
    private let count: Int
    /// `[tile, tile, count, channels]`.
    private let inputs: Scratch<Float>
    /// The same, transformed.
    private let transformed: Scratch<Float>
    /// `[tile, tile, count, filters]`: products, summed over channels.
    private let sums: Scratch<Float>
    /// `[size, size, count, filters]`.
    private let outputs: Scratch<Float>
    private let half: Scratch<Float>

    init(geometry: Geometry, size: Int, tile: Int, inputMatrix: TileMatrix, outputMatrix: TileMatrix) {
        self.geometry = geometry
        self.size = size
        self.tile = tile
        self.inputMatrix = inputMatrix
        self.outputMatrix = outputMatrix
        count = (geometry.outputWidth + size - 1) / size
        let points = tile * tile * count
        inputs = Scratch(repeating: 0, count: points * geometry.channels)
        transformed = Scratch(repeating: 0, count: points * geometry.channels)
        sums = Scratch(repeating: 0, count: points * geometry.filters)
        outputs = Scratch(repeating: 0, count: size * size * count * geometry.filters)
        half = Scratch(repeating: 0, count: points * max(geometry.channels, geometry.filters))
    }

    /// Gathers and transforms the tiles whose outputs begin at row `y`.
    ///
    /// - Parameter image: `[height, width, channels]`.
    func gather(_ image: UnsafePointer<Float>, outputRow y: Int) {
        let channels = geometry.channels
        for i in 0..<tile {
            let row = geometry.inputRow(y, i)
            for j in 0..<tile {
                for index in 0..<count {
                    let place = inputs.pointer + ((i * tile + j) * count + index) * channels
                    if let row, let column = geometry.inputColumn(index * size, j) {
                        place.update(from: image + (row * geometry.width + column) * channels, count: channels)
                    } else {
                        place.update(repeating: 0, count: channels)
                    }
                }
            }
        }
        inputMatrix.transform(
            inputs.pointer, depth: count * channels, half: half.pointer, to: transformed.pointer)
    }

    /// Multiplies by the transformed filter and sums over the channels of each group.
    ///
    /// - Parameter weights: `[tile, tile, channels / groups, filters]`.
    func multiply(by weights: UnsafePointer<Float>) {
        let (channels, filters) = (geometry.channelsPerGroup, geometry.filtersPerGroup)
        sums.fill(with: 0)
        for point in 0..<tile * tile {
            for index in 0..<count {
                for group in 0..<geometry.groups {
                    let values = transformed.pointer + ((point * count + index) * geometry.groups + group) * channels
                    let sum = sums.pointer + ((point * count + index) * geometry.groups + group) * filters
                    for c in 0..<channels {
                        let weight = weights + ((point * channels + c) * geometry.groups + group) * filters
                        for f in 0..<filters {
                            sum[f] += values[c] * weight[f]
                        }
                    }
                }
            }
        }
    }

    /// Transforms the sums back and adds them to the rows of the output from `y` on.
    ///
    /// - Parameter result: `[output height, output width, filters]`.
    func add(to result: UnsafeMutablePointer<Float>, outputRow y: Int) {
        let filters = geometry.filters
        outputMatrix.transform(sums.pointer, depth: count * filters, half: half.pointer, to: outputs.pointer)
        for i in 0..<min(size, geometry.outputHeight - y) {
            for x in 0..<geometry.outputWidth {
                let place = result + ((y + i) * geometry.outputWidth + x) * filters
                let values = outputs.pointer + ((i * size + x % size) * count + x / size) * filters
                for f in 0..<filters {
                    place[f] += values[f]
                }
            }
        }
    }
}
