internal import HDF5

/// The names and numbers of golden files, format version 3.
enum GoldenFormat {
    /// The value of the root attribute `format`.
    static let name = "convcheck-golden"
    /// The value of the root attribute `format_version`.
    static let version: Int64 = 3
    /// What the file of a suite is called after the suite's name.
    static let fileExtension = ".h5"
    /// The list of digests beside the files.
    static let digestList = "SHA256SUMS"
    /// The table of the cases; its members are those of ``CaseMember``.
    static let table = "table"
    /// The most bytes that a table's rows may have.
    static let largestTable = 1 << 28
    /// The group that holds one group a case.
    static let cases = "cases"
    /// The most cases that a file may have.
    static let mostCases = 100_000
    /// The most names that a case's group is looked through for datasets.
    static let mostDatasets = 64

    /// The datasets of a case.
    enum DatasetName: String, CaseIterable {
        /// float32 `[batch, height, width, channels]`.
        case input
        /// float32 `[kernel height, kernel width, channels / groups, filters]`.
        case filter
        /// float32 `[filters]`, where there is one.
        case bias
        /// float64 `[batch, output height, output width, filters]`, where an output is expected.
        case expected
        /// float32, as `expected`.
        case magnitude
        /// float64 `[answers, batch, output height, output width, filters]`: further right answers, where there are any.
        case alternative
        /// int64 `[samples]`: places in the C order of `expected`, of a case whose tensors are derived.
        case sampleIndex = "sample_index"
        /// float64 `[samples]`.
        case sampleExpected = "sample_expected"
        /// float32 `[samples]`.
        case sampleMagnitude = "sample_magnitude"

    }

    /// Integer data are judged bit for bit, which is right as long as no partial sum can exceed 2^24.
    static let largestExactSum: Float = 0x1p24

    /// Whether `name` can be a suite's or a case's: printable ASCII, and nothing that a shell or a pattern would take
    /// for its own.
    static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"),
                    UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "="):
                    true
                default: false
                }
            }
    }
}
