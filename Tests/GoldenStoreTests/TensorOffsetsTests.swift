import Conformance
import Convolution
import Foundation
import HDF5
import Testing
import _TestSupport

@testable import GoldenStore

/// Tensors that are taken from where a file says that they begin.
struct TensorOffsetsTests {
    /// A folder with one file, which says this of its offsets.
    private func directory(
        isListed: Bool = true, _ offsets: @escaping ([String: Int64]) -> [String: [StoredValue]]
    ) throws -> TemporaryFolder {
        let directory = try TemporaryFolder()
        var draft = Draft()
        draft.offsets = { places in offsets(places).sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
        try draft.write(to: directory)
        let digest = try directory.read("draft.h5").withUnsafeBytes { SHA256.hash($0) }
        if isListed { try directory.write("\(digest)  draft.h5\n".utf8, to: "SHA256SUMS") }
        return directory
    }

    private static func columns(_ places: [String: Int64]) -> [String: [StoredValue]] {
        places.mapValues { [.int64($0)] }
    }

    /// What is wrong with the one case, in words; nothing where it is read as it was written.
    private func fault(in directory: TemporaryFolder, verifies: Bool = false) -> String? {
        do {
            let golden = try GoldenDirectory(path: directory.path, verifies: verifies)
            let loaded = try golden.load(golden.cases[0])
            #expect(loaded.operands.float32?.input.elements == [1, 2, 3, 4, 5, 6])
            #expect(loaded.operands.float32?.filter.elements == [1, 2, 3, 4])
            #expect(loaded.operands.float32?.bias == [1, -1])
            #expect(loaded.output?.expected.elements == [14, 17, 22, 29, 5, 7, 7, 11])
            #expect(loaded.output?.magnitude.elements == [14, 19, 22, 31, 5, 9, 7, 13])
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func rightOnesGiveWhatWasWritten() throws {
        let directory = try directory(Self.columns)
        #expect(fault(in: directory) == nil)
        #expect(fault(in: directory, verifies: true) == nil)
    }

    @Test(arguments: [4, -4, 1 << 20, 1 << 60])
    func wrongOnesAreNamed(shift: Int64) throws {
        let directory = try directory { places in
            Self.columns(places.merging(["expected": (places["expected"] ?? 0) + shift]) { $1 })
        }
        for verifies in [false, true] {
            let fault = fault(in: directory, verifies: verifies)
            #expect(fault?.contains("case draft/one: table 'offsets' does not say where its datasets begin") == true)
        }
    }

    @Test func aDatasetWithoutOneIsFoundByItsName() throws {
        #expect(try fault(in: directory { Self.columns($0.merging(["filter": -1]) { $1 }) }) == nil)
        #expect(try fault(in: directory { Self.columns($0.filter { $0.key != "bias" }) }) == nil)
    }

    @Test func nothingIsTakenFromAFileThatNoListVouchesFor() throws {
        let directory = try directory(isListed: false) { Self.columns($0.mapValues { $0 + 4 }) }
        #expect(fault(in: directory) == nil)
    }

    @Test func aTableOfAnotherKindIsNamed() throws {
        let other = try directory { _ in ["weights": [.int64(8)]] }
        #expect(fault(in: other)?.contains("table 'offsets': has the member 'weights' of int64, expected") == true)
        let unsigned = try directory { _ in ["input": [.uint64(8)]] }
        #expect(fault(in: unsigned)?.contains("table 'offsets': has the member 'input' of uint64, expected") == true)
        let long = try directory { $0.mapValues { [.int64($0), .int64($0)] } }
        #expect(fault(in: long)?.contains("table 'offsets': has 2 rows, expected one for each of 1 cases") == true)
    }

    /// How many samples a derived case has is told by where they lie, where two of their datasets are neighbours.
    @Test(arguments: [[100, 116, 132], [100, 116, 400], [100, 900, 916], [400, 100, 116]])
    func aNumberOfSamplesFollowsFromTheirPlaces(places: [Int64]) throws {
        let directory = try directory { _ in
            [
                "sample_index": [.int64(places[0])], "sample_expected": [.int64(places[1])],
                "sample_magnitude": [.int64(places[2])],
            ]
        }
        let file = try RawFile(path: directory.file("draft.h5"))
        #expect(try SuiteRoot(file).offsets(in: file, cases: 1)?.sampleCount(row: 0) == 2)
    }

    @Test func withoutSamplesThereIsNoNumber() throws {
        for places in [[-1, -1, -1], [-1, 100, 116]] as [[Int64]] {
            let directory = try directory { _ in
                [
                    "sample_index": [.int64(places[0])], "sample_expected": [.int64(places[1])],
                    "sample_magnitude": [.int64(places[2])],
                ]
            }
            let file = try RawFile(path: directory.file("draft.h5"))
            #expect(try SuiteRoot(file).offsets(in: file, cases: 1)?.sampleCount(row: 0) == nil)
        }
        let directory = try directory(Self.columns)
        let file = try RawFile(path: directory.file("draft.h5"))
        #expect(try SuiteRoot(file).offsets(in: file, cases: 1)?.sampleCount(row: 0) == nil)
    }

    /// Whether a filter has a zero point or one to each of its filters is told by where the next dataset begins.
    @Test(arguments: [(104, 1), (108, 1), (112, 3), (2048, 1), (96, 1)])
    func aNumberOfZeroPointsFollowsFromTheNextPlace(next: Int64, count: Int) throws {
        let directory = try directory { _ in ["filter_zero_point": [.int64(100)], "input": [.int64(next)]] }
        let file = try RawFile(path: directory.file("draft.h5"))
        let offsets = try SuiteRoot(file).offsets(in: file, cases: 1)
        #expect(offsets?.parameterCount(of: .filterZeroPoint, row: 0, filters: 3) == count)
        #expect(offsets?.parameterCount(of: .inputZeroPoint, row: 0, filters: 1) == 1)
    }
}
