import Conformance
import Testing

@testable import Reporting

/// Every cause in words.
struct ReasonSentenceTests {
    @Test(arguments: [
        (Cause.stated("no memory"), "no memory"),
        (
            .wrongShape(got: [1, 2, 3, 4], want: [1, 2, 5, 6]),
            "wrong output shape 1x2x3x4, expected 1x2x5x6: width is 3, expected 5; filters is 4, expected 6"
        ),
        (.acceptedInvalid(got: [1, 2, 3, 4]), "an invalid problem was answered with an output of shape 1x2x3x4"),
        (
            .acceptedBeyondInput(got: [1, 1, 1, 1], empty: [1, 0, 1, 1]),
            "the kernel is larger than the padded input, which was answered with an output of shape 1x1x1x1, "
                + "expected a refusal, or no elements in the shape 1x0x1x1"
        ),
        (.rejectedValid("odd"), "a valid problem was rejected: odd"),
        (.rejectedEmpty("none"), "the engine rejects tensors without elements: none"),
        (.refused("no memory"), "the engine refused it: no memory"),
        (
            .touchedOutside(MemoryTouch(.write, .before, "output", distance: 1)),
            "the engine wrote 1 byte before the beginning of the output"
        ),
        (
            .touchedOutside(MemoryTouch(.touch, .behind, "bias", distance: 0)),
            "the engine touched memory directly behind the end of the bias"
        ),
        (
            .touchedOutside(MemoryTouch(.read, .afterReturn, "input", distance: 0)),
            "the engine read the input of a call that had returned"
        ),
        (.changedOperand("it changed its bias"), "it changed its bias"),
        (.answersDiffer("asked twice"), "answers differ between runs: asked twice"),
        (
            .touchedOutside(MemoryTouch(.write, .between, "input", distance: 0)),
            "the engine wrote between the rows of the input, which lie apart in memory"
        ),
        (
            .wrongOnViews(.reversedBatch, "it crashed"),
            "right on dense tensors, but not on tensors whose batch is reversed: it crashed"
        ),
        (.undeclared(.groups), "the engine declares that it takes no groups"),
        (.undeclared(.strides), "the engine declares that it takes no strides above 1"),
        (
            .undeclared(.inferredGroups),
            "the engine declares that it infers its groups, and channels of input and filter say another number"
        ),
        (.undeclared(.integerBits), "sums of integers may need more bits than the engine declares"),
        (.undeclared(.dilations), "the engine declares that it takes no dilations"),
        (.undeclared(.asymmetricPads), "the engine declares that it takes no asymmetric pads"),
        (.undeclared(.negativePads), "the engine does not declare that it takes negative pads"),
        (.undeclared(.bias), "the engine declares that it takes no bias"),
        (.overMemory(needed: 5 << 20, limit: 3 << 20), "skipped: it needs 5 MiB, and --memory-limit is 3"),
        (.interrupted(isBegun: true), "no answer yet: the run was interrupted"),
        (.interrupted(isBegun: false), "not run: the run was interrupted"),
        (.failureLimit(1), "not run: the run ends after 1 failure"),
        (.failureLimit(3), "not run: the run ends after 3 failures"),
        (.notReached, "not run"),
        (.shortage("no threads"), "not run: no threads"),
        (.damagedGolden("grid.h5: checksum"), "golden data damaged: grid.h5: checksum"),
        (.invalidGolden("no rows"), "the golden problem is invalid: no rows"),
    ])
    func aCauseInWords(_ cause: Cause, _ words: String) {
        #expect(Verdict(.fail, cause).reason == words)
    }

    @Test func aMismatchIsToldFromItsNumbers() throws {
        let wrong = try SampleRun.comparison { $0[2] == 8 }
        let mismatch = Verdict(.fail, .mismatch, comparison: wrong).reason
        #expect(mismatch?.hasPrefix("48 of 432 elements differ: got 3") == true)
        let lost = Comparison(elements: 9, mismatched: 0, ratio: 2, rms: 8, rmsLimit: 4)
        let reason = Verdict(.fail, .precisionLost, comparison: lost).reason
        #expect(reason?.contains("root mean square error is 2 times what is allowed") == true)
        #expect(Verdict(.pass).reason == nil)
    }

    /// Between numbers of two signs, or that are far from each other, a distance in ULP tells nobody anything.
    @Test(arguments: [
        (3.0, Double(Float(3).nextUp), 1, true), (3, 3.01, 41_943, true), (3, 4, 4_194_304, false),
        (1, -1, 2_130_706_432, false),
        (1e-45, -Double(Float.leastNonzeroMagnitude), 2, false),
        (.infinity, Double(Float.greatestFiniteMagnitude), 1, false),
    ])
    func theDistanceInULPIsToldWhereItSaysSomething(_ want: Double, _ got: Double, _ ulp: Int, _ isTold: Bool) {
        let mismatch = Mismatch(
            kind: .value, index: [0, 0, 0, 0], want: want, got: got, allowed: 0, ratio: 1, ulp: ulp)
        #expect(mismatch.tellingULP == (isTold ? ulp : nil))
    }
}
