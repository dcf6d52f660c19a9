public import Convolution

/// What the elements of an answer are: a role's tensor in a geometry.
public struct AnswerRegion: Hashable, Sendable {
    public let geometry: Geometry
    public let role: Role

    public init(_ geometry: Geometry, _ role: Role = .output) {
        self.geometry = geometry
        self.role = role
    }
}

/// Where in an answer the mismatches lie.
public struct MismatchLocation: Hashable, Sendable {
    /// The answer's axes by what they are in an output; see ``Role/axes`` for those of another role.
    public enum Axis: Int, Hashable, Sendable, CaseIterable {
        case batch, row, column, filter
    }

    /// The answer's shape, in logical order.
    public let shape: Shape
    /// What the answer is.
    public let role: Role
    /// Whether each index of each axis has a mismatch.
    private var isHit: [[Bool]]
    /// Mismatches whose window reaches into the padding; of outputs alone.
    public private(set) var border = 0
    /// Elements, wrong or right, whose window reaches into the padding; of outputs alone.
    public let borderElements: Int
    /// All mismatches.
    public private(set) var total = 0

    private let borderRows: [Bool]
    private let borderColumns: [Bool]

    /// No mismatches yet.
    public init(in region: AnswerRegion) {
        let geometry = region.geometry
        role = region.role
        shape = geometry.shape(of: role)
        isHit = shape.list.map { [Bool](repeating: false, count: $0) }
        guard role == .output else {
            (borderRows, borderColumns, borderElements) = ([], [], 0)
            return
        }
        borderRows = (0..<geometry.outputHeight).map { y in
            geometry.inputRow(y, 0) == nil || geometry.inputRow(y, geometry.kernelHeight - 1) == nil
        }
        borderColumns = (0..<geometry.outputWidth).map { x in
            geometry.inputColumn(x, 0) == nil || geometry.inputColumn(x, geometry.kernelWidth - 1) == nil
        }
        let interior = borderRows.count { !$0 } * borderColumns.count { !$0 }
        borderElements = shape.count - geometry.batch * geometry.filters * interior
    }

    /// Notes the mismatches at `offsets` in logical memory order, ascending.
    mutating func insert(offsets: [Int]) {
        // Whole pixels are often wrong: what all filters of one have in common is noted once.
        let filters = max(shape[3], 1)
        var (pixel, atPixel) = (-1, 0)
        for offset in offsets {
            let next = offset / filters
            if next != pixel {
                insert(pixel, atPixel)
                (pixel, atPixel) = (next, 0)
            }
            isHit[3][offset - next * filters] = true
            atPixel += 1
        }
        insert(pixel, atPixel)
    }

    /// Notes so many mismatches at a pixel, but for which filters they are of.
    private mutating func insert(_ pixel: Int, _ count: Int) {
        if count == 0 { return }
        let (row, x) = pixel.quotientAndRemainder(dividingBy: shape[2])
        let (n, y) = row.quotientAndRemainder(dividingBy: shape[1])
        (isHit[0][n], isHit[1][y], isHit[2][x]) = (true, true, true)
        if role == .output, borderRows[y] || borderColumns[x] { border += count }
        total += count
    }

    /// What a record says of an answer: the indices of each axis at which there are mismatches, how many there are, and how
    /// many of them have a window that reaches into the padding; `nil` where these contradict each other.
    public init?(in region: AnswerRegion, indices: [[Int]], total: Int, border: Int) {
        self.init(in: region)
        guard indices.count == Axis.allCases.count, total >= 1, (0...total).contains(border), border <= borderElements,
            total - border <= interiorElements
        else { return nil }
        for axis in Axis.allCases {
            for index in indices[axis.rawValue] {
                guard isHit[axis.rawValue].indices.contains(index) else { return nil }
                isHit[axis.rawValue][index] = true
            }
        }
        let hit = Axis.allCases.map { self.indices($0).count }
        guard hit.allSatisfy({ (1...total).contains($0) }), total <= hit.reduce(1, *) else { return nil }
        self.total = total
        self.border = border
    }

    /// Notes a mismatch at a logical index.
    public mutating func insert(_ index: Shape) {
        for axis in Axis.allCases {
            isHit[axis.rawValue][index[axis.rawValue]] = true
        }
        if role == .output, borderRows[index[1]] || borderColumns[index[2]] { border += 1 }
        total += 1
    }

    /// The indices of an axis at which there are mismatches, in order.
    public func indices(_ axis: Axis) -> [Int] {
        isHit[axis.rawValue].indices.filter { isHit[axis.rawValue][$0] }
    }

    /// Elements, wrong or right, whose window lies inside the input.
    public var interiorElements: Int { shape.count - borderElements }
    /// Mismatches whose window lies inside the input.
    public var interior: Int { total - border }
}
