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
            let (input, filter) = (golden.input.elements, golden.filter.elements)
            check("input", nonFinite(input), { "\(input[$0])" }, expected: "a finite number")
            check("filter", nonFinite(filter), { "\(filter[$0])" }, expected: "a finite number")
            if let bias = golden.bias {
                check("bias", nonFinite(bias), { "\(bias[$0])" }, expected: "a finite number")
            }
        }
        guard let output = golden.output, !isSpecial else { return problems }
        let (expected, magnitude) = (output.expected.elements, output.magnitude.elements)
        let largest = golden.header.data == .integer ? GoldenFormat.largestExactSum : .greatestFiniteMagnitude
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

    private static func nonFinite(_ values: [Float]) -> Int? {
        var isFine = true
        for value in values { isFine = isFine && value.magnitude <= .greatestFiniteMagnitude }
        return isFine ? nil : values.firstIndex { !$0.isFinite }
    }

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
