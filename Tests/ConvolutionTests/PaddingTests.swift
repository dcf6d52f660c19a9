import Convolution
import Testing

@Suite struct PaddingTests {
    @Test func namesAreThoseOfGoldenFiles() {
        let pads = Pads(top: 1, bottom: 2, left: 3, right: 4)
        for (padding, name) in [
            (Padding.valid, "VALID"), (.sameUpper, "SAME_UPPER"), (.sameLower, "SAME_LOWER"),
            (.explicit(pads), "EXPLICIT"),
        ] {
            #expect(padding.name == name)
            #expect(Padding(name: name, pads: pads) == padding)
        }
        #expect(Padding(name: "same", pads: pads) == nil)
        #expect(pads.list == [1, 2, 3, 4])
    }

    /// SAME 3x3 stride 2: 1x1 pads both sides alike, 2x2 pads the end only (tensorflow#17654).
    @Test func sameOfOneAndTwoRowsDiffer() {
        func pads(_ size: Int) -> Pads {
            Problem(
                input: [1, size, size, 1], filter: [3, 3, 1, 1], strides: Extent(height: 2, width: 2),
                padding: .sameUpper
            ).pads
        }
        #expect(pads(1) == Pads(top: 1, bottom: 1, left: 1, right: 1))
        #expect(pads(2) == Pads(top: 0, bottom: 1, left: 0, right: 1))
    }

    @Test func strideBeyondTheKernelNeedsNoPads() {
        let problem = Problem(
            input: [1, 4, 4, 1], filter: [1, 1, 1, 1], strides: Extent(height: 2, width: 2), padding: .sameUpper)
        #expect(problem.pads == .none)
    }

    @Test func symmetryIsPerAxis() {
        #expect(Pads(top: 1, bottom: 1, left: 2, right: 2).areSymmetric)
        #expect(!Pads(top: 1, bottom: 1, left: 2, right: 1).areSymmetric)
        #expect(!Pads(top: 1, bottom: 0, left: 2, right: 2).areSymmetric)
    }

    @Test func problemsAreDescribedInOneLine() {
        let problem = Problem(
            input: [1, 5, 6, 4], filter: [3, 2, 2, 8], biasCount: 8, strides: Extent(height: 2, width: 1),
            padding: .sameUpper, groups: 2)
        #expect(
            problem.description
                == "input 1x5x6x4, filter 3x2x2x8, stride 2x1, SAME_UPPER pads t1b1l0r1, groups 2, bias, output 1x3x6x8"
        )
    }
}
