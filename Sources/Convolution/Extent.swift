/// A pair of numbers for the two spatial axes: strides or dilations, in elements.
public struct Extent: Hashable, Sendable, CustomStringConvertible {
    public var height: Int
    public var width: Int

    public init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    /// 1 along both axes.
    public static let one = Extent(height: 1, width: 1)

    public var description: String { "\(height)x\(width)" }
}
