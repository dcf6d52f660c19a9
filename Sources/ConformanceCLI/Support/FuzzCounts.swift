internal import Foundation
internal import Fuzzing
internal import Reporting

/// What `fuzz --counts` writes: what came of some of a seed's problems, for parts to be added up.
struct FuzzCounts: Encodable {
    struct Part: Encodable {
        var name: String
        var version: String
        /// How many problems had each status.
        var counts: [String: Int]
        /// Pairs of features that met, each as a number.
        var pairs: [Int]
        /// How many pairs there are.
        var allPairs: Int
        /// The numbers of the problems that it failed.
        var failing: [Int]

        enum CodingKeys: String, CodingKey {
            case name, version, counts, pairs, failing
            case allPairs = "all_pairs"
        }
    }

    var format = "convcheck-fuzz"
    var version = 1
    /// What the problems follow from.
    var seed: UInt64
    var first: Int
    var options: [String]
    var engines: [Part] = []

    mutating func add(_ outcome: Fuzzer.Outcome, name: String, version: String) {
        let counts = Dictionary(uniqueKeysWithValues: outcome.counts.map { ($0.key.rawValue, $0.value) })
        engines.append(
            Part(
                name: name, version: version, counts: counts, pairs: outcome.pairs.met, allPairs: outcome.pairs.all,
                failing: outcome.failing))
    }

    /// Writes one object of JSON.
    func write(to file: OutputFile) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        file.write(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n")
        do {
            try file.close()
        } catch {
            throw Stop(.internalFault, error.description)
        }
    }
}
