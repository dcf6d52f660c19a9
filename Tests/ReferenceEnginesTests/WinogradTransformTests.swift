import Conformance
import Convolution
import ExactArithmetic
import Testing
import _TestSupport

@testable import ReferenceEngines

@Suite struct WinogradTransforms {
    static let all = [WinogradTransform.twoByTwo, .fourByFour]

    /// Along an axis, sum over i of A^T[o, i] G[i, k] B^T[i, j] is 1 where output o has tap k on input j, and else 0.
    @Test(arguments: all)
    func matricesGiveEachOutputItsTaps(transform: WinogradTransform) {
        let (outputs, inputs) = (transform.outputTile, transform.inputTile)
        #expect(transform.input.map(\.count) == Array(repeating: inputs, count: inputs))
        #expect(transform.filter.map(\.count) == Array(repeating: 3, count: inputs))
        #expect(transform.output.map(\.count) == Array(repeating: inputs, count: outputs))
        for o in 0..<outputs {
            for k in 0..<3 {
                for j in 0..<inputs {
                    let sum = (0..<inputs).reduce(0) {
                        $0 + transform.output[o][$1] * transform.filter[$1][k] * transform.input[$1][j]
                    }
                    #expect(sum == (j == o + k ? transform.filterDenominator : 0), "output \(o), tap \(k), input \(j)")
                }
            }
        }
    }

    @Test func bothAxesOfATileAreTransformed() {
        // [[1, 2], [3, 4], [5, 6]] / 2 times [[7, 8], [9, 10]] times its own transpose, for two tiles side by side.
        let matrix = TileMatrix([[1, 2], [3, 4], [5, 6]], over: 2)
        let tiles: [Float] = [7, 70, 8, 80, 9, 90, 10, 100]
        let half = Scratch<Float>(repeating: 0, count: 12)
        let result = Scratch<Float>(repeating: .nan, count: 18)
        matrix.transform(tiles, depth: 2, half: half.pointer, to: result.pointer)
        let want: [Float] = [
            81, 187, 293, 185, 427, 669, 289, 667, 1045,
        ].map { $0 / 4 }
        #expect((0..<9).map { result.pointer[2 * $0] } == want)
        #expect((0..<9).map { result.pointer[2 * $0 + 1] } == want.map { 10 * $0 })
    }

    /// Every tile, every remainder of an output's rows and columns, every channel and group is in its place. F(2x2,
    /// 3x3) is exact on small integers, F(4x4, 3x3) has fractions that must round away.
    @Test(arguments: [WinogradEngine.OutputTile.twoByTwo, .fourByFour])
    func integersAreRightAtEverySizeAndRemainder(tile: WinogradEngine.OutputTile) throws {
        var random = RandomNumbers(seed: 33)
        for (number, layouts) in zip(0..<81, repeatElement(Call.layouts, count: 11).joined()) {
            let (groups, pads) = (1 + number % 2, Pads(top: 1, bottom: -1, left: number % 3 - 1, right: 2))
            let problem = Problem(
                input: [2, 3 + number / 9, 2 + number % 9 - pads.left, 3 * groups], filter: [3, 3, 3, 2 * groups],
                biasCount: number % 4 == 0 ? 2 * groups : nil, padding: .explicit(pads), groups: groups)
            let call = Call(problem) { random.integer(20) }
            var got = try call.output(of: WinogradEngine(outputTile: tile), in: layouts).reordered(to: .logical)
            if tile == .fourByFour { got.elements = got.elements.map { $0.rounded() } }
            #expect(got == (try call.output(of: ExactReference())), "\(problem) \(layouts)")
        }
    }

    @Test(arguments: [WinogradEngine.OutputTile.twoByTwo, .fourByFour])
    func otherKernelsStridesAndDilationsAreRefused(tile: WinogradEngine.OutputTile) throws {
        let problem = Problem(input: [1, 9, 9, 1], filter: [3, 3, 1, 1])
        let changes: [(inout Problem) -> Void] = [
            { $0.filter = [3, 2, 1, 1] }, { $0.filter = [5, 3, 1, 1] }, { $0.strides.height = 2 },
            { $0.strides.width = 3 }, { $0.dilations.height = 2 }, { $0.dilations.width = 2 },
        ]
        let engine = WinogradEngine(outputTile: tile)
        _ = try Call(problem) { 1 }.output(of: engine)
        for change in changes {
            var changed = problem
            change(&changed)
            #expect(throws: EngineRefusal.self, "\(changed)") { try Call(changed) { 1 }.output(of: engine) }
        }
    }
}
