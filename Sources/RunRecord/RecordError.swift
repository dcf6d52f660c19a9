/// Why a record could not be read.
public struct RecordError: Error, Hashable, CustomStringConvertible {
    /// The record's path.
    public let file: String
    /// The line, from 1; `nil` where it is the file as a whole.
    public let line: Int?
    /// One sentence.
    public let reason: String
    /// Whether there is no such file, or it cannot be opened: then nothing is wrong with its content.
    public let isUnreadable: Bool

    init(file: String, line: Int? = nil, isUnreadable: Bool = false, _ reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
        self.isUnreadable = isUnreadable
    }

    public var description: String {
        line.map { "record '\(file)', line \($0): \(reason)" } ?? "record '\(file)': \(reason)"
    }
}

/// What is wrong with one line, before it is known which.
struct InvalidLine: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

extension DecodingError {
    /// What is wrong, with the path of the value.
    var sentence: String {
        switch self {
        case .keyNotFound(let key, let context): "'\(DecodingError.path(context.codingPath + [key]))' is missing"
        case .valueNotFound(_, let context): "'\(DecodingError.path(context.codingPath))' is null"
        case .typeMismatch(let type, let context):
            "'\(DecodingError.path(context.codingPath))' is no \(DecodingError.word(for: type))"
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            "is not JSON, or holds a number that does not fit"
        case .dataCorrupted(let context): "'\(DecodingError.path(context.codingPath))' makes no sense"
        @unknown default: "is not what a record holds"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.enumerated().map { place, key in
            key.intValue.map { "[\($0)]" } ?? (place == 0 ? "" : ".") + key.stringValue
        }.joined()
    }

    private static func word(for type: any Any.Type) -> String {
        switch type {
        case is String.Type: "string"
        case is Bool.Type: "boolean"
        case is Double.Type, is Int.Type, is UInt64.Type, is Int32.Type: "number that fits"
        default: "\(type)".hasPrefix("Array") ? "list" : "object"
        }
    }
}
