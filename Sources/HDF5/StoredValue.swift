/// The value of an attribute or of a member of a table's row, with exactly the type and rank that it has in the file.
public enum StoredValue: Hashable, Sendable {
    /// A signed 64-bit integer.
    case int64(Int64)
    /// A one-dimensional array of signed 64-bit integers.
    case int64s([Int64])
    /// An unsigned 64-bit integer.
    case uint64(UInt64)
    /// A one-dimensional array of unsigned 64-bit integers.
    case uint64s([UInt64])
    /// A 64-bit floating-point number.
    case float64(Double)
    /// A one-dimensional array of 64-bit floating-point numbers.
    case float64s([Double])
    /// UTF-8 text.
    case string(String)
    /// A one-dimensional array of UTF-8 texts.
    case strings([String])
    /// A value that was not read, because it has another type or rank; in words.
    case other(String)

    /// The type and extent in words: `int64`, `int64[4]`, `fixed-length string`.
    public var typeDescription: String {
        switch self {
        case .int64: "int64"
        case .int64s(let values): "int64[\(values.count)]"
        case .uint64: "uint64"
        case .uint64s(let values): "uint64[\(values.count)]"
        case .float64: "float64"
        case .float64s(let values): "float64[\(values.count)]"
        case .string: "fixed-length string"
        case .strings(let values): "fixed-length string[\(values.count)]"
        case .other(let words): words
        }
    }
}
