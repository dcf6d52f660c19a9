/// The order in which a tensor's four logical axes lie in memory, outermost first.
public struct AxisOrder: Hashable, Sendable {
    /// Logical axes, outermost first: a permutation of 0, 1, 2, 3.
    public let axes: [Int]

    /// - Precondition: `axes` is a permutation of 0, 1, 2, 3.
    public init(_ axes: [Int]) {
        precondition(axes.sorted() == [0, 1, 2, 3], "\(axes) is not a permutation of four axes")
        self.axes = axes
    }

    /// Memory order equals logical order: NHWC for an input, HWIO for a filter.
    public static let logical = AxisOrder([0, 1, 2, 3])

    /// The distance in elements between neighbours along each logical axis, in a dense tensor.
    ///
    /// A tensor without elements has no neighbours; its distances mean nothing, however large its extents are.
    public func strides(of shape: Shape) -> Shape {
        var strides: Shape = [0, 0, 0, 0]
        var stride = 1
        for axis in axes.reversed() {
            strides[axis] = stride
            stride &*= max(shape[axis], 1)
        }
        return strides
    }

    /// A logical shape as it lies in memory, outermost extent first.
    public func inMemory(_ shape: Shape) -> [Int] {
        axes.map { shape[$0] }
    }

    /// The logical shape of extents as they lie in memory, or `nil` where there are not four.
    public func logical(_ extents: [Int]) -> Shape? {
        guard extents.count == 4 else { return nil }
        var shape: Shape = [0, 0, 0, 0]
        for (axis, extent) in zip(axes, extents) {
            shape[axis] = extent
        }
        return shape
    }
}
