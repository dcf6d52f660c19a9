import Conformance
import Convolution
import Foundation
import GoldenStore
import Testing
import _TestSupport

@testable import ConformanceCLI

/// Damaged files without a list of digests, their checksums repaired: no damage ends this process, changes a number
/// unseen, or goes without a word.
///
/// `CONVCHECK_FUZZ` is how many files are tried; a campaign of thousands takes minutes.
@Suite struct GoldenFuzzTests {
    private let folder: TemporaryFolder
    private let sound: [UInt8]
    private let cases: [GoldenCase]

    init() throws { try self.init(caseCount: 3) }

    /// - Parameter caseCount: from the ninth on their names lie in a heap and a tree of their own.
    private init(caseCount: Int) throws {
        folder = try TemporaryFolder()
        cases = (10..<10 + caseCount).map(Self.golden)
        let path = folder.url.appending(path: "mine.h5")
        var writer = try SuiteWriter(creating: path.path, title: "Mine", description: "Mine.", generator: "tests")
        for golden in cases { try writer.append(golden) }
        try writer.finish()
        sound = [UInt8](try Data(contentsOf: path))
    }

    private static func golden(_ number: Int) -> GoldenCase {
        let problem = Problem(input: [1, 2, 3, 1], filter: [1, 1, 1, 1], biasCount: number == 11 ? 1 : nil)
        let input = Tensor<Float>(shape: problem.input) { _, y, x, _ in Float(number + 3 * y + x) }
        let bias: [Float]? = number == 11 ? [5] : nil
        let sum = Tensor<Float>(shape: problem.input) { n, y, x, c in 2 * input[n, y, x, c] + (bias?[0] ?? 0) }
        return GoldenCase(
            header: CaseHeader(
                suite: "mine", name: "case-\(number)", problem: problem, data: .integer, tags: ["a", "b"], note: "None."
            ),
            input: input, filter: Tensor(repeating: 2, shape: problem.filter), bias: bias,
            output: GoldenCase.Output(
                expected: Tensor(shape: sum.shape, elements: sum.elements.map { Double($0) }), magnitude: sum))
    }

    /// What became of one file.
    private enum Outcome: Hashable { case unharmed, faults, crash, hang }

    /// Looks at a file as a run does: in a process of its own, and then, where nothing was found, in this one.
    private func outcome(of bytes: [UInt8]) throws -> Outcome {
        let checker = GoldenFileChecker(executable: Program.executable.path)
        let faults = try checker.faults(path: "mine.h5", bytes: bytes)
        if let message = faults.first?.message {
            #expect(faults.allSatisfy { $0.file == "mine.h5" && !$0.message.isEmpty })
            if message.contains("crashed") { return .crash }
            return message.contains("still at it") || message.contains("come to an end") ? .hang : .faults
        }
        try Data(bytes).write(to: folder.url.appending(path: "mine.h5"))
        let golden: GoldenDirectory
        do {
            golden = try GoldenDirectory(path: folder.url.path)
        } catch is GoldenError {
            // Where libhdf5 takes uninitialised memory for the file's, two readings can differ.
            return .faults
        }
        // A repaired number of links can hide a case; nothing but a list of digests tells.
        #expect(golden.cases.count <= cases.count)
        for description in golden.cases {
            let read = try golden.load(description)
            #expect(cases.contains { Self.holdTheSame(read, $0) }, "\(description.id)")
        }
        return .unharmed
    }

    /// Whether both hold the same but for their names: the name of a case is no part of its digest, so that a repaired
    /// file can give the content of one the name of another.
    private static func holdTheSame(_ read: GoldenCase, _ written: GoldenCase) -> Bool {
        var named = read.header
        named.name = written.header.name
        return named == written.header && read.input.elements == written.input.elements
            && read.filter.elements == written.filter.elements && read.bias == written.bias
            && read.output?.expected.elements == written.output?.expected.elements
            && read.output?.magnitude.elements == written.output?.magnitude.elements
    }

    @Test func theStructuresAreFound() {
        let found = Metadata(of: sound).structures
        // The superblock, the root, its group, three cases, and their datasets.
        #expect(found.count { $0.signature == "OHDR" } >= 3 * 4 + 2, "\(found)")
        #expect(found.contains { $0.start == 0 && $0.checksum == 44 })
        var repaired = sound
        Metadata(of: sound).repair(&repaired)
        #expect(repaired == sound)
    }

    @Test(arguments: [3, 12]) func damagedFilesAreNamedOrUnharmed(caseCount: Int) throws {
        try Self(caseCount: caseCount).damage()
    }

    private func damage() throws {
        let count = ProcessInfo.processInfo.environment["CONVCHECK_FUZZ"].flatMap { Int($0) } ?? 24
        let metadata = Metadata(of: sound)
        let places = metadata.structures.flatMap { Array($0.start + 4..<$0.checksum) }
        var random = SplitMix64(seed: 0x6d5a)
        var tally: [Outcome: Int] = [:]
        for turn in 0..<count {
            var bytes = sound
            for _ in 0...Int(random.next() % 3) {
                // Three of four in what a checksum covers, which is repaired; the others anywhere.
                let place =
                    turn % 4 == 3
                    ? Int(random.next() % UInt64(sound.count)) : places[Int(random.next() % UInt64(places.count))]
                bytes[place] =
                    [UInt8(truncatingIfNeeded: random.next()), 0, 0xFF, bytes[place] ^ 1 << UInt8(turn % 8)][
                        turn / 4 % 4]
            }
            if turn % 4 != 3 { metadata.repair(&bytes) }
            let found = try outcome(of: bytes)
            tally[found, default: 0] += 1
            if found == .crash || found == .hang, ProcessInfo.processInfo.environment["CONVCHECK_FUZZ"] != nil {
                print("file \(turn): \(found)")
            }
        }
        print("fuzz: \(count) files: \(tally)")
        #expect(tally[.faults, default: 0] > count / 4, "\(tally)")
        #expect(tally[.hang] == nil, "\(tally)")
    }
}

/// The generator of the tests' damage (Steele, Lea and Flood, 2014).
private struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
