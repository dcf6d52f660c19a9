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
}
