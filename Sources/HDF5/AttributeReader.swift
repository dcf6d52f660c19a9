internal import CHDF5

/// Reads one attribute of an object; everything here must run under the lock.
struct AttributeReader: ~Copyable {
    /// The most bytes that an attribute may have.
    static let maximumBytes = 1 << 20

    private let attribute: Handle
    private let type: Handle
    private let space: Handle
    private let name: String
    private let owner: String

    /// Opens attribute `name` of the object `owner` whose path is `path` (`H5Aopen`).
    init(name: String, of owner: borrowing Handle, path: String) throws(HDF5Error) {
        func object() -> String { Self.object(path, name) }
        let attribute = try Handle(
            H5Aopen(owner.identifier, name, chdf5_default()), closedBy: H5Aclose, function: "H5Aopen", object: object())
        let type = try Handle(
            H5Aget_type(attribute.identifier), closedBy: H5Tclose, function: "H5Aget_type", object: object())
        let space = try Handle(
            H5Aget_space(attribute.identifier), closedBy: H5Sclose, function: "H5Aget_space", object: object())
        self.attribute = attribute
        self.type = type
        self.space = space
        self.name = name
        self.owner = path
    }

    /// How errors call the attribute; made only for them.
    private var object: String { Self.object(owner, name) }

    private static func object(_ path: String, _ name: String) -> String { "\(path)@\(name)" }

    /// The value, or words for it where its type or rank is none that is read (`H5Aread`).
    func value() throws(HDF5Error) -> StoredValue {
        let storedType = try StoredType(type, object: object)
        let shape = try Dataspace.shape(of: space, object: object)
        guard shape.count <= 1 else { return .other("\(storedType) of rank \(shape.count)") }
        let isScalar = shape.isEmpty
        let count = shape.first ?? 1
        let size = H5Tget_size(type.identifier)
        guard size > 0 else { throw HDF5Error(stackOf: "H5Tget_size", object: object) }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
        guard !overflow, bytes <= Self.maximumBytes else {
            throw HDF5Error(
                "it claims more than \(Self.maximumBytes) bytes", function: "H5Aget_space", object: object)
        }
        switch storedType {
        case .int64:
            let values = try numbers(Int64.self, count: count)
            return isScalar ? .int64(values[0]) : .int64s(values)
        case .uint64:
            let values = try numbers(UInt64.self, count: count)
            return isScalar ? .uint64(values[0]) : .uint64s(values)
        case .float64:
            let values = try numbers(Double.self, count: count)
            return isScalar ? .float64(values[0]) : .float64s(values)
        case .fixedString(let width):
            let values = try fixedStrings(count: count, width: width)
            return isScalar ? .string(values[0]) : .strings(values)
        case .float32, .float16, .int8, .uint8, .int32, .other:
            return .other(isScalar ? "\(storedType)" : "\(storedType)[\(count)]")
        }
    }

    private func numbers<Number: StoredElement>(_: Number.Type, count: Int) throws(HDF5Error) -> [Number] {
        var status: herr_t = 0
        let values = [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard count > 0 else { return }
            status = H5Aread(attribute.identifier, type.identifier, buffer.baseAddress)
            initialized = status < 0 ? 0 : count
        }
        try check(status, function: "H5Aread", object: object)
        return values
    }

    private func fixedStrings(count: Int, width: Int) throws(HDF5Error) -> [String] {
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count * width)
        try check(H5Aread(attribute.identifier, type.identifier, &bytes), function: "H5Aread", object: object)
        var values: [String] = []
        for start in stride(from: 0, to: bytes.count, by: width) {
            let field = bytes[start..<start + width]
            let text = field.prefix { $0 != 0 }
            guard field[text.endIndex...].allSatisfy({ $0 == 0 }) else {
                throw HDF5Error("a text is followed by other bytes", function: "H5Aread", object: object)
            }
            values.append(try validated(text))
        }
        return values
    }

    private func validated(_ bytes: some Sequence<UInt8>) throws(HDF5Error) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw HDF5Error("a text is not valid UTF-8", function: "H5Aread", object: object)
        }
        return text
    }
}
