internal import Conformance
internal import Foundation
internal import GoldenStore
internal import ReferenceEngines

extension GoldenOptions {
    /// The golden files of the folder, or those of the named suites.
    ///
    /// Where no list of digests vouches for them, each file is checked in a process of its own first, which is said on
    /// standard error.
    ///
    /// - Parameter memoryLimit: a case whose tensors need more bytes is refused on loading.
    /// - Parameter verifies: whether tensors are found in every way that a file allows.
    /// - Throws: ``Stop``: wrong usage where there is no such folder or suite, golden data damaged where a file is not
    ///   as it should be.
    func open(
        suites: [String] = [], memoryLimit: Int = GoldenDirectory.defaultMemoryLimit, verifies: Bool = false
    ) throws -> GoldenDirectory {
        try explainingGoldenErrors {
            let directory = try GoldenDirectory(
                path: golden, suites: suites.isEmpty ? nil : suites, memoryLimit: memoryLimit,
                verifies: verifies,
                check: { try GoldenFileChecker().faults(path: $0, bytes: $1) })
            if !directory.isListed {
                StandardError.say(
                    "note: \(golden) has no SHA256SUMS, so nothing vouches for its files; "
                        + "each was checked in a process of its own")
            }
            // Kept until the process ends: to free what is known of thousands of cases takes as long as to judge a hundred.
            _ = Unmanaged.passRetained(directory)
            return directory
        }
    }

    /// Does something with golden files and turns what it throws into an end of the command.
    func explainingGoldenErrors<Result>(_ body: () throws -> Result) throws -> Result {
        guard FileManager.default.fileExists(atPath: golden) else {
            throw Stop(.wrongUsage, absence)
        }
        do {
            return try body()
        } catch let error as GoldenError {
            throw Stop(.goldenDamaged, error.description)
        } catch let error as UnknownSuite {
            throw Stop(
                .wrongUsage,
                "there is no suite '\(error.name)' in \(golden)" + Suggestion.among(error.available, near: error.name))
        }
    }
}
