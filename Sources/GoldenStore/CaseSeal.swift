internal import HDF5

/// SHA-256 over everything that a file holds of a case, as the member `sha256` of the table states it.
///
/// First the members that the case has but that one, in increasing order of their names' bytes:
/// `member <name> <type> <count>\n`, the values, `\n`; an integer is 8 bytes, little endian, a text its number of bytes in
/// decimal, `\n` and its bytes. Then the datasets in the same order: `dataset <name> <type> <shape>\n`, the elements in C
/// order, little endian, `\n`.
struct CaseSeal: ~Copyable {
    private var hash = SHA256()
    private var lastName = ""

    private static let order = CaseMember.allCases.filter { $0 != .sha256 }
        .sorted { $0.rawValue.utf8.lexicographicallyPrecedes($1.rawValue.utf8) }

    /// - Parameter row: what ``bytes(of:)`` says of the case's row.
    init(row: [UInt8]) {
        row.withUnsafeBytes { hash.update($0) }
    }

    /// What is digested of a case's members; a `sha256` among them is passed over.
    static func bytes(of members: [CaseMember: StoredValue]) -> [UInt8] {
        var bytes: [UInt8] = []
        func begin(_ name: String, _ type: String, _ count: Int) {
            bytes += "member \(name) \(type) \(count)\n".utf8
        }
        func add(_ text: String) {
            bytes += "\(text.utf8.count)\n".utf8
            bytes += text.utf8
        }
        func add(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
        for member in order {
            guard let value = members[member] else { continue }
            switch value {
            case .string(let text):
                begin(member.rawValue, "string", 1)
                add(text)
            case .strings(let texts):
                begin(member.rawValue, "string[]", texts.count)
                for text in texts { add(text) }
            case .int64(let number):
                begin(member.rawValue, "int64", 1)
                add(number)
            case .int64s(let numbers):
                begin(member.rawValue, "int64[]", numbers.count)
                for number in numbers { add(number) }
            case .uint64(let number):
                begin(member.rawValue, "uint64", 1)
                add(number)
            case .uint64s, .float64, .float64s, .other: preconditionFailure("no member is of such a type")
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// Takes the next dataset.
    ///
    /// - Precondition: datasets come in increasing order of their names.
    mutating func add<Element: StoredElement>(
        _ name: GoldenFormat.DatasetName, shape: [Int], elements: [Element]
    ) {
        precondition(lastName < name.rawValue, "dataset '\(name.rawValue)' after '\(lastName)'")
        lastName = name.rawValue
        let sizes = shape.map(String.init).joined(separator: "x")
        hash.update("dataset \(name.rawValue) \(Element.storedType) \(sizes)\n")
        // Elements have the same bytes in memory as in a file (`StoredElement`).
        elements.withUnsafeBytes { hash.update($0) }
        hash.update("\n")
    }

    /// The digest in lower-case hexadecimal.
    consuming func finalize() -> String { hash.finalize() }
}
