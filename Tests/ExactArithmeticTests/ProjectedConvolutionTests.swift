import Convolution
import ExactArithmetic
import Testing
import _TestSupport

@Suite struct ProjectedConvolutionTests {
    /// Small whole numbers, whose sums are exact in every order.
    private func drawn(_ seed: UInt64) throws -> (problem: Problem, operands: Operands, random: RandomNumbers) {
        var random = RandomNumbers(seed: seed)
        let problem = Problem.random(.forward, using: &random)
        return (problem, try problem.operands { Double(random.integer(50)) }, random)
    }

    /// What the elements of a group add up to at a place, each times its number.
    private func sum(
        _ output: [Double], _ place: Int, _ group: Int, _ geometry: Geometry, _ vector: [Double]
    ) -> Double {
        let filters = group * geometry.filtersPerGroup..<(group + 1) * geometry.filtersPerGroup
        return filters.reduce(0) { $0 + output[place * geometry.filters + $1] * vector[$1] }
    }

    @Test(arguments: 0..<150) func sumsAreThoseOfTheOutput(seed: UInt64) throws {
        var (problem, operands, random) = try drawn(seed)
        let geometry = try problem.geometry()
        let output = try ExactConvolution().expected(of: problem, operands).elements
        let count = Int.random(in: 1...3, using: &random)
        let vectors = (0..<geometry.filters * count).map { _ in Double(random.integer(1000)) }
        let projected = ProjectedConvolution(geometry, operands, vectors: vectors)
        let places = geometry.outputHeight * geometry.outputWidth
        for n in 0..<geometry.batch {
            let sums = projected.sums(ofImage: n)
            #expect(sums.count == places * geometry.groups * count)
            for place in sums.indices {
                let (rest, vector) = place.quotientAndRemainder(dividingBy: count)
                let (pixel, group) = rest.quotientAndRemainder(dividingBy: geometry.groups)
                let numbers = (0..<geometry.filters).map { vectors[$0 * count + vector] }
                let want = sum(output, n * places + pixel, group, geometry, numbers)
                #expect(sums[place] == want, "\(problem)")
            }
        }
    }

    @Test(arguments: 0..<50) func magnitudesAddUp(seed: UInt64) throws {
        let (problem, operands, _) = try drawn(seed)
        let geometry = try problem.geometry()
        let magnitudes = try ExactConvolution().answer(to: problem, operands).magnitude.elements.map { Double($0) }
        let ones = [Double](repeating: 1, count: geometry.filters)
        let projected = ProjectedConvolution(geometry, operands, vectors: ones, areMagnitudes: true)
        let places = geometry.outputHeight * geometry.outputWidth
        for n in 0..<geometry.batch {
            for (place, got) in projected.sums(ofImage: n).enumerated() {
                let (pixel, group) = place.quotientAndRemainder(dividingBy: geometry.groups)
                #expect(got == sum(magnitudes, n * places + pixel, group, geometry, ones), "\(problem)")
            }
        }
    }

    /// Elements that are computed alone have the bits that they have in the whole answer, whatever the data.
    @Test(arguments: 0..<100) func elementsAreThoseOfTheOutput(seed: UInt64) throws {
        var random = RandomNumbers(seed: seed)
        let types: [ElementType] = [.float32, .float64, .float16, .bfloat16]
        let problem = Problem.random(.forward, types[Int(seed) % 4], using: &random)
        let operands = try problem.operands {
            Double(seed % 3 == 0 ? random.real(exponents: -9...9) : random.real())
        }
        let geometry = try problem.geometry()
        let whole = try ExactConvolution().answer(to: problem, operands)
        for group in 0..<geometry.groups {
            let size = geometry.filtersPerGroup
            let filters = (group * size..<(group + 1) * size).shuffled(using: &random)
            var positions: [OutputPosition] = []
            for n in 0..<geometry.batch {
                for y in 0..<geometry.outputHeight {
                    for x in 0..<geometry.outputWidth { positions.append(.init(batch: n, row: y, column: x)) }
                }
            }
            positions.shuffle(using: &random)
            let some = try ExactConvolution().elements(of: problem, operands, at: positions, filters: filters)
            for (row, position) in positions.enumerated() {
                for (column, f) in filters.enumerated() {
                    let place = row * filters.count + column
                    let (n, y, x) = (position.batch, position.row, position.column)
                    #expect(some.expected[place].bitPattern == whole.expected[n, y, x, f].bitPattern, "\(problem)")
                    #expect(some.magnitude[place] == whole.magnitude[n, y, x, f], "\(problem)")
                }
            }
        }
    }
}
