internal import Conformance
internal import Convolution

/// What the numbers of a case must be like, whatever made them.
enum CaseValues {
    /// What is wrong with the values of a case, in words.
    ///
    /// Except in special data every number is finite. |expected| <= magnitude follows from their definitions: the sum
    /// of products cannot exceed the sum of their absolute values, and rounding keeps the order.
    static func problems(of golden: GoldenCase) -> [String] {
        var problems: [String] = []
        let isSpecial = golden.header.data == .special
        func check(_ name: String, _ index: Int?, _ value: (Int) -> String, expected: String) {
            guard let index else { return }
            problems.append("dataset '\(name)' has \(value(index)) at element \(index), expected \(expected)")
        }
        if !isSpecial {
            for role in Role.allCases {
                guard let tensor = golden.operands[role], let index = tensor.firstNonFinite else { continue }
                check(role.rawValue, index, { "\(tensor.doubles.elements[$0])" }, expected: "a finite number")
            }
            let isValid = golden.header.expectation == .output
            if isValid, let objection = golden.operands.quantization?.objection(to: golden.header.problem) {
                problems.append(objection)
            }
        }
        let type = golden.header.problem.types.output
        guard let output = golden.output, !isSpecial else { return problems }
        if let range = type.range {
            let expected = output.expected.elements
            let index = expected.firstIndex { !($0 >= Double(range.lowerBound) && $0 <= Double(range.upperBound)) }
            check("expected", index, { "\(expected[$0])" }, expected: "a number of \(type.rawValue)")
            return problems
        }
        let (expected, magnitude) = (output.expected.elements, output.magnitude.elements)
        // Sums up to there are exact: every partial sum is a whole number of the type.
        let exact = Float(sign: .plus, exponent: type.format?.significandBits ?? 24, significand: 1)
        let largest = golden.header.data == .integer ? exact : .greatestFiniteMagnitude
        check(
            "magnitude", outside(magnitude, largest: largest), { "\(magnitude[$0])" },
            expected: "a number from 0 to \(largest)")
        check(
            "expected", exceeding(expected, magnitude), { "\(expected[$0])" },
            expected: "at most the magnitude there")
        return problems
    }

    // The loops look at every element, without leaving early, so that the compiler can make vectors of them; only
    // where something is wrong is it looked for.

    private static func outside(_ values: [Float], largest: Float) -> Int? {
        var isFine = true
        for value in values { isFine = isFine && value >= 0 && value <= largest }
        return isFine ? nil : values.firstIndex { !($0 >= 0 && $0 <= largest) }
    }

    /// The first element that is larger than its magnitude, or no number.
    private static func exceeding(_ values: [Double], _ magnitudes: [Float]) -> Int? {
        var isFine = true
        for index in values.indices { isFine = isFine && values[index].magnitude <= Double(magnitudes[index]) }
        return isFine ? nil : values.indices.first { !(values[$0].magnitude <= Double(magnitudes[$0])) }
    }
}
