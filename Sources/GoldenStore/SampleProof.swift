internal import Conformance
internal import Convolution
internal import ExactArithmetic

/// The stored sample of an answer that is not computed whole, against exact sums of the same elements.
struct SampleProof {
    /// What differs, in words.
    let problems: [String]

    init(_ golden: GoldenCase, _ sample: DerivedCase.Sample) throws {
        let problem = golden.header.problem
        let geometry = try problem.geometry()
        let shape = geometry.shape(of: problem.operation.answer)
        let size = geometry.elementsPerGroup(of: problem.operation)
        var problems: [String] = []
        // Elements of one group are computed together.
        var byGroup: [Int: [Int]] = [:]
        for (number, place) in sample.places.enumerated() {
            guard (0..<Int64(shape.count)).contains(place) else {
                problems.append("sample \(number) is at \(place), outside the answer \(shape)")
                continue
            }
            byGroup[Int(place) % shape[3] / size, default: []].append(number)
        }
        for (_, numbers) in byGroup.sorted(by: { $0.key < $1.key }) {
            let places = numbers.map { Int(sample.places[$0]) }
            let positions = places.map { place in
                let (rows, third) = (place / shape[3]).quotientAndRemainder(dividingBy: shape[2])
                return AnswerPosition(rows / shape[1], rows % shape[1], third)
            }
            let columns = Set(places.map { $0 % shape[3] }).sorted()
            let exact = try ExactConvolution()
                .elements(of: problem, golden.operands, at: positions, columns: columns)
            for (row, number) in numbers.enumerated() {
                let column = columns.firstIndex(of: places[row] % shape[3]) ?? 0
                let found = (
                    exact.expected[row * columns.count + column], exact.magnitude[row * columns.count + column]
                )
                let stored = (sample.expected[number], sample.magnitude[number])
                if stored.0 != found.0 {
                    problems.append("sample \(number) at \(places[row]) is \(stored.0), computed here \(found.0)")
                } else if stored.1 != found.1, problem.types.output.format != nil {
                    problems.append(
                        "sample \(number) at \(places[row]) has magnitude \(stored.1), computed here \(found.1)")
                }
            }
        }
        self.problems = problems
    }
}
