import Convolution
import Testing

@Suite struct AnyTensorTests {
    static let shape: Shape = [2, 3, 2, 4]

    /// Small whole numbers, which every type holds, each one once.
    static func counting(_ type: ElementType, order: AxisOrder = .logical) -> AnyTensor {
        AnyTensor(nearest: (0..<shape.count).map { Double($0) }, type: type, shape: shape, order: order)
    }

    @Test(arguments: ElementType.allCases)
    func bytesMakeTheTensorAgain(type: ElementType) throws {
        for order in TensorTests.orders {
            let tensor = Self.counting(type, order: order)
            #expect(tensor.bytes.count == Self.shape.count * type.size)
            let again = try #require(AnyTensor(bytes: tensor.bytes, type: type, shape: Self.shape, order: order))
            #expect(again == tensor)
            #expect((again.type, again.shape, again.order, again.count) == (type, Self.shape, order, 48))
        }
    }

    /// Every bit of the numbers is kept, those of a NaN too.
    @Test(arguments: ElementType.allCases)
    func everyBitIsKept(type: ElementType) throws {
        let bytes = (0..<4 * type.size).map { UInt8(truncatingIfNeeded: 0xF9 &+ 37 * $0) }
        #expect(AnyTensor(bytes: bytes, type: type, shape: [1, 2, 2, 1])?.bytes == bytes)
    }

    @Test(arguments: [
        (ElementType.float64, -1.5, [0, 0, 0, 0, 0, 0, 0xF8, 0xBF] as [UInt8]), (.float32, -1.5, [0, 0, 0xC0, 0xBF]),
        (.float16, -1.5, [0, 0xBE]), (.bfloat16, -1.5, [0xC0, 0xBF]), (.int8, -2, [0xFE]), (.uint8, 254, [0xFE]),
        (.int32, -2, [0xFE, 0xFF, 0xFF, 0xFF]), (.int32, 0x0102_0304, [4, 3, 2, 1]),
    ])
    func bytesAreLittleEndian(type: ElementType, number: Double, bytes: [UInt8]) {
        #expect(AnyTensor(nearest: [number], type: type, shape: [1, 1, 1, 1]).bytes == bytes)
        #expect(AnyTensor(bytes: bytes, type: type, shape: [1, 1, 1, 1])?.doubles.elements == [number])
    }

    @Test(arguments: ElementType.allCases)
    func bytesThatDoNotFillTheShapeAreRefused(type: ElementType) {
        let bytes = [UInt8](repeating: 0, count: 4 * type.size)
        #expect(AnyTensor(bytes: bytes, type: type, shape: [1, 2, 2, 1]) != nil)
        #expect(AnyTensor(bytes: bytes + [0], type: type, shape: [1, 2, 2, 1]) == nil)
        #expect(AnyTensor(bytes: bytes.dropLast(), type: type, shape: [1, 2, 2, 1]) == nil)
        #expect(AnyTensor(bytes: bytes, type: type, shape: [-1, -2, 2, 1]) == nil)
        #expect(AnyTensor(bytes: [], type: type, shape: [.max, .max, 2, 1]) == nil)
        #expect(AnyTensor(bytes: [], type: type, shape: [.max, .max, 2, 0])?.count == 0)
    }

    @Test(arguments: ElementType.allCases)
    func reorderingKeepsEveryElementAtItsIndex(type: ElementType) {
        let tensor = Self.counting(type)
        for order in TensorTests.orders {
            let reordered = tensor.reordered(to: order)
            #expect((reordered.type, reordered.order) == (type, order))
            #expect(reordered.doubles == tensor.doubles.reordered(to: order))
            #expect(reordered.reordered(to: .logical) == tensor)
        }
    }

    @Test(arguments: ElementType.allCases)
    func theNumbersAreTheSameInFloat64AndFloat32(type: ElementType) {
        let tensor = Self.counting(type, order: ActivationLayout.nchw.order)
        #expect(tensor.doubles.elements == (0..<48).map { Double($0) })
        #expect(tensor.singles.elements == (0..<48).map { Float($0) })
        #expect(tensor.doubles.order == tensor.order && tensor.singles.order == tensor.order)
        #expect(AnyTensor(tensor.typed) == tensor)
    }

    @Test func everyFloat16IsTheSameInFloat32() {
        let numbers = (UInt16.min...UInt16.max).map(Float16.init(bitPattern:))
        let tensor = AnyTensor(vector: numbers)
        let wrong = zip(numbers, zip(tensor.singles.elements, tensor.doubles.elements)).filter { number, wide in
            if number.isNaN { return !wide.0.isNaN || !wide.1.isNaN }
            return wide.0.bitPattern != Float(number).bitPattern || wide.1.bitPattern != Double(number).bitPattern
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test func aTensorHasOneType() {
        let tensor = AnyTensor(vector: [Float16(1), 2])
        #expect(tensor.of(Float16.self)?.elements == [1, 2])
        #expect(tensor.of(Float.self) == nil && tensor.of(BFloat16.self) == nil)
        #expect(tensor.shape == [1, 1, 1, 2])
    }

    /// Sums of float32 become the nearest number of the answer's type.
    @Test(arguments: [
        (ElementType.float32, 1.25 + 0x1p-20), (.float16, 1.25), (.bfloat16, 1.25), (.int8, 1), (.int32, 1),
        (.float64, 1.25 + 0x1p-20),
    ])
    func sumsAreNarrowed(type: ElementType, want: Double) {
        let sums = Tensor<Float>(shape: [1, 1, 1, 1], elements: [1.25 + 0x1p-20])
        #expect(AnyTensor(narrowing: sums, to: type).doubles.elements == [want])
    }
}
