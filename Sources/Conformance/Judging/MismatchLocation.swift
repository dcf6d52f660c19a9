public import Convolution

/// Where in an output the mismatches lie.
public struct MismatchLocation: Hashable, Sendable {
    /// One axis of the output.
    public enum Axis: Int, Hashable, Sendable, CaseIterable {
        case batch, row, column, filter
    }

    /// The output's shape, `[batch, output height, output width, filters]`.
    public let shape: Shape
    /// How many mismatches each index of each axis has.
    private var counts: [[Int]]
    /// Mismatches whose window reaches into the padding.
    public private(set) var border = 0
    /// Elements, wrong or right, whose window reaches into the padding.
    public let borderElements: Int
    /// All mismatches.
    public private(set) var total = 0

    private let borderRows: [Bool]
    private let borderColumns: [Bool]

    /// No mismatches yet, in the output of `geometry`.
    public init(geometry: Geometry) {
        shape = geometry.outputShape
        counts = shape.list.map { [Int](repeating: 0, count: $0) }
        borderRows = (0..<geometry.outputHeight).map { y in
            geometry.inputRow(y, 0) == nil || geometry.inputRow(y, geometry.kernelHeight - 1) == nil
        }
        borderColumns = (0..<geometry.outputWidth).map { x in
            geometry.inputColumn(x, 0) == nil || geometry.inputColumn(x, geometry.kernelWidth - 1) == nil
        }
        let interior = borderRows.count { !$0 } * borderColumns.count { !$0 }
        borderElements = shape.count - geometry.batch * geometry.filters * interior
    }

    /// The mismatches at `offsets` in logical memory order, in the output of `geometry`.
    init(of offsets: [Int], geometry: Geometry) {
        self.init(geometry: geometry)
        for offset in offsets { insert(shape.index(at: offset)) }
    }

    /// Notes a mismatch at `[n, y, x, f]`.
    public mutating func insert(_ index: Shape) {
        for axis in Axis.allCases {
            counts[axis.rawValue][index[axis.rawValue]] += 1
        }
        if borderRows[index[1]] || borderColumns[index[2]] { border += 1 }
        total += 1
    }

    /// The indices of an axis at which there are mismatches, in order.
    public func indices(_ axis: Axis) -> [Int] {
        counts[axis.rawValue].indices.filter { counts[axis.rawValue][$0] > 0 }
    }

    /// Elements, wrong or right, whose window lies inside the input.
    public var interiorElements: Int { shape.count - borderElements }
    /// Mismatches whose window lies inside the input.
    public var interior: Int { total - border }
}
