internal import Conformance
internal import RunRecord

extension RunRecord {
    /// Reads the record that a command was given.
    ///
    /// - Throws: ``Stop``: wrong usage where there is no such file, golden data damaged where it is no complete record.
    static func read(_ path: String) throws -> RunRecord {
        do throws(RecordError) {
            return try RunRecord(path: path)
        } catch {
            throw Stop(error.isUnreadable ? .wrongUsage : .goldenDamaged, error.description)
        }
    }

    /// Reads the records of all shards of a run, or a single one.
    ///
    /// - Parameter isWhole: whether a single one may not be that of a shard.
    /// - Throws: ``Stop``: as ``read(_:)`` does, and wrong usage where they are no parts of one run.
    static func read(merging paths: [String], isWhole: Bool = false) throws -> RunRecord {
        let parts = try paths.map { (name: $0, record: try RunRecord.read($0)) }
        if parts.count == 1, !isWhole { return parts[0].record }
        do throws(MergeRefusal) {
            return try RunRecord.merging(parts)
        } catch {
            throw Stop(.wrongUsage, error.description)
        }
    }
}

extension RunHeader {
    /// The arithmetic by which the run judged all its engines, where an option said so.
    var arithmetic: Arithmetic? { word(after: "--arithmetic").flatMap(Arithmetic.init) }

    /// The algorithm that all its engines were held to, where an option said so.
    var judgeAs: Capabilities.Algorithm? { word(after: "--judge-as").flatMap(Capabilities.Algorithm.init) }

    private func word(after option: String) -> String? {
        let place = repeatArguments.firstIndex(of: option)
        return place.flatMap { repeatArguments.dropFirst($0 + 1).first }
    }

    /// The lists of problems that were run, where it was not golden files.
    ///
    /// - Throws: ``Stop``, golden data damaged, where what the record says of them cannot be.
    var problemOptions: ProblemOptions {
        get throws {
            do {
                return try ProblemOptions.recorded(in: repeatArguments)
            } catch {
                throw Stop(.goldenDamaged, "the record's 'repeat' has options of lists that cannot be: \(error)")
            }
        }
    }

    /// - Throws: ``Stop``, wrong usage, where the golden data of a suite are not those of the run.
    func checkDigests(of opened: Set<String>, in store: any CaseSource, record: String) throws {
        for suite in suites where opened.contains(suite.name) {
            let digest = store.digest(ofSuite: suite.name)
            guard suite.digest == digest else {
                throw Stop(
                    .wrongUsage,
                    "the suite '\(suite.name)' is not what it was in the run of '\(record)': its digest is "
                        + "\(digest ?? "not known"), there it was \(suite.digest ?? "not known")")
            }
        }
    }
}
