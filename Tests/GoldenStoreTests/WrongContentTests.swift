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
        Change("has format version 3, and the only one known here is 5") { $0.root["format_version"] = .int64(3) },
        Change("attribute 'format_version' is uint64, expected int64") { $0.root["format_version"] = .uint64(5) },
        Change("attribute 'suite' is 'grid', expected 'draft'") { $0.root["suite"] = .string("grid") },
        Change("attribute 'title' is missing") { $0.root["title"] = nil },
        Change("attribute 'kind' is unknown in format version 5") { $0.root["kind"] = .string("digest") },
        Change("holds 'extra', expected 'cases' and 'table'") { $0.groups = ["extra"] },
        Change("has no 'table'") { $0.members = [:] },
        Change("table 'table': member 'strides' is missing, expected int64[2]") { $0.members["strides"] = nil },
        Change("table 'table': member 'strides' is int64[3], expected int64[2]") {
            $0.members["strides"] = .int64s([1, 2, 3])
        },
        Change("table 'table': member 'groups' is int64[1], expected int64") { $0.members["groups"] = .int64s([1]) },
        Change("table 'table': member 'seed' is int64, expected uint64") { $0.members["seed"] = .int64(5) },
        Change("table 'table': member 'tags' is uint64, expected fixed-length string") {
            $0.members["tags"] = .uint64(1)
        },
        Change("table 'table': member 'source' is int64, expected fixed-length string") {
            $0.members["source"] = .int64(1)
        },
        Change("table 'table': has the member 'sample', unknown in format version 5") {
            $0.members["sample"] = .int64(3)
        },
        Change("case 'two' of the table has no group") {
            $0.members["name"] = .string("two")
            $0.caseName = nil
        },
    ]

    @Test(arguments: ofTheFile)
    func aFaultOfTheFileIsNamed(change: Change) throws {
        var draft = Draft()
        change.make(&draft)
        let faults = try draft.faults()
        #expect(faults.count == 1 && faults[0].hasPrefix("draft.h5: \(change.words)"), "\(faults)")
    }

    static let ofMembers = [
        Change("member 'input_shape' is [1, 2, -3, 1], expected sizes of 0 or more") {
            $0.members["input_shape"] = .int64s([1, 2, -3, 1])
        },
        Change("member 'bias_count' is -2, expected 0 or more, or -1 where there is no bias") {
            $0.members["bias_count"] = .int64(-2)
        },
        Change("member 'tags' has an empty line among its texts") { $0.members["tags"] = .strings(["a", "", "b"]) },
        Change("member 'input_sha256' is there, which a case of this kind does not have") {
            $0.members["input_sha256"] = .string("0123")
        },
        Change("member 'padding' is 'SAME', expected 'VALID', 'SAME_UPPER', 'SAME_LOWER' or 'EXPLICIT'") {
            $0.members["padding"] = .string("SAME")
        },
        Change("member 'data' is 'complex', expected 'integer', 'real' or 'special'") {
            $0.members["data"] = .string("complex")
        },
        Change("member 'expect' is 'digest', expected 'output', 'rejection' or 'rejection-or-empty'") {
            $0.members["expect"] = .string("digest")
        },
        Change("member 'pads' is [1, 0, 0, 0], expected [0, 1, 0, 0] for SAME_UPPER") {
            $0.members["pads"] = .int64s([1, 0, 0, 0])
        },
        Change("member 'expect' is 'output', but the problem is invalid: groups is 0") {
            $0.members["groups"] = .int64(0)
        },
        Change("member 'expect' is 'output', but the problem is invalid: stride (height) is -1") {
            $0.members["strides"] = .int64s([-1, 2])
        },
        Change("member 'expect' is 'output', but the problem is invalid: the padded height") {
            $0.members["dilations"] = .int64s([.max, .max])
            $0.members["padding"] = .string("EXPLICIT")
            $0.members["pads"] = .int64s([.max, .max, .min, .min])
        },
    ]

    static let ofDatasets = [
        Change("dataset 'input' is missing") { $0.datasets["input"] = nil },
        Change("dataset 'magnitude' is missing, and member 'expect' is 'output'") { $0.datasets["magnitude"] = nil },
        Change("'answer' is not a dataset of format version 5, expected 'input', 'filter'") {
            $0.datasets["answer"] = .floats([1], [1])
        },
        Change("dataset 'output' is there, and member 'expect' is 'output'") {
            $0.datasets["output"] = .floats([1, 2, 2, 2], [Float](repeating: 1, count: 8))
        },
        Change("dataset 'input_zero_point' is there, and member 'expect' is 'output'") {
            $0.datasets["input_zero_point"] = .integers([1], [1])
        },
        Change("dataset 'filter' holds float64, expected float32") {
            $0.datasets["filter"] = .doubles([2, 1, 1, 2], [1, 2, 3, 4])
        },
        Change("dataset 'expected' holds float32, expected float64") {
            $0.datasets["expected"] = .floats([1, 2, 2, 2], [14, 17, 22, 29, 5, 7, 7, 11])
        },
        Change("dataset 'bias' holds int64, expected float32") { $0.datasets["bias"] = .integers([2], [1, -1]) },
        Change("dataset 'bias' has shape [2, 1], expected [2] from the table") {
            $0.datasets["bias"] = .floats([2, 1], [1, -1])
        },
        Change("dataset 'bias' is there, and member 'expect' is 'output', without a bias") {
            $0.members["bias_count"] = nil
        },
        Change("dataset 'bias' is missing, and member 'expect' is 'output'") { $0.datasets["bias"] = nil },
        Change("dataset 'input' has shape [6], expected [1, 2, 3, 1] from the table") {
            $0.datasets["input"] = .floats([6], [1, 2, 3, 4, 5, 6])
        },
        Change("but the problem is invalid: the filter has 2 channels, expected 1") {
            $0.members["filter_shape"] = .int64s([1, 1, 2, 2])
        },
        Change("but the problem is invalid: there are 1 biases, expected one for each of 2 filters") {
            $0.members["bias_count"] = .int64(1)
        },
        Change("dataset 'expected' has shape [1, 2, 4, 1], expected [1, 2, 2, 2] from the table") {
            $0.datasets["expected"] = .doubles([1, 2, 4, 1], [14, 17, 22, 29, 5, 7, 7, 11])
        },
        Change("dataset 'magnitude' has shape [2, 2, 2, 1], expected [1, 2, 2, 2] from the table") {
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

    @Test(arguments: ofMembers + ofDatasets + ofValues)
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
        draft.members["name"] = .string("two words")
        #expect(
            try draft.faults() == [
                "draft.h5: case draft/two words: its name holds characters other than letters, digits and _-+.,="
            ])
    }

    @Test
    func everyFaultIsFoundNotOnlyTheFirst() throws {
        var draft = Draft()
        draft.members["padding"] = .string("SAME")
        draft.members["data"] = .string("complex")
        #expect(try draft.faults().count == 2)
        draft = Draft()
        draft.datasets["bias"] = .integers([2], [1, -1])
        draft.datasets["filter"] = .doubles([2, 1, 1, 2], [1, 2, 3, 4])
        #expect(try draft.faults().count == 2)
    }

    @Test
    func aRejectionHasNoOutputAndAnInvalidProblem() throws {
        var draft = Draft()
        draft.members["expect"] = .string("rejection")
        #expect(try draft.faults().contains { $0.contains("'rejection', but the problem is valid") })
        draft.members["groups"] = .int64(0)
        let faults = try draft.faults()
        #expect(
            faults.count == 2 && faults.allSatisfy { $0.contains("is there, and member 'expect' is 'rejection'") })
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
        draft.members["expect"] = .string("rejection-or-empty")
        draft.members["padding"] = .string("EXPLICIT")
        draft.members["pads"] = .int64s([0, -1, 0, 0])
        #expect(try draft.faults() == [])
        draft.members["strides"] = .int64s([1, 0])
        #expect(try draft.faults().joined().contains("\(more): stride (width) is 0"))
        draft.members["strides"] = .int64s([1, 2])
        draft.members["dilations"] = .int64s([1 << 40, 1 << 40])
        #expect(try draft.faults() == [])
        draft.members["dilations"] = .int64s([1, 1])
        // Cropped by more than there is.
        draft.members["pads"] = .int64s([0, -3, 0, 0])
        #expect(try draft.faults().joined().contains(more))
        draft.members["pads"] = .int64s([.max, .max, 0, 0])
        #expect(try draft.faults().joined().contains(more))
        draft.members["pads"] = .int64s([0, 1, 0, 0])
        #expect(try draft.faults().joined().contains("'rejection-or-empty', but the problem is valid"))
        draft.members["padding"] = .string("VALID")
        draft.members["pads"] = .int64s([0, 0, 0, 0])
        draft.members["dilations"] = .int64s([2, 1])
        #expect(try draft.faults() == [])
        draft.members["pads"] = .int64s([0, 1, 0, 0])
        #expect(try draft.faults().joined().contains("member 'pads' is [0, 1, 0, 0], expected [0, 0, 0, 0]"))
    }

    @Test
    func specialDataMayHoldAnything() throws {
        var draft = Draft()
        draft.members["data"] = .string("special")
        draft.datasets["input"] = .floats([1, 2, 3, 1], [.nan, 2, 3, 4, 5, 6])
        draft.datasets["expected"] = .doubles([1, 2, 2, 2], [.nan, .infinity, 22, 29, 5, 7, 7, 11])
        draft.datasets["magnitude"] = .floats([1, 2, 2, 2], [.nan, .infinity, 22, 31, 5, 9, 7, 13])
        #expect(try draft.faults() == [])
    }
}
