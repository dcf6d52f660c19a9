import Convolution
import Testing

@Suite struct TensorTests {
    static let shape: Shape = [2, 3, 4, 5]
    static let orders =
        ActivationLayout.allCases.map(\.order) + FilterLayout.allCases.map(\.order)
        + [AxisOrder([3, 2, 1, 0]), AxisOrder([2, 0, 3, 1])]

    /// Each element says where it is.
    static func labelled(_ order: AxisOrder) -> Tensor<Int> {
        Tensor(shape: shape, order: order) { $0 * 1000 + $1 * 100 + $2 * 10 + $3 }
    }

    @Test(arguments: orders)
    func logicalIndicesReachTheirElementInEveryOrder(order: AxisOrder) {
        let tensor = Self.labelled(order)
        for i in 0..<2 {
            for j in 0..<3 {
                for k in 0..<4 {
                    for l in 0..<5 { #expect(tensor[i, j, k, l] == i * 1000 + j * 100 + k * 10 + l) }
                }
            }
        }
        #expect(Set(tensor.elements).count == 120)
    }

    @Test func elementsLieAsTheLayoutSays() {
        let order = ActivationLayout.nchw.order
        let nchw = Tensor(shape: [1, 2, 2, 2], order: order) { _, y, x, c in c * 100 + y * 10 + x }
        #expect(nchw.elements == [0, 1, 10, 11, 100, 101, 110, 111])
        #expect(nchw.shapeInMemory == [1, 2, 2, 2])
        // A filter of 1x2, 3 channels and 2 filters; the label is kx, channel, filter.
        let filters: [(FilterLayout, [Int], [Int])] = [
            (.hwio, [0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121], [1, 2, 3, 2]),
            (.oihw, [0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121], [2, 3, 1, 2]),
            (.ohwi, [0, 10, 20, 100, 110, 120, 1, 11, 21, 101, 111, 121], [2, 1, 2, 3]),
            (.hwoi, [0, 10, 20, 1, 11, 21, 100, 110, 120, 101, 111, 121], [1, 2, 2, 3]),
        ]
        for (layout, elements, inMemory) in filters {
            let filter = Tensor(shape: [1, 2, 3, 2], order: layout.order) { _, kx, c, f in kx * 100 + c * 10 + f }
            #expect(filter.elements == elements, "\(layout)")
            #expect(filter.shapeInMemory == inMemory, "\(layout)")
            #expect(layout.order.logical(inMemory) == [1, 2, 3, 2], "\(layout)")
        }
    }

    /// Extents on both sides of a tile's, and of 1.
    @Test(arguments: orders)
    func reorderingKeepsEveryElement(order: AxisOrder) {
        for shape: Shape in [[2, 3, 4, 5], [1, 17, 33, 16], [20, 1, 3, 18], [18, 16, 1, 1], [1, 1, 1, 40]] {
            for target in Self.orders {
                let tensors = [order, target].map { order in
                    Tensor(shape: shape, order: order) { (($0 * 64 + $1) * 64 + $2) * 64 + $3 }
                }
                #expect(tensors[0].reordered(to: target) == tensors[1], "\(shape) to \(target)")
            }
        }
    }

    @Test(arguments: orders)
    func settingChangesOneElement(order: AxisOrder) {
        var tensor = Self.labelled(order)
        tensor[1, 2, 3, 4] = -1
        #expect(tensor[1, 2, 3, 4] == -1)
        #expect(tensor.elements.count { $0 == -1 } == 1)
        #expect(tensor.elements.firstIndex(of: -1) == tensor.offset(1, 2, 3, 4))
    }

    /// Extents beside an empty axis may be anything: nothing is allocated, counted through or multiplied.
    @Test(arguments: orders)
    func emptyTensorsMayHaveHugeExtents(order: AxisOrder) {
        for shape: Shape in [[0, .max, .max, 3], [.max, 0, .max, .max], [.max, .max, .max, 0]] {
            let tensor = Tensor<Float>(shape: shape, order: order) { _, _, _, _ in 1 }
            #expect(tensor.elements.isEmpty)
            #expect(tensor.reordered(to: .logical).shape == shape)
        }
    }

    @Test func shapesCountTheirElements() {
        #expect(Self.shape.count == 120)
        #expect(Shape(1, 2, 3, -1).checkedCount == nil)
        #expect(Shape(0, -1, 3, 1).checkedCount == nil)
        #expect(Shape(1 << 31, 1 << 31, 1, 1).checkedCount == 1 << 62)
        #expect(Shape(1 << 31, 1 << 31, 2, 1).checkedCount == nil)
        #expect(Shape(0, .max, .max, .max).checkedCount == 0)
        #expect(Shape([1, 2, 3]) == nil)
        #expect(Shape([1, 2, 3, 4])?.description == "1x2x3x4")
    }

    @Test func extentsNotFourHaveNoLogicalShape() {
        #expect(AxisOrder.logical.logical([1, 2, 3]) == nil)
        #expect(AxisOrder.logical.logical([1, 2, 3, 4, 5]) == nil)
    }
}
