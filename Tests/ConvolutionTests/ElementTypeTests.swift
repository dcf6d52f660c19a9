import Convolution
import Testing

@Suite struct ElementTypeTests {
    /// The numbers of a format against those of a type of Swift's.
    private func check<Number: BinaryFloatingPoint>(_ type: ElementType, _: Number.Type) throws {
        let format = try #require(type.format)
        #expect(format.significandBits == Number.significandBitCount + 1)
        #expect(format.unitRoundoff == Double(Number.ulpOfOne) / 2)
        #expect(format.leastNormalMagnitude == Double(Number.leastNormalMagnitude))
        #expect(format.leastNonzeroMagnitude == Double(Number.leastNonzeroMagnitude))
        #expect(format.greatestExponent == Int(Number.greatestFiniteMagnitude.exponent))
        #expect(type.size == MemoryLayout<Number>.size)
        #expect(type.range == nil)
    }

    @Test func formatsAreThoseOfSwiftsTypes() throws {
        try check(.float64, Double.self)
        try check(.float32, Float.self)
        try check(.float16, Float16.self)
    }

    @Test func theFormatOfBFloat16IsThatOfItsPatterns() throws {
        let format = try #require(ElementType.bfloat16.format)
        func number(_ pattern: UInt16) -> Double { BFloat16(bitPattern: pattern).double }
        #expect(format.significandBits == 8)
        #expect(2 * format.unitRoundoff == number(0x3F81) - number(0x3F80))
        #expect(format.leastNormalMagnitude == number(0x0080))
        #expect(format.leastNonzeroMagnitude == number(1))
        #expect(format.greatestExponent == Int(number(0x7F7F).exponent))
    }

    /// From the threshold on a number is rounded to infinity, and just below it is not.
    @Test func theOverflowThresholdIsWhereRoundingOverflows() throws {
        func check<Element: TensorElement>(_: Element.Type, _ want: Double) throws {
            let threshold = try #require(Element.elementType.format).overflowThreshold
            #expect(threshold == want)
            #expect(Element(nearest: threshold).double == .infinity)
            #expect(Element(nearest: threshold.nextDown).double.isFinite)
        }
        try check(Float16.self, 65520)
        try check(BFloat16.self, 0x1.FFp127)
        try check(Float.self, 0x1.FFFFFFp127)
        #expect(ElementType.float64.format?.overflowThreshold == .infinity)
    }

    @Test func wholeNumbersHaveARangeAndNoFormat() {
        #expect(ElementType.int8.range == -128...127)
        #expect(ElementType.uint8.range == 0...255)
        #expect(ElementType.int32.range == -2_147_483_648...2_147_483_647)
        #expect([ElementType.int8, .uint8, .int32].allSatisfy { $0.format == nil })
        #expect([ElementType.int8, .uint8, .int32, .bfloat16].map(\.size) == [1, 1, 4, 2])
    }

    /// Of all combinations these alone are convolutions.
    @Test func theTypesThatGoTogether() {
        var known: [ElementTypes: ElementTypes.Kind] = [:]
        for type in [ElementType.float64, .float32, .float16, .bfloat16] {
            known[ElementTypes(input: type, filter: type, output: type)] = .floating(type)
        }
        for (input, filter) in [(.int8, .int8), (.int8, .uint8), (.uint8, .int8), (.uint8, .uint8)]
            as [(ElementType, ElementType)]
        {
            known[ElementTypes(input: input, filter: filter, output: .int32)] = .integer
            known[ElementTypes(input: input, filter: filter, output: .int8)] = .quantized
            known[ElementTypes(input: input, filter: filter, output: .uint8)] = .quantized
        }
        #expect(known.count == 16)
        for input in ElementType.allCases {
            for filter in ElementType.allCases {
                for output in ElementType.allCases {
                    let types = ElementTypes(input: input, filter: filter, output: output)
                    #expect(types.kind == known[types], "\(types)")
                }
            }
        }
    }

    @Test func aBiasHasTheOutputsTypeOrInt32() {
        #expect(ElementTypes(.float16)[.bias] == .float16)
        let quantized = ElementTypes(input: .uint8, filter: .int8, output: .int8)
        #expect(Role.allCases.map { quantized[$0] } == [.uint8, .int8, .int32, .int8])
        #expect(ElementTypes(input: .uint8, filter: .int8, output: .int32)[.bias] == .int32)
        #expect("\(ElementTypes(.bfloat16))" == "bfloat16")
        #expect("\(quantized)" == "uint8 x int8 to int8")
    }
}
