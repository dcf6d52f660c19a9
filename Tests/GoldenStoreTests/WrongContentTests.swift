import HDF5
import Testing

/// A file that HDF5 reads, but whose content is not what the format says: each fault is named, with its place.
struct WrongContentTests {
    /// A change of a sound draft, and the words that the fault must have.
    struct Change: Sendable, CustomTestStringConvertible {
        let words: String
        let make: @Sendable (inout Draft) -> Void
        var testDescription: String { words }

        init(_ words: String, _ make: @escaping @Sendable (inout Draft) -> Void) {
            self.words = words
            self.make = make
        }
    }

    @Test
    func aSoundDraftHasNoFault() throws {
        #expect(try Draft().faults() == [])
    }

    static let ofTheFile = [
        Change("attribute 'format' is 'other', expected 'convcheck-golden'") { $0.root["format"] = .string("other") },
        Change("attribute 'format' is missing, expected fixed-length string") { $0.root["format"] = nil },
        Change("attribute 'format' is int64, expected fixed-length string") { $0.root["format"] = .int64(1) },
        Change("has format version 1, and the only one known here is 2") { $0.root["format_version"] = .int64(1) },
        Change("attribute 'format_version' is uint64, expected int64") { $0.root["format_version"] = .uint64(2) },
        Change("attribute 'suite' is 'grid', expected 'draft'") { $0.root["suite"] = .string("grid") },
        Change("attribute 'title' is missing") { $0.root["title"] = nil },
        Change("attribute 'kind' is unknown in format version 2") { $0.root["kind"] = .string("digest") },
        Change("holds 'extra', expected nothing but 'cases'") { $0.members = ["extra"] },
        Change("has no cases") { $0.caseName = nil },
    ]

    @Test(arguments: ofTheFile)
    func aFaultOfTheFileIsNamed(change: Change) throws {
        var draft = Draft()
        change.make(&draft)
        let faults = try draft.faults()
        #expect(faults.count == 1 && faults[0].hasPrefix("draft.h5: \(change.words)"), "\(faults)")
    }

    static let ofAttributes = [
        Change("attribute 'strides' is missing, expected int64[2]") { $0.attributes["strides"] = nil },
        Change("attribute 'strides' is int64[3], expected int64[2]") { $0.attributes["strides"] = .int64s([1, 2, 3]) },
        Change("attribute 'dilations' is uint64[2], expected int64[2]") {
            $0.attributes["dilations"] = .uint64s([1, 1])
        },
        Change("attribute 'dilations' is float64[2], expected int64[2]") {
            $0.attributes["dilations"] = .float64s([1, 1])
        },
        Change("attribute 'groups' is int64[1], expected int64") { $0.attributes["groups"] = .int64s([1]) },
        Change("attribute 'seed' is int64, expected uint64") { $0.attributes["seed"] = .int64(5) },
        Change("attribute 'tags' is fixed-length string, expected fixed-length string[]") {
            $0.attributes["tags"] = .string("bias")
        },
        Change("attribute 'note' is fixed-length string[1], expected fixed-length string") {
            $0.attributes["note"] = .strings(["a"])
        },
        Change("attribute 'source' is int64, expected fixed-length string") { $0.attributes["source"] = .int64(1) },
        Change("attribute 'padding' is 'SAME', expected 'VALID', 'SAME_UPPER', 'SAME_LOWER' or 'EXPLICIT'") {
            $0.attributes["padding"] = .string("SAME")
        },
        Change("attribute 'data' is 'complex', expected 'integer', 'real' or 'special'") {
            $0.attributes["data"] = .string("complex")
        },
        Change("attribute 'expect' is 'digest', expected 'output', 'rejection' or 'rejection-or-empty'") {
            $0.attributes["expect"] = .string("digest")
        },
        Change("attribute 'sample' is unknown in format version 2") { $0.attributes["sample"] = .int64(3) },
        Change("attribute 'pads' is [1, 0, 0, 0], expected [0, 1, 0, 0] for SAME_UPPER") {
            $0.attributes["pads"] = .int64s([1, 0, 0, 0])
        },
        Change("attribute 'expect' is 'output', but the problem is invalid: groups is 0") {
            $0.attributes["groups"] = .int64(0)
        },
        Change("attribute 'expect' is 'output', but the problem is invalid: stride (height) is -1") {
            $0.attributes["strides"] = .int64s([-1, 2])
        },
        Change("attribute 'expect' is 'output', but the problem is invalid: the padded height") {
            $0.attributes["dilations"] = .int64s([.max, .max])
            $0.attributes["padding"] = .string("EXPLICIT")
            $0.attributes["pads"] = .int64s([.max, .max, .min, .min])
        },
    ]

    static let ofDatasets = [
        Change("dataset 'input' is missing") { $0.datasets["input"] = nil },
        Change("dataset 'magnitude' is missing, and attribute 'expect' is 'output'") { $0.datasets["magnitude"] = nil },
        Change("'output' is not a dataset of format version 2, expected 'input', 'filter'") {
            $0.datasets["output"] = .floats([1], [1])
        },
        Change("dataset 'filter' holds float64, expected float32") {
            $0.datasets["filter"] = .doubles([2, 1, 1, 2], [1, 2, 3, 4])
        },
        Change("dataset 'expected' holds float32, expected float64") {
            $0.datasets["expected"] = .floats([1, 2, 2, 2], [14, 17, 22, 29, 5, 7, 7, 11])
        },
        Change("dataset 'bias' holds int64, expected float32") { $0.datasets["bias"] = .integers([2], [1, -1]) },
        Change("dataset 'bias' has shape [2, 1] of rank 2, expected rank 1") {
            $0.datasets["bias"] = .floats([2, 1], [1, -1])
        },
        Change("dataset 'input' has shape [6] of rank 1, expected rank 4") {
            $0.datasets["input"] = .floats([6], [1, 2, 3, 4, 5, 6])
        },
        Change("but the problem is invalid: the filter has 2 channels, expected 1") {
            $0.datasets["filter"] = .floats([1, 1, 2, 2], [1, 2, 3, 4])
        },
        Change("but the problem is invalid: there are 1 biases, expected one for each of 2 filters") {
            $0.datasets["bias"] = .floats([1], [1])
        },
        Change("dataset 'expected' has shape [1, 2, 4, 1], expected [1, 2, 2, 2] from the case's geometry") {
            $0.datasets["expected"] = .doubles([1, 2, 4, 1], [14, 17, 22, 29, 5, 7, 7, 11])
        },
        Change("dataset 'magnitude' has shape [2, 2, 2, 1], expected [1, 2, 2, 2] from the case's geometry") {
            $0.datasets["magnitude"] = .floats([2, 2, 2, 1], [14, 19, 22, 31, 5, 9, 7, 13])
        },
    ]

    static let ofValues = [
        Change("dataset 'magnitude' has nan at element 3, expected a number from 0") {
            $0.datasets["magnitude"] = .floats([1, 2, 2, 2], [14, 19, 22, .nan, 5, 9, 7, 13])
        },
        Change("dataset 'magnitude' has inf at element 0, expected a number from 0") {
            $0.datasets["magnitude"] = .floats([1, 2, 2, 2], [.infinity, 19, 22, 31, 5, 9, 7, 13])
        },
        Change("dataset 'magnitude' has 1.6777218e+07 at element 7, expected a number from 0 to 16777216.0") {
            $0.datasets["magnitude"] = .floats([1, 2, 2, 2], [14, 19, 22, 31, 5, 9, 7, 0x1p24 + 2])
        },
        Change("dataset 'expected' has 14.0 at element 0, expected at most the magnitude there") {
            $0.datasets["magnitude"] = .floats([1, 2, 2, 2], [13, 19, 22, 31, 5, 9, 7, 13])
        },
        Change("dataset 'expected' has nan at element 7, expected at most the magnitude there") {
            $0.datasets["expected"] = .doubles([1, 2, 2, 2], [14, 17, 22, 29, 5, 7, 7, .nan])
        },
        Change("dataset 'input' has -inf at element 5, expected a finite number") {
            $0.datasets["input"] = .floats([1, 2, 3, 1], [1, 2, 3, 4, 5, -.infinity])
        },
        Change("dataset 'filter' has nan at element 0, expected a finite number") {
            $0.datasets["filter"] = .floats([2, 1, 1, 2], [.nan, 2, 3, 4])
        },
        Change("dataset 'bias' has nan at element 1, expected a finite number") {
            $0.datasets["bias"] = .floats([2], [1, .nan])
        },
    ]

    @Test(arguments: ofAttributes + ofDatasets + ofValues)
    func aFaultOfTheCaseIsNamed(change: Change) throws {
        var draft = Draft()
        change.make(&draft)
        let faults = try draft.faults()
        #expect(
            faults.contains { $0.hasPrefix("draft.h5: case draft/one: ") && $0.contains(change.words) }, "\(faults)")
    }

    @Test
    func aCaseWithAnOddNameIsRefused() throws {
        var draft = Draft()
        draft.caseName = "two words"
        #expect(
            try draft.faults() == [
                "draft.h5: case draft/two words: its name holds characters other than letters, digits and _-+.,="
            ])
    }

    @Test
    func everyFaultIsFoundNotOnlyTheFirst() throws {
        var draft = Draft()
        draft.attributes["strides"] = nil
        draft.attributes["data"] = .string("complex")
        draft.datasets["filter"] = .doubles([2, 1, 1, 2], [1, 2, 3, 4])
        #expect(try draft.faults().count == 3)
    }

    @Test
    func aRejectionHasNoOutputAndAnInvalidProblem() throws {
        var draft = Draft()
        draft.attributes["expect"] = .string("rejection")
        #expect(try draft.faults().contains { $0.contains("'rejection', but the problem is valid") })
        draft.attributes["groups"] = .int64(0)
        let faults = try draft.faults()
        #expect(
            faults.count == 2 && faults.allSatisfy { $0.contains("is there, and attribute 'expect' is 'rejection'") })
        draft.datasets["expected"] = nil
        draft.datasets["magnitude"] = nil
        #expect(try draft.faults() == [])
    }

    /// A kernel larger than the padded input, and nothing else that is wrong.
    @Test
    func aKernelBeyondTheInputIsRejectedOrAnsweredEmpty() throws {
        let more = "but more is wrong than a kernel larger than the padded input"
        var draft = Draft()
        draft.datasets["expected"] = nil
        draft.datasets["magnitude"] = nil
        draft.attributes["expect"] = .string("rejection-or-empty")
        draft.attributes["padding"] = .string("EXPLICIT")
        draft.attributes["pads"] = .int64s([0, -1, 0, 0])
        #expect(try draft.faults() == [])
        draft.attributes["strides"] = .int64s([1, 0])
        #expect(try draft.faults().joined().contains("\(more): stride (width) is 0"))
        draft.attributes["strides"] = .int64s([1, 2])
        draft.attributes["dilations"] = .int64s([1 << 40, 1 << 40])
        #expect(try draft.faults() == [])
        draft.attributes["dilations"] = .int64s([1, 1])
        // Cropped by more than there is.
        draft.attributes["pads"] = .int64s([0, -3, 0, 0])
        #expect(try draft.faults().joined().contains(more))
        draft.attributes["pads"] = .int64s([.max, .max, 0, 0])
        #expect(try draft.faults().joined().contains(more))
        draft.attributes["pads"] = .int64s([0, 1, 0, 0])
        #expect(try draft.faults().joined().contains("'rejection-or-empty', but the problem is valid"))
        draft.attributes["padding"] = .string("VALID")
        draft.attributes["pads"] = .int64s([0, 0, 0, 0])
        draft.attributes["dilations"] = .int64s([2, 1])
        #expect(try draft.faults() == [])
        draft.attributes["pads"] = .int64s([0, 1, 0, 0])
        #expect(try draft.faults().joined().contains("attribute 'pads' is [0, 1, 0, 0], expected [0, 0, 0, 0]"))
    }

    @Test
    func specialDataMayHoldAnything() throws {
        var draft = Draft()
        draft.attributes["data"] = .string("special")
        draft.datasets["input"] = .floats([1, 2, 3, 1], [.nan, 2, 3, 4, 5, 6])
        draft.datasets["expected"] = .doubles([1, 2, 2, 2], [.nan, .infinity, 22, 29, 5, 7, 7, 11])
        draft.datasets["magnitude"] = .floats([1, 2, 2, 2], [.nan, .infinity, 22, 31, 5, 9, 7, 13])
        #expect(try draft.faults() == [])
    }
}
