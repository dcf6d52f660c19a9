/// Rows and columns of zeros around the input, in elements; negative numbers crop.
public struct Pads: Hashable, Sendable, CustomStringConvertible {
    public var top: Int
    public var bottom: Int
    public var left: Int
    public var right: Int

    public init(top: Int, bottom: Int, left: Int, right: Int) {
        self.top = top
        self.bottom = bottom
        self.left = left
        self.right = right
    }

    public static let none = Pads(top: 0, bottom: 0, left: 0, right: 0)

    /// Whether both axes are padded alike at their beginning and end.
    public var areSymmetric: Bool { top == bottom && left == right }

    /// Top, bottom, left, right: the order of golden files and of the engine protocol.
    public var list: [Int] { [top, bottom, left, right] }

    public var description: String { "t\(top)b\(bottom)l\(left)r\(right)" }
}

extension Pads {
    var vertical: (before: Int, after: Int) { (top, bottom) }
    var horizontal: (before: Int, after: Int) { (left, right) }
}
