/// The names and numbers of golden files, format version 1.
enum GoldenFormat {
    /// The value of the root attribute `format`.
    static let name = "convcheck-golden"
    /// The value of the root attribute `format_version`.
    static let version: Int64 = 1
    /// What the file of a suite is called after the suite's name.
    static let fileExtension = ".h5"
    /// The list of digests beside the files.
    static let digestList = "SHA256SUMS"
    /// The group that holds one group a case.
    static let cases = "cases"

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
