internal import HDF5

/// A member of a golden file's table, which has one row a case: what the file says of the case beside its tensors.
enum CaseMember: Int, CaseIterable {
    // In the order of the table, and of `labels`. Numbers hash and compare faster than texts.
    case name, inputShape, filterShape, biasCount
    case strides, dilations, padding, pads, groups, operation
    case inputType, filterType, outputType
    case data, expect, seed, tags, note, source, choice
    case expectedMeaning, alternativeMeaning
    case inputBound, filterBound, biasBound, outputOperandBound
    case inputSHA256, filterSHA256, biasSHA256, outputOperandSHA256, outputSHA256
    case stored, projectionSHA256
    /// The digest of all else; see ``CaseSeal``.
    case sha256

    private static let labels = """
        name input_shape filter_shape bias_count
        strides dilations padding pads groups operation
        input_type filter_type output_type
        data expect seed tags note source choice
        expected_meaning alternative_meaning
        input_bound filter_bound bias_bound output_operand_bound
        input_sha256 filter_sha256 bias_sha256 output_operand_sha256 output_sha256
        stored projection_sha256
        sha256
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    init?(label: String) {
        guard let place = Self.labels.firstIndex(of: label) else { return nil }
        self.init(rawValue: place)
    }

    /// As the table calls it.
    var label: String { Self.labels[rawValue] }

    /// What a row holds.
    enum Form: Equatable {
        case text
        /// Texts, none empty, as the lines of one.
        case lines
        case unsigned
        /// A whole number, and the one that stands in the row of a case that has none; nil where every case has one.
        case integer(absent: Int64?)
        case integers(Int)
    }

    var form: Form {
        switch self {
        case .name, .padding, .operation, .inputType, .filterType, .outputType, .data, .expect, .note, .source, .choice,
            .expectedMeaning, .inputSHA256, .filterSHA256, .biasSHA256, .outputOperandSHA256, .outputSHA256, .stored,
            .projectionSHA256, .sha256:
            .text
        case .tags, .alternativeMeaning: .lines
        case .seed: .unsigned
        case .groups: .integer(absent: nil)
        case .biasCount: .integer(absent: -1)
        case .inputBound, .filterBound, .biasBound, .outputOperandBound: .integer(absent: 0)
        case .strides, .dilations: .integers(2)
        case .inputShape, .filterShape, .pads: .integers(4)
        }
    }

    /// Whether a case may lack it, and a table in which all do.
    var isOptional: Bool {
        switch self {
        case .biasCount, .operation, .inputType, .filterType, .outputType, .source, .choice, .expectedMeaning,
            .alternativeMeaning, .inputBound, .filterBound, .biasBound, .outputOperandBound, .inputSHA256,
            .filterSHA256,
            .biasSHA256, .outputOperandSHA256, .outputSHA256, .stored, .projectionSHA256:
            true
        case .name, .inputShape, .filterShape, .strides, .dilations, .padding, .pads, .groups, .data, .expect, .seed,
            .tags, .note, .sha256:
            false
        }
    }

    /// The type that the table's member must have, in words.
    var typeDescription: String {
        switch form {
        case .text, .lines: "fixed-length string"
        case .unsigned: "uint64"
        case .integer: "int64"
        case .integers(let count): "int64[\(count)]"
        }
    }

    /// What a case has, of what its row holds; nil where it lacks this member.
    func value(of stored: StoredValue) -> StoredValue? {
        switch (form, stored) {
        case (.text, .string(let text)) where text.isEmpty && isOptional: nil
        case (.lines, .string(let text)) where text.isEmpty: isOptional ? nil : .strings([])
        case (.lines, .string(let text)):
            .strings(
                text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
                    String(Substring($0))
                })
        case (.integer(let absent?), .int64(let number)) where number == absent: nil
        default: stored
        }
    }

    /// What the row of a case holds that has `value`, or lacks this member.
    func stored(_ value: StoredValue?) -> StoredValue {
        switch (form, value) {
        case (_, .strings(let lines)?): .string(lines.joined(separator: "\n"))
        case (_, let value?): value
        case (.text, nil), (.lines, nil): .string("")
        case (.unsigned, nil): .uint64(0)
        case (.integer(let absent), nil): .int64(absent ?? 0)
        case (.integers(let count), nil): .int64s([Int64](repeating: 0, count: count))
        }
    }
}
