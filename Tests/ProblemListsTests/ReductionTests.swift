import Convolution
import Foundation
import ProblemLists
import Testing

@Suite struct ReductionTests {
    /// KernelBench's 63, and 75 transposed.
    private let large = Problem(input: [16, 1024, 1024, 16], filter: [3, 3, 16, 128])
    private let transposed = Problem(
        input: [16, 257, 766, 64], filter: [3, 5, 16, 32], strides: Extent(height: 2, width: 3),
        dilations: Extent(height: 2, width: 1), padding: .explicit(Pads(top: 1, bottom: 1, left: 2, right: 2)),
        groups: 4, operation: .inputGradient)

    @Test func whatFitsStaysAsItIs() {
        #expect(Reduction().reduced(large) == large)
        #expect(Reduction(mostProducts: large.products, mostBytes: large.bytesInMemory()).reduced(large) == large)
    }

    @Test func theBatchShrinksFirstToWhatFits() {
        let image = large.products / 16
        let reduced = Reduction(mostProducts: 3.5 * image).reduced(large)
        #expect(reduced.input == [3, 1024, 1024, 16])
        #expect(reduced.filter == large.filter)
        let bytes = Reduction(mostBytes: large.bytesInMemory() - 1).reduced(large)
        #expect(bytes.input == [15, 1024, 1024, 16])
    }

    @Test func thenTheImageInProportion() throws {
        let most = large.products / 16 / 4
        let reduced = Reduction(mostProducts: most).reduced(large)
        let (rows, columns) = (reduced.input[1], reduced.input[2])
        #expect(reduced.input[0] == 1 && reduced.input[3] == 16 && rows == columns)
        #expect(reduced.products <= most)
        var larger = reduced
        larger.input[1] += 1
        larger.input[2] += 1
        #expect(larger.products > most)
    }

    @Test(arguments: [1e8, 1e6, 1e4])
    func whatLiesBehindTheLastWindowStays(_ most: Double) throws {
        for var problem in [large, transposed] {
            problem.input[1] += 1
            let reduced = Reduction(mostProducts: most).reduced(problem)
            #expect(reduced.input[0] == 1)
            let (before, after) = (try problem.geometry(), try reduced.geometry())
            #expect(after.outputHeight < before.outputHeight && after.outputWidth < before.outputWidth)
            #expect((before.height - after.height) % before.strides.height == 0)
            #expect((before.width - after.width) % before.strides.width == 0)
            #expect(reduced.products <= most || after.outputHeight * after.outputWidth == 1)
            #expect(reduced.pads == problem.pads && reduced.groups == problem.groups)
        }
    }

    @Test func theSmallestImageIsWhatIsLeft() throws {
        let reduced = Reduction(mostProducts: 1).reduced(transposed)
        #expect(try reduced.geometry().outputHeight == 1)
        #expect(try reduced.geometry().outputWidth == 1)
        // Pads alone hold a window, and one row and column of the input stay.
        let padded = Problem(
            input: [2, 5, 6, 3], filter: [1, 1, 3, 2],
            padding: .explicit(Pads(top: 4, bottom: 4, left: 4, right: 4)))
        #expect(Reduction(mostBytes: 1).reduced(padded).input == [1, 1, 1, 3])
        let invalid = Problem(input: [2, 2, 2, 3], filter: [3, 3, 3, 2])
        #expect(Reduction(mostBytes: 1).reduced(invalid) == invalid)
    }
}
