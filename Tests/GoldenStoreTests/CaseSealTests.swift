import Conformance
import Foundation
import GoldenStore
import HDF5
import Testing
import _TestSupport

/// The digest that each case carries: over all that the file holds of it, and compared on every load.
struct CaseSealTests {
    /// Computed by another program: Python's hashlib over the bytes that the format's description states.
    private static let digest = "f25e7d071cd4532773fcbb4fa24845c355e62c4dcfe851f7182538a5987ef40e"

    @Test
    func theDigestIsThatOfTheFormat() throws {
        var draft = Draft()
        draft.sha256 = .string(Self.digest)
        #expect(try draft.faults() == [])
    }

    @Test
    func everyPartIsCovered() throws {
        let changes: [(inout Draft) -> Void] = [
            { $0.members["note"] = .string("Catches nothing: größer!") },
            { $0.members["source"] = nil },
            { $0.members["tags"] = .strings(["stridedb", "ias"]) },
            { $0.members["seed"] = .uint64(.max - 1) },
            { $0.datasets["input"] = .floats([1, 2, 3, 1], [-0.0, 2, 3, 4, 5, 6]) },
            { $0.datasets["bias"] = .floats([2], [-1, 1]) },
            { $0.datasets["expected"] = .doubles([1, 2, 2, 2], [14, 17, 22, 29, 5, 7, 7, 11.0.nextUp]) },
        ]
        for (place, change) in changes.enumerated() {
            var draft = Draft()
            change(&draft)
            draft.sha256 = .string(Self.digest)
            let faults = try draft.faults()
            #expect(faults.count == 1, "\(place)")
            #expect(
                faults.first?.hasPrefix("draft.h5: case draft/one: what it holds has SHA-256 ") == true
                    && faults.first?.hasSuffix("member 'sha256' says \(Self.digest)") == true, "\(place) \(faults)")
        }
    }

    @Test
    func aDigestThatIsMissingOrNoneIsNamed() throws {
        var draft = Draft()
        draft.sha256 = .string("0123")
        #expect(try draft.faults().joined().contains("member 'sha256' is '0123', expected 64 lower-case"))
        draft.sha256 = .int64(1)
        #expect(try draft.faults().joined().contains("member 'sha256' is int64, expected fixed-length string"))
        draft.sha256 = .string("")
        #expect(try draft.faults().joined().contains("member 'sha256' is '', expected 64 lower-case"))
    }

    /// No checksum of HDF5's covers the tensors.
    @Test
    func damageToATensorIsSeen() throws {
        var draft = Draft()
        draft.members["data"] = .string("special")
        let pattern: [Float] = [1447, 0, 1, 2, 3, 4]
        draft.datasets["input"] = .floats([1, 2, 3, 1], pattern)
        let directory = try TemporaryFolder()
        try draft.write(to: directory)
        var bytes = try directory.read("draft.h5")
        let sound = pattern.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: sound) })
        bytes.replaceSubrange(place + 4..<place + 6, with: [1, 0])
        try directory.write(bytes, to: "draft.h5")
        let faults = try GoldenDirectory.faults(in: directory.path)
        #expect(faults.count == 1 && faults[0].contains("what it holds has SHA-256"), "\(faults)")
    }
}
