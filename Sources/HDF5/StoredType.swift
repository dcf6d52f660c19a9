internal import CHDF5

/// The type of the elements of a dataset or attribute, as stored in the file.
public enum StoredType: Hashable, Sendable {
    /// Little-endian IEEE 754 binary32.
    case float32
    /// Little-endian IEEE 754 binary64.
    case float64
    /// Little-endian IEEE 754 binary16.
    case float16
    /// Signed 8-bit integer.
    case int8
    /// Unsigned 8-bit integer.
    case uint8
    /// Little-endian signed 32-bit integer.
    case int32
    /// Little-endian signed 64-bit integer.
    case int64
    /// Little-endian unsigned 64-bit integer.
    case uint64
    /// UTF-8 text in a field of `bytes` bytes, the rest of it zero.
    case fixedString(bytes: Int)
    /// Anything else, in words. Nothing of such a type is ever read.
    ///
    /// Text of variable length is among it: libhdf5 keeps it in a heap without a checksum, where damage goes unseen or,
    /// in 1.10, makes the library crash.
    case other(String)

    /// Classifies the datatype `type`, exactly: libhdf5 would convert other types silently while it reads.
    ///
    /// Must run under the lock.
    init(_ type: borrowing Handle, object: @autoclosure () -> String) throws(HDF5Error) {
        let id = type.identifier
        switch H5Tget_class(id) {
        case H5T_FLOAT where H5Tequal(id, chdf5_float32()) > 0: self = .float32
        case H5T_FLOAT where H5Tequal(id, chdf5_float64()) > 0: self = .float64
        case H5T_FLOAT where H5Tequal(id, chdf5_float16()) > 0: self = .float16
        case H5T_INTEGER where H5Tequal(id, chdf5_int64()) > 0: self = .int64
        case H5T_INTEGER where H5Tequal(id, chdf5_int32()) > 0: self = .int32
        case H5T_INTEGER where H5Tequal(id, chdf5_int8()) > 0: self = .int8
        case H5T_INTEGER where H5Tequal(id, chdf5_uint8()) > 0: self = .uint8
        case H5T_INTEGER where H5Tequal(id, chdf5_uint64()) > 0: self = .uint64
        case H5T_STRING: self = try Self.string(id, object: object())
        case H5T_NO_CLASS: throw HDF5Error(stackOf: "H5Tget_class", object: object())
        case let other: self = .other(Self.describe(id, class: other))
        }
    }

    /// libhdf5's predefined datatype, for numbers; never to be closed.
    var predefined: hid_t? {
        switch self {
        case .float32: chdf5_float32()
        case .float64: chdf5_float64()
        case .float16: chdf5_float16()
        case .int8: chdf5_int8()
        case .uint8: chdf5_uint8()
        case .int32: chdf5_int32()
        case .int64: chdf5_int64()
        case .uint64: chdf5_uint64()
        case .fixedString, .other: nil
        }
    }

    /// A new datatype for UTF-8 text in a field of `bytes` bytes, at least one, the rest of it zero.
    ///
    /// Must run under the lock.
    static func text(bytes: Int, object: @autoclosure () -> String) throws(HDF5Error) -> Handle {
        let type = try Handle(H5Tcopy(chdf5_c_string()), closedBy: H5Tclose, function: "H5Tcopy", object: object())
        try check(H5Tset_size(type.identifier, bytes), function: "H5Tset_size", object: object())
        try check(H5Tset_cset(type.identifier, H5T_CSET_UTF8), function: "H5Tset_cset", object: object())
        try check(H5Tset_strpad(type.identifier, H5T_STR_NULLPAD), function: "H5Tset_strpad", object: object())
        return type
    }

    private static func string(_ id: hid_t, object: @autoclosure () -> String) throws(HDF5Error) -> StoredType {
        guard H5Tget_cset(id) == H5T_CSET_UTF8 else { return .other("string that is not marked as UTF-8") }
        if try check(H5Tis_variable_str(id), function: "H5Tis_variable_str", object: object()) > 0 {
            return .other("variable-length string")
        }
        guard H5Tget_strpad(id) != H5T_STR_SPACEPAD else { return .other("string padded with spaces") }
        return .fixedString(bytes: H5Tget_size(id))
    }

    private static func describe(_ id: hid_t, class kind: H5T_class_t) -> String {
        let bits = H5Tget_size(id).multipliedReportingOverflow(by: 8).partialValue
        let order = H5Tget_order(id) == H5T_ORDER_BE ? "big-endian " : ""
        return switch kind {
        case H5T_INTEGER: "\(order)\(H5Tget_sign(id) == H5T_SGN_NONE ? "un" : "")signed \(bits)-bit integer"
        case H5T_FLOAT: "\(order)\(bits)-bit floating-point number that is not IEEE 754's"
        case H5T_COMPOUND: "compound"
        case H5T_ENUM: "enumeration"
        case H5T_ARRAY: "array"
        case H5T_VLEN: "variable-length sequence"
        case H5T_REFERENCE: "reference"
        case H5T_OPAQUE: "opaque bytes"
        case H5T_BITFIELD: "bit field"
        default: "type of class \(kind.rawValue)"
        }
    }
}

extension StoredType: CustomStringConvertible {
    public var description: String {
        switch self {
        case .float32: "float32"
        case .float64: "float64"
        case .float16: "float16"
        case .int8: "int8"
        case .uint8: "uint8"
        case .int32: "int32"
        case .int64: "int64"
        case .uint64: "uint64"
        case .fixedString: "fixed-length string"
        case .other(let words): words
        }
    }
}
