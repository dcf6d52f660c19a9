internal import HDF5

/// The attributes of one object, taken by name and exact type; what is wrong with them is collected in words.
struct AttributeSet {
    private let values: [String: AttributeValue]
    private var untaken: Set<String>
    /// What is wrong with the attributes taken so far.
    private(set) var problems: [String] = []

    init(_ values: [String: AttributeValue]) {
        self.values = values
        self.untaken = Set(values.keys)
    }

    /// The text `name`; nil where it is absent, which is a problem unless it is optional.
    mutating func text(_ name: String, isOptional: Bool = false) -> String? {
        take(name, expected: "fixed-length string", isOptional: isOptional) {
            if case .string(let text) = $0 { text } else { nil }
        }
    }

    /// The list of texts `name`.
    mutating func texts(_ name: String) -> [String]? {
        take(name, expected: "fixed-length string[]") { if case .strings(let texts) = $0 { texts } else { nil } }
    }

    /// The whole number `name`.
    mutating func integer(_ name: String) -> Int64? {
        take(name, expected: "int64") { if case .int64(let number) = $0 { number } else { nil } }
    }

    /// The list `name` of `count` whole numbers.
    mutating func integers(_ name: String, count: Int) -> [Int]? {
        take(name, expected: "int64[\(count)]") {
            if case .int64s(let numbers) = $0, numbers.count == count { numbers.map { Int($0) } } else { nil }
        }
    }

    /// The number `name`, from 0 to 2^64 - 1.
    mutating func unsigned(_ name: String) -> UInt64? {
        take(name, expected: "uint64") { if case .uint64(let number) = $0 { number } else { nil } }
    }

    /// The text `name`, which must be one of the words of `Word`.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(_ name: String, as: Word.Type) -> Word? {
        guard let text = text(name) else { return nil }
        if let word = Word(rawValue: text) { return word }
        refuse("attribute '\(name)' is '\(text)', expected \(Self.alternatives(Word.allCases.map(\.rawValue)))")
        return nil
    }

    /// The SHA-256 `name`, in lower-case hexadecimal.
    mutating func digest(_ name: String) -> String? {
        guard let text = text(name) else { return nil }
        let isDigest = text.utf8.count == 64 && text.utf8.allSatisfy("0123456789abcdef".utf8.contains)
        if isDigest { return text }
        refuse("attribute '\(name)' is '\(text)', expected 64 lower-case hexadecimal digits")
        return nil
    }

    /// Whether there is an attribute `name`, of any type.
    func has(_ name: String) -> Bool {
        values[name] != nil
    }

    /// Notes a problem that a value has beside its type.
    mutating func refuse(_ problem: String) {
        problems.append(problem)
    }

    /// Notes what nobody has taken: an attribute without a meaning in this version of the format.
    mutating func refuseOthers() {
        for name in untaken.sorted() {
            problems.append("attribute '\(name)' is unknown in format version \(GoldenFormat.version)")
        }
    }

    /// The words in quotes, separated as in a sentence.
    static func alternatives(_ words: [String]) -> String {
        let quoted = words.map { "'\($0)'" }
        guard quoted.count > 1, let last = quoted.last else { return quoted.first ?? "nothing" }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }

    private mutating func take<Value>(
        _ name: String, expected: String, isOptional: Bool = false, _ convert: (AttributeValue) -> Value?
    ) -> Value? {
        untaken.remove(name)
        guard let value = values[name] else {
            if !isOptional { problems.append("attribute '\(name)' is missing, expected \(expected)") }
            return nil
        }
        if let converted = convert(value) { return converted }
        problems.append("attribute '\(name)' is \(value.typeDescription), expected \(expected)")
        return nil
    }
}
