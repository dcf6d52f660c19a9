internal import HDF5

/// SHA-256 over everything that a file holds of a case, as the member `sha256` of the table states it.
///
/// First the members that the case has but that one, in increasing order of their names' bytes:
/// `member <name> <type> <count>\n`, the values, `\n`; an integer is 8 bytes, little endian, a text its number of bytes in
/// decimal, `\n` and its bytes. Then the datasets in the same order: `dataset <name> <type> <shape>\n`, the elements in C
/// order, little endian, `\n`.
struct CaseSeal: ~Copyable {
    fileprivate static let newline = UInt8(ascii: "\n")

    private var hash = SHA256()
    private var lastName = ""

    /// The members that are digested, in order, each with what comes before the number of its values.
    private static let order = CaseMember.allCases.filter { $0 != .sha256 }
        .sorted { $0.label.utf8.lexicographicallyPrecedes($1.label.utf8) }
        .map { (member: $0, beginning: Array("member \($0.label) \($0.sealedType) ".utf8)) }

    /// - Parameter row: what ``bytes(of:)`` says of the case's row.
    init(row: [UInt8]) {
        row.withUnsafeBytes { hash.update($0) }
    }

    /// What is digested of a case's members; a `sha256` among them is passed over.
    static func bytes(of members: MemberValues) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        for (member, beginning) in order {
            guard let value = members[member] else { continue }
            bytes += beginning
            switch value {
            case .string(let text):
                bytes.append(line: 1)
                bytes.append(text)
            case .strings(let texts):
                bytes.append(line: texts.count)
                for text in texts { bytes.append(text) }
            case .int64(let number):
                bytes.append(line: 1)
                bytes.append(number)
            case .int64s(let numbers):
                bytes.append(line: numbers.count)
                for number in numbers { bytes.append(number) }
            case .uint64(let number):
                bytes.append(line: 1)
                bytes.append(number)
            case .uint64s, .float64, .float64s, .other: preconditionFailure("no member is of such a type")
            }
            bytes.append(newline)
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

extension CaseMember {
    /// The type of its values, as a digest takes it.
    fileprivate var sealedType: String {
        switch form {
        case .text: "string"
        case .lines: "string[]"
        case .unsigned: "uint64"
        case .integer: "int64"
        case .integers: "int64[]"
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(line number: Int) {
        for digit in String(number).utf8 { append(digit) }
        append(CaseSeal.newline)
    }

    fileprivate mutating func append(_ text: String) {
        append(line: text.utf8.count)
        append(contentsOf: text.utf8)
    }

    fileprivate mutating func append(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
