/// The extents of a rank-4 tensor, in logical order.
///
/// Logical order is `[batch, height, width, channels]` for an input or an output and
/// `[kernel height, kernel width, channels / groups, filters]` for a filter, whatever the order in memory.
public struct Shape: Hashable, Sendable {
    @usableFromInline
    var extents: SIMD4<Int>

    /// A shape of four extents, in elements.
    @inlinable
    public init(_ first: Int, _ second: Int, _ third: Int, _ fourth: Int) {
        self.init(extents: SIMD4(first, second, third, fourth))
    }

    /// A shape from a list of extents, or `nil` where there are not four.
    public init?(_ list: [Int]) {
        guard list.count == 4 else { return nil }
        self.init(list[0], list[1], list[2], list[3])
    }

    @inlinable
    init(extents: SIMD4<Int>) {
        self.extents = extents
    }

    /// The extent of one axis, 0 to 3.
    @inlinable
    public subscript(axis: Int) -> Int {
        get { extents[axis] }
        set { extents[axis] = newValue }
    }

    /// The four extents as a list.
    public var list: [Int] {
        [extents[0], extents[1], extents[2], extents[3]]
    }

    /// How many elements a tensor of this shape has, or `nil` where an extent is negative or the product
    /// does not fit in `Int`.
    public var checkedCount: Int? {
        guard list.allSatisfy({ $0 >= 0 }) else { return nil }
        if list.contains(0) { return 0 }
        var count = 1
        for extent in list {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            if overflow { return nil }
            count = product
        }
        return count
    }

    /// How many elements a tensor of this shape has.
    ///
    /// - Precondition: no extent is negative and the product fits in `Int`.
    public var count: Int {
        guard let count = checkedCount else { preconditionFailure("no tensor has the shape \(self)") }
        return count
    }
}

extension Shape: ExpressibleByArrayLiteral {
    @inlinable
    public init(arrayLiteral extents: Int...) {
        precondition(extents.count == 4, "a shape has four extents")
        self.init(extents[0], extents[1], extents[2], extents[3])
    }
}

extension Shape: CustomStringConvertible {
    public var description: String {
        list.map(String.init).joined(separator: "x")
    }
}
