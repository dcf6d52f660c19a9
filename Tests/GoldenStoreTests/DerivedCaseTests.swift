import Conformance
import Convolution
import ExactArithmetic
import Foundation
import GoldenStore
import HDF5
import Testing
import _TestSupport

/// Cases whose tensors follow from their seed: proved by their digests, or refused.
@Suite struct DerivedCaseTests {
    private static let seed: UInt64 = 7

    /// A file with one derived case: 2x3 images of one channel, a 2x1 kernel, two filters, a bias.
    private static func draft() throws -> Draft {
        let problem = Problem(
            input: [1, 2, 3, 1], filter: [2, 1, 1, 2], biasCount: 2, strides: Extent(height: 1, width: 2),
            padding: .sameUpper)
        func draw(_ stream: Draw.Stream, _ count: Int, bound: UInt64) -> [Float] {
            Draw(bound: bound).elements(count: count, stream: stream, seed: seed).map { Float($0) }
        }
        let (input, filter, bias) = (draw(.input, 6, bound: 9), draw(.filter, 4, bound: 8), draw(.bias, 2, bound: 50))
        let output = try ExactConvolution().output(
            problem, input: Tensor(shape: problem.input, elements: input),
            filter: Tensor(shape: problem.filter, elements: filter), bias: bias)
        var draft = Draft()
        draft.members["seed"] = .uint64(seed)
        for (name, list) in [("input_shape", problem.input.list), ("filter_shape", problem.filter.list)] {
            draft.members[name] = .int64s(list.map { Int64($0) })
        }
        for (name, bound) in [("input", 9), ("filter", 8), ("bias", 50)] as [(String, Int64)] {
            draft.members["\(name)_bound"] = .int64(bound)
        }
        let wanted = output.expected.elements.map { Float($0) }
        for (name, elements) in [("input", input), ("filter", filter), ("bias", bias), ("output", wanted)] {
            draft.members["\(name)_sha256"] = .string(elements.withUnsafeBytes { SHA256.hash($0) })
        }
        draft.datasets = [
            "sample_index": .integers([2], [1, 6]),
            "sample_expected": .doubles([2], [output.expected[0, 0, 0, 1], output.expected[0, 1, 1, 0]]),
            "sample_magnitude": .floats([2], [output.magnitude[0, 0, 0, 1], output.magnitude[0, 1, 1, 0]]),
        ]
        return draft
    }

    private func faults(_ change: (inout Draft) -> Void) throws -> [String] {
        var draft = try Self.draft()
        change(&draft)
        let directory = try TemporaryFolder()
        try draft.write(to: directory)
        return try GoldenDirectory.faults(in: directory.path)
    }

    /// A folder with the case, changed, its datasets' offsets, and a list of digests that vouches for the file.
    private func listed(
        shift: Int64 = 0, _ change: (inout Draft) -> Void = { _ in }
    ) throws -> TemporaryFolder {
        let directory = try TemporaryFolder()
        var draft = try Self.draft()
        draft.offsets = { places in
            places.sorted { $0.key < $1.key }.map { name, place in
                (name, [.int64(place + (name == "sample_expected" ? shift : 0))])
            }
        }
        change(&draft)
        try draft.write(to: directory)
        let digest = try directory.read("draft.h5").withUnsafeBytes { SHA256.hash($0) }
        try directory.write("\(digest)  draft.h5\n".utf8, to: "SHA256SUMS")
        return directory
    }

    /// Where the samples lie is a guess at how many they are: read they are in any case, and proved.
    @Test(arguments: [0, 8, -8, 1 << 40])
    func samplesAreReadWhereverTheirOffsetsPoint(shift: Int64) throws {
        let sound = try listed(shift: shift)
        let golden = try GoldenDirectory(path: sound.path)
        #expect(try golden.load(golden.cases[0]).output != nil)
        let wrong = try listed(shift: shift) { $0.sha256 = .string(String(repeating: "0", count: 64)) }
        let other = try GoldenDirectory(path: wrong.path)
        #expect(throws: GoldenError.self) { try other.load(other.cases[0]) }
    }

    /// Whole numbers' answers are computed where they are needed only; a verification needs them.
    @Test func anAnswerIsComputedWhereItIsNeeded() throws {
        let directory = try listed()
        let golden = try GoldenDirectory(path: directory.path)
        let loaded = try golden.load(golden.cases[0])
        #expect(loaded.deferred != nil)
        let verified = try GoldenDirectory(path: directory.path, verifies: true)
        let computed = try verified.load(verified.cases[0])
        #expect(computed.deferred == nil)
        let want = try #require(computed.output?.expected)
        #expect(loaded.output?.expected == want)
        let right = AnyTensor(nearest: want.elements, type: .float32, shape: want.shape)
        var wrong = right.singles
        wrong.elements[5] += 1
        let nchw = right.reordered(to: ActivationLayout.nchw.order)
        for (answer, status) in [(right, Status.pass), (nchw, .pass), (.float32(wrong), .fail)] {
            let fresh = try golden.load(golden.cases[0])
            #expect(Judge().verdict(on: .output(answer), to: fresh, capabilities: .everything).status == status)
        }
    }

    @Test func aWrongDigestOfAnAnswerIsFoundWhereTheAnswerIsNeeded() throws {
        let directory = try listed { $0.members["output_sha256"] = .string(String(repeating: "0", count: 64)) }
        let golden = try GoldenDirectory(path: directory.path)
        let loaded = try golden.load(golden.cases[0])
        let right = try ExactConvolution().answer(to: loaded.header.problem, loaded.operands).expected
        let verdict = Judge().verdict(
            on: .output(AnyTensor(nearest: right.elements, type: .float32, shape: right.shape)), to: loaded,
            capabilities: .everything)
        guard verdict.status == .missing, case .damagedGolden(let words)? = verdict.cause else {
            Issue.record("\(verdict)")
            return
        }
        #expect(words.contains("case draft/one: the exact output computed here has sha256 "))
        let verified = try GoldenDirectory(path: directory.path, verifies: true)
        #expect(throws: GoldenError.self) { try verified.load(verified.cases[0]) }
    }

    /// An answer that is what the file says proves the operands that it was computed from; another shows what is wrong with
    /// them.
    @Test func operandsAreProvedByTheirAnswer() throws {
        let unused = try listed { $0.members["input_sha256"] = .string(String(repeating: "0", count: 64)) }
        let quick = try GoldenDirectory(path: unused.path)
        let loaded = try quick.load(quick.cases[0])
        let right = try ExactConvolution().answer(to: loaded.header.problem, loaded.operands).expected
        let answer = AnyTensor(nearest: right.elements, type: .float32, shape: right.shape)
        #expect(Judge().verdict(on: .output(answer), to: loaded, capabilities: .everything).status == .pass)
        let verified = try GoldenDirectory(path: unused.path, verifies: true)
        #expect(throws: GoldenError.self) { try verified.load(verified.cases[0]) }

        let other = try listed { $0.members["seed"] = .uint64(8) }
        let golden = try GoldenDirectory(path: other.path)
        let drawn = try golden.load(golden.cases[0])
        let its = try ExactConvolution().answer(to: drawn.header.problem, drawn.operands).expected
        let verdict = Judge().verdict(
            on: .output(AnyTensor(nearest: its.elements, type: .float32, shape: its.shape)), to: drawn,
            capabilities: .everything)
        guard verdict.status == .missing, case .damagedGolden(let words)? = verdict.cause else {
            Issue.record("\(verdict)")
            return
        }
        for name in ["input", "filter", "bias"] { #expect(words.contains("the \(name) derived from seed 8 has")) }
    }

    @Test func aSoundCaseIsDerivedAndProved() throws {
        #expect(try faults { _ in }.isEmpty)
        let directory = try TemporaryFolder()
        try Self.draft().write(to: directory)
        let golden = try GoldenDirectory(path: directory.path)
        let loaded = try golden.load(golden.cases[0])
        #expect(loaded.header.isDerived)
        #expect(loaded.input.shape == [1, 2, 3, 1])
        #expect(loaded.bias?.count == 2)
        #expect(loaded.output?.expected.shape == [1, 2, 2, 2])
    }

    @Test(arguments: [
        ("input", "the input derived from seed 7"), ("filter", "the filter derived"), ("bias", "the bias derived"),
        ("output", "the exact output computed here"),
    ])
    func aDigestThatDoesNotMatchNamesItsSide(tensor: String, words: String) throws {
        let faults = try faults {
            $0.members["\(tensor)_sha256"] = .string(String(repeating: "0", count: 64))
        }
        #expect(faults.count == 1)
        #expect(faults.first?.contains(words) == true, "\(faults)")
        #expect(faults.first?.contains("draft/one") == true)
    }

    /// The table alone can claim any size: it is not allocated.
    @Test func giantShapesAreRefused() throws {
        let faults = try faults { $0.members["input_shape"] = .int64s([1, 1 << 20, 1 << 19, 1]) }
        #expect(faults.count == 1 && faults[0].contains("case draft/one: its tensors need "), "\(faults)")
        #expect(faults.first?.hasSuffix("MiB, the limit is 4096 MiB") == true, "\(faults)")
        let beyond = try self.faults { $0.members["input_shape"] = .int64s([1, 1 << 40, 1 << 22, 1]) }
        #expect(beyond.joined().contains("its tensors need more bytes than 64 bits count, the limit"), "\(beyond)")
    }

    @Test func anotherSeedIsNoticed() throws {
        #expect(try faults { $0.members["seed"] = .uint64(8) }.joined().contains("the input derived from seed 8"))
    }

    @Test func aWrongSampleIsNoticed() throws {
        #expect(
            try faults { $0.datasets["sample_expected"] = .doubles([2], [0.5, 0.5]) }.joined().contains("sample 0 at"))
        #expect(
            try faults { $0.datasets["sample_magnitude"] = .floats([2], [1e9, 1e9]) }.joined().contains("magnitude"))
        #expect(
            try faults { $0.datasets["sample_index"] = .integers([2], [8, 0]) }.joined()
                .contains("outside"))
    }

    @Test(arguments: [
        "input_sha256", "output_sha256", "input_bound", "filter_shape", "sample_index", "sample_expected",
    ])
    func aMissingPartIsNamed(name: String) throws {
        let faults = try faults {
            $0.members[name] = nil
            $0.datasets[name] = nil
        }
        #expect(!faults.isEmpty)
        if name != "output_sha256" { #expect(faults.joined().contains("'\(name)'"), "\(faults)") }
    }

    @Test func badWordsAreRefused() throws {
        #expect(try faults { $0.members["input_sha256"] = .string("ABC") }.joined().contains("64 lower-case"))
        #expect(try faults { $0.members["input_bound"] = .int64(-1) }.joined().contains("expected 1 to"))
        #expect(try faults { $0.members["data"] = .string("special") }.joined().contains("'special'"))
        #expect(
            try faults { $0.datasets["input"] = .floats([1, 2, 3, 1], [1, 2, 3, 4, 5, 6]) }.joined()
                .contains("dataset 'input' is there"))
    }
}

/// Cases of whose answer no more than samples and sums are stored.
@Suite struct SampledCaseTests {
    /// A file with one sampled case: large enough to be judged by projections, or of one group to each filter, and computed
    /// whole.
    private static func draft(_ operation: Convolution.Operation = .forward, isDepthwise: Bool = false) throws -> Draft
    {
        let groups = isDepthwise ? 16 : 1
        let problem = Problem(
            input: [2, 13, 14, 16], filter: [3, 2, 16 / groups, 16], strides: Extent(height: 1, width: 1),
            padding: .explicit(Pads(top: 1, bottom: 1, left: 2, right: 0)), groups: groups, operation: operation)
        let geometry = try problem.geometry()
        var operands = Operands()
        var draft = Draft()
        (draft.members["bias_count"], draft.datasets) = (nil, [:])
        let factors: [(Role, Draw.Stream, String)] =
            operation == .forward
            ? [(.input, .input, "input"), (.filter, .filter, "filter")]
            : [(.output, .output, "output_operand"), (.filter, .filter, "filter")]
        for (role, stream, name) in factors {
            let shape = geometry.shape(of: role)
            let numbers = Draw(bound: 9).elements(count: shape.count, stream: stream, seed: 7)
            operands[role] = AnyTensor(nearest: numbers, type: .float32, shape: shape)
            draft.members["\(name)_bound"] = .int64(9)
            // Of the other one there is none.
            if role == .filter {
                let hash = numbers.map { Float($0) }.withUnsafeBytes { SHA256.hash($0) }
                draft.members["\(name)_sha256"] = .string(hash)
            }
        }
        let exact = try ExactConvolution().answer(to: problem, operands)
        let (shape, expected) = (exact.expected.shape, exact.expected.elements)
        let vector = Draw.bits(8, count: shape[3], stream: 13, seed: 7).map { $0 - 128 }
        let rows = [0, 5, shape[0] * shape[1] - 1]
        let size = shape[3] / groups
        let sums = rows.flatMap { row in
            (0..<shape[2] * groups).map { place in
                let first = row * shape[2] * shape[3] + place * size
                return (0..<size).reduce(Int64(0)) { sum, f in
                    sum + Int64(expected[first + f] * vector[place % groups * size + f])
                }
            }
        }
        let places = [0, shape.count / 3, shape.count - 1]
        draft.members.merge([
            "seed": .uint64(7), "stored": .string("samples"), "strides": .int64s([1, 1]),
            "groups": .int64(Int64(groups)),
            "padding": .string("EXPLICIT"), "pads": .int64s([1, 1, 2, 0]),
            "input_shape": .int64s(problem.input.list.map { Int64($0) }),
            "filter_shape": .int64s(problem.filter.list.map { Int64($0) }),
            "projection_sha256": .string(sums.withUnsafeBytes { SHA256.hash($0) }),
        ]) { $1 }
        if operation != .forward { draft.members["operation"] = .string(operation.rawValue) }
        draft.datasets = [
            "sample_index": .integers([3], places.map { Int64($0) }),
            "sample_expected": .doubles([3], places.map { expected[$0] }),
            "sample_magnitude": .floats([3], places.map { exact.magnitude.elements[$0] }),
            "projection_rows": .integers([3], rows.map { Int64($0) }),
        ]
        return draft
    }

    private func faults(
        _ draft: Draft = try! SampledCaseTests.draft(), _ change: (inout Draft) -> Void
    ) throws -> String {
        var draft = draft
        change(&draft)
        let directory = try TemporaryFolder()
        try draft.write(to: directory)
        return try GoldenDirectory.faults(in: directory.path).joined(separator: "\n")
    }

    @Test(arguments: [Convolution.Operation.forward, .inputGradient])
    func aSoundCaseIsProvedAndProjected(operation: Convolution.Operation) throws {
        let directory = try TemporaryFolder()
        try Self.draft(operation).write(to: directory)
        let store = try GoldenDirectory(path: directory.path)
        let header = store.cases[0]
        let loaded = try store.load(header)
        #expect(header.isDerived && store.exactExtent(of: header) == .sums)
        #expect(loaded.output == nil && loaded.projected != nil)
        // Two operands and the engine's answers, and no exact one.
        let problem = header.problem
        let counts = [problem.input.count, problem.filter.count, try problem.geometry().outputShape.count]
        #expect(store.bytesInMemory(of: header) == 4 * counts.reduce(0, +))
    }

    @Test func whatDoesNotSuitIsComputedWhole() throws {
        let directory = try TemporaryFolder()
        try Self.draft(isDepthwise: true).write(to: directory)
        let store = try GoldenDirectory(path: directory.path)
        let loaded = try store.load(store.cases[0])
        #expect(store.exactExtent(of: store.cases[0]) == .whole && loaded.output != nil && loaded.projected == nil)
    }

    @Test(arguments: [false, true]) func whatDiffersIsNoticed(isDepthwise: Bool) throws {
        let draft = try Self.draft(isDepthwise: isDepthwise)
        let zeros = String(repeating: "0", count: 64)
        #expect(try faults(draft) { _ in } == "")
        #expect(
            try faults(draft) { $0.members["projection_sha256"] = .string(zeros) }.contains(
                "the sums of its projection"))
        #expect(
            try faults(draft) { $0.datasets["projection_rows"] = .integers([3], [0, 6, 25]) }.contains(
                "the sums of its"))
        #expect(
            try faults(draft) { $0.datasets["projection_rows"] = .integers([1], [999]) }.contains("has no such row"))
        #expect(try faults(draft) { $0.members["seed"] = .uint64(8) }.contains("the filter derived from seed 8"))
        #expect(
            try faults(draft) { $0.datasets["sample_expected"] = .doubles([3], [0.5, 0.5, 0.5]) }.contains(
                "sample 0 at 0"))
        #expect(
            try faults(draft) { $0.datasets["sample_magnitude"] = .floats([3], [1, 1, 1]) }.contains(
                "has magnitude 1.0"))
        #expect(
            try faults(draft) { $0.datasets["sample_index"] = .integers([3], [0, -1, 1 << 40]) }.contains("outside the")
        )
    }

    @Test func otherPartsAreRefused() throws {
        #expect(try faults { $0.members["stored"] = .string("some") }.contains("is 'some', expected 'samples'"))
        #expect(
            try faults { $0.members["output_sha256"] = .string(String(repeating: "0", count: 64)) }
                .contains("member 'output_sha256' is there, which a case of this kind does not have"))
        #expect(
            try faults { $0.datasets["projection_rows"] = nil }
                .contains("dataset 'projection_rows' is missing, and member 'stored' is there"))
        #expect(
            try faults { $0.members["projection_sha256"] = nil }.contains("dataset 'projection_rows' is there, and"))
        #expect(try faults { $0.members["input_bound"] = nil }.contains("'input_bound' is missing"))
    }
}

/// Cases with several right answers.
@Suite struct AlternativeTests {
    private func faults(_ change: (inout Draft) -> Void) throws -> [String] {
        var draft = Draft()
        draft.datasets["alternative"] = .doubles(
            [2, 1, 2, 2, 2], [14, 17, .nan, 29, 5, 7, 7, 11] + [14, 17, 22, .nan, 5, 7, 7, 11])
        draft.members["data"] = .string("special")
        draft.members["choice"] = .string("subnormal-flush")
        draft.members["expected_meaning"] = .string("kept")
        draft.members["alternative_meaning"] = .strings(["inputs flushed", "all flushed"])
        change(&draft)
        return try draft.faults()
    }

    @Test func allAnswersAreRead() throws {
        #expect(try faults { _ in }.isEmpty)
        var golden = Samples.product("two")
        golden.header.data = .special
        golden.output?.alternatives = GoldenCase.Alternatives(
            choice: .paddingTimesInfinity, expectedMeaning: "nothing",
            answers: [
                .init(meaning: "NaN", output: Tensor(repeating: .nan, shape: [1, 1, 3, 1])),
                .init(meaning: "a ramp", output: Tensor(shape: [1, 1, 3, 1], elements: [1, 2, 3])),
            ])
        let directory = try TemporaryFolder()
        try Samples.write([golden], to: directory)
        let store = try GoldenDirectory(path: directory.path)
        let alternatives = try #require(try store.load(store.cases[0]).output?.alternatives)
        #expect(alternatives.choice == .paddingTimesInfinity)
        #expect(alternatives.answers.map(\.meaning) == ["NaN", "a ramp"])
        #expect(alternatives.answers[0].output.elements.allSatisfy { $0.isNaN })
        #expect(alternatives.answers[1].output.elements == [1, 2, 3])
    }

    @Test func anAnswerWithoutADeclaredMeaningIsRefused() throws {
        #expect(try faults { $0.members["choice"] = nil }.joined().contains("'choice' is missing"))
        #expect(try faults { $0.members["choice"] = .string("mood") }.joined().contains("'mood', expected"))
        #expect(try faults { $0.members["alternative_meaning"] = nil }.joined().contains("'alternative_meaning'"))
        #expect(
            try faults { $0.members["alternative_meaning"] = .strings(["flushed"]) }.joined().contains("has shape"))
        #expect(try faults { $0.datasets["alternative"] = nil }.joined().contains("dataset 'alternative' is missing"))
        #expect(
            try faults { $0.datasets["alternative"] = .doubles([1, 2, 2, 2], [Double](repeating: 0, count: 8)) }
                .joined()
                .contains("has shape [1, 2, 2, 2], expected [2, 1, 2, 2, 2]"))
    }
}

/// Cases whose kernel is larger than the padded input.
@Suite struct RejectionOrEmptyTests {
    private func faults(_ change: (inout Draft) -> Void) throws -> [String] {
        var draft = Draft()
        draft.members["expect"] = .string("rejection-or-empty")
        draft.members["padding"] = .string("VALID")
        draft.members["pads"] = .int64s([0, 0, 0, 0])
        draft.members["filter_shape"] = .int64s([3, 1, 1, 2])
        draft.datasets["filter"] = .floats([3, 1, 1, 2], [1, 2, 3, 4, 5, 6])
        (draft.datasets["expected"], draft.datasets["magnitude"]) = (nil, nil)
        change(&draft)
        return try draft.faults()
    }

    @Test func nothingButTheKernelMayBeWrong() throws {
        #expect(try faults { _ in }.isEmpty)
        let twice = try faults { $0.members["groups"] = .int64(3) }.joined()
        #expect(twice.contains("'rejection-or-empty', but more is wrong"))
        let valid = try faults { $0.members["filter_shape"] = .int64s([2, 1, 1, 2]) }.joined()
        #expect(valid.contains("'rejection-or-empty', but the problem is valid"))
        let stored = try faults { $0.datasets["expected"] = .doubles([1, 2, 2, 2], .init(repeating: 0, count: 8)) }
        #expect(stored.joined().contains("dataset 'expected' is there"))
    }
}
