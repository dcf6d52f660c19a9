import Conformance
import Convolution
import Testing

@testable import Reporting

/// The plane of the worst element in characters.
struct PlaneMapTests {
    /// A comparison in which the elements at some indices are wrong, the last of them the worst.
    private func comparison(_ problem: Problem, covered: Int? = nil, wrongAt isWrong: (Shape) -> Bool) throws
        -> Comparison
    {
        let region = AnswerRegion(try problem.geometry(), problem.operation.answer)
        let shape = region.geometry.shape(of: region.role)
        let strides = AxisOrder.logical.strides(of: shape)
        var location = MismatchLocation(in: region)
        var bits = [UInt8](repeating: 0, count: (shape.count + 7) / 8)
        var worst: [Mismatch] = []
        for offset in 0..<shape.count {
            let index = Shape(
                offset / strides[0], offset / strides[1] % shape[1], offset / strides[2] % shape[2], offset % shape[3])
            guard isWrong(index) else { continue }
            location.insert(index)
            if offset < covered ?? .max { bits[offset / 8] |= 1 << UInt8(offset % 8) }
            worst = [Mismatch(kind: .value, index: index, want: 1, got: 2, allowed: 0, ratio: .infinity, ulp: 1)]
        }
        let reach = covered ?? shape.count
        return Comparison(
            elements: shape.count, mismatched: location.total, ratio: .infinity, worst: worst, location: location,
            mask: ElementMask(coding: .bits, bytes: Array(bits.prefix((reach + 7) / 8)), covered: reach))
    }

    @Test func anOutputShowsThePlaneOfTheWorstElement() throws {
        let problem = Problem(input: [2, 5, 12, 1], filter: [1, 1, 1, 3])
        let map = try #require(PlaneMap(try comparison(problem) { $0[0] == 1 && $0[3] == 2 && $0[2] >= 11 - $0[1] }))
        #expect(
            map.lines(columns: 80) == [
                "filter 2 of batch 1, 15 of 60 elements wrong (#)",
                "   0         10",
                "0  ...........#",
                "1  ..........##",
                "2  .........###",
                "3  ........####",
                "4  .......#####",
            ])
    }

    @Test func gradientsHavePlanesOfTheirOwn() throws {
        var problem = Problem(input: [2, 6, 7, 4], filter: [2, 3, 2, 6], groups: 2, operation: .filterGradient)
        let filter = try #require(
            PlaneMap(try comparison(problem) { $0[0] == 1 && $0[1] == 2 && $0[2] == 1 && $0[3] == 5 }))
        #expect(
            filter.lines(columns: 80)
                == ["filter 5 of channel 1, 1 of 6 elements wrong (#)", "   0", "0  ...", "1  ..#"])
        problem.operation = .inputGradient
        let input = try #require(PlaneMap(try comparison(problem) { $0[1] == 5 && $0[3] == 3 }))
        #expect(input.lines(columns: 80).first == "channel 3 of batch 1, 7 of 42 elements wrong (#)")
        #expect(input.lines(columns: 80).last == "5  #######")
        problem.operation = .biasGradient
        let bias = try #require(PlaneMap(try comparison(problem) { $0[3] % 2 == 1 }))
        #expect(bias.lines(columns: 80) == ["3 of 6 elements wrong (#)", "   0    5", "0  .#.#.#"])
    }

    @Test func aLargePlaneIsDrawnInBlocks() throws {
        let problem = Problem(input: [1, 60, 200, 1], filter: [1, 1, 1, 1])
        let comparison = try comparison(problem) { $0[1] >= 30 && $0[2] >= 199 || $0[1] == 0 && $0[2] < 3 }
        for columns in [40, 80, 300] {
            let lines = try #require(PlaneMap(comparison)).lines(columns: columns)
            #expect(lines.allSatisfy { $0.count <= min(columns, 80) }, "\(lines)")
            #expect(lines.count <= 27)
        }
        let lines = try #require(PlaneMap(comparison)).lines(columns: 80)
        #expect(lines[0] == "33 of 12,000 elements wrong (#), 3 x 3 elements a character (+: some are)")
        #expect(lines[2].hasPrefix(" 0  +."))
        #expect(lines.last?.hasPrefix("57  .") == true)
        #expect(lines.last?.hasSuffix(".+") == true)
        // A block of which all is wrong: rows 30 to 32 of the last two columns.
        let whole = try self.comparison(problem) { $0[1] >= 30 && $0[2] >= 198 }
        #expect(try #require(PlaneMap(whole)).lines(columns: 80).last?.hasSuffix(".#") == true)
    }

    @Test func whatIsNotKnownIsNotDrawnAsRight() throws {
        let problem = Problem(input: [1, 4, 4, 1], filter: [1, 1, 1, 1])
        let map = try #require(PlaneMap(try comparison(problem, covered: 10) { $0[2] == 1 && $0[1] < 2 || $0[1] == 3 }))
        #expect(map.lines(columns: 80).dropFirst(2) == ["0  .#..", "1  .#..", "2  ..??", "3  ????"])
    }

    @Test func nothingIsDrawnWhereItWouldSayNothing() throws {
        let problem = Problem(input: [1, 4, 4, 1], filter: [1, 1, 1, 1])
        #expect(PlaneMap(try comparison(problem) { _ in true }) == nil)
        #expect(PlaneMap(Comparison(elements: 16, mismatched: 0, ratio: 2)) == nil)
        let pixel = Problem(input: [1, 1, 1, 1], filter: [1, 1, 1, 4])
        #expect(PlaneMap(try comparison(pixel) { $0[3] == 2 }) == nil)
    }
}
