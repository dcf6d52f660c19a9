import Convolution

@testable import Conformance

/// Cases of one product an element, in any type.
enum TypedFixture {
    static let types: [ElementType: ElementTypes] = [
        .int8: ElementTypes(input: .int8, filter: .int8, output: .int8),
        .uint8: ElementTypes(input: .uint8, filter: .int8, output: .uint8),
        .int32: ElementTypes(input: .uint8, filter: .uint8, output: .int32),
    ]

    /// A 1x1 convolution of one channel whose exact sums are `values`.
    static func identity(
        _ values: [Double], _ type: ElementType, magnitude: Float = 1, data: CaseHeader.DataFamily = .real
    ) -> GoldenCase {
        let shape: Shape = [1, 1, values.count, 1]
        let problem = Problem(input: shape, filter: [1, 1, 1, 1], types: types[type] ?? ElementTypes(type))
        return GoldenCase(
            header: CaseHeader(suite: "fixture", name: "identity", problem: problem, data: data),
            operands: Operands(
                input: AnyTensor(nearest: values, type: problem.types.input, shape: shape),
                filter: AnyTensor(nearest: [1], type: problem.types.filter, shape: [1, 1, 1, 1])),
            output: GoldenCase.Output(
                expected: Tensor(shape: shape, elements: values),
                magnitude: Tensor(repeating: magnitude, shape: shape)))
    }

    /// What a judge says to an answer of the identity case of `values`.
    static func verdict(
        _ got: [Double], values: [Double], _ type: ElementType, magnitude: Float = 1,
        data: CaseHeader.DataFamily = .real, tolerance: Tolerance = .derived,
        capabilities: Capabilities = .everything, computation: Computation = Computation()
    ) -> Verdict {
        let answer = AnyTensor(nearest: got, type: type, shape: [1, 1, got.count, 1])
        return Judge(tolerance: tolerance).verdict(
            on: .output(answer, computation), to: identity(values, type, magnitude: magnitude, data: data),
            capabilities: capabilities)
    }

    /// What an element of an identity case may err.
    static func allowed(
        _ want: Double, _ type: ElementType, magnitude: Float = 1, data: CaseHeader.DataFamily = .real,
        tolerance: Tolerance = .derived, arithmetic: Arithmetic = .float32, computation: Computation = Computation()
    ) -> Double? {
        var capabilities = Capabilities.everything
        capabilities.arithmetic = arithmetic
        let wrong = type.format == nil ? want + 50 : want * 3
        return verdict(
            [wrong], values: [want], type, magnitude: magnitude, data: data, tolerance: tolerance,
            capabilities: capabilities, computation: computation
        ).comparison?.worst.first?.allowed
    }
}
