internal import Convolution
internal import HDF5

/// The names and numbers of golden files, format version 5.
enum GoldenFormat {
    /// The value of the root attribute `format`.
    static let name = "convcheck-golden"
    /// The value of the root attribute `format_version`.
    static let version: Int64 = 5
    /// What the file of a suite is called after the suite's name.
    static let fileExtension = ".h5"
    /// The list of digests beside the files.
    static let digestList = "SHA256SUMS"
    /// The table of the cases; its members are those of ``CaseMember``.
    static let table = "table"
    /// The most bytes that a table's rows may have.
    static let largestTable = 1 << 28
    /// The table of where each case's datasets begin in the file, which it may have; its members are named after them.
    static let offsets = "offsets"
    /// The group that holds one group a case.
    static let cases = "cases"
    /// The most cases that a file may have.
    static let mostCases = 100_000
    /// The most names that a case's group is looked through for datasets.
    static let mostDatasets = 64

    /// The datasets of a case: operands by role, in their type (bfloat16 as float32), and what is expected of it.
    enum DatasetName: String, CaseIterable {
        /// `[batch, height, width, channels]`.
        case input
        /// `[kernel height, kernel width, channels / groups, filters]`.
        case filter
        /// `[count]`, where there is one.
        case bias
        /// `[batch, output height, output width, filters]`: the gradient with respect to the output, of a gradient.
        case output
        /// float64 of the answer's shape, where an answer is expected.
        case expected
        /// float32, as `expected`; not of whole numbers' types.
        case magnitude
        /// float64 `[answers]` and the answer's shape: further right answers, where there are any.
        case alternative
        /// int32 `[1]`, or of a filter `[filters]`: of whole numbers' types.
        case inputZeroPoint = "input_zero_point"
        case filterZeroPoint = "filter_zero_point"
        case outputZeroPoint = "output_zero_point"
        /// float32, likewise: where the answer is quantized.
        case inputScale = "input_scale"
        case filterScale = "filter_scale"
        case outputScale = "output_scale"
        /// int64 `[samples]`: places in the C order of `expected`, of a case whose tensors are derived.
        case sampleIndex = "sample_index"
        /// float64 `[samples]`.
        case sampleExpected = "sample_expected"
        /// float32 `[samples]`.
        case sampleMagnitude = "sample_magnitude"
        /// int64 `[rows]`: places in the C order of the answer's first two axes, of a case of which their sums are digested.
        case projectionRows = "projection_rows"

        /// The dataset of an operand.
        init(_ role: Role) {
            switch role {
            case .input: self = .input
            case .filter: self = .filter
            case .bias: self = .bias
            case .output: self = .output
            }
        }
    }

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
