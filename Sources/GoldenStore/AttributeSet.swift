internal import HDF5

/// The attributes of one object, taken by name and exact type; what is wrong with them is collected in words.
struct AttributeSet {
    private let values: [String: StoredValue]
    private var untaken: Set<String>
    /// What is wrong with the attributes taken so far.
    private(set) var problems: [String] = []

    init(_ values: [String: StoredValue]) {
        self.values = values
        self.untaken = Set(values.keys)
    }

    /// The text `name`.
    mutating func text(_ name: String) -> String? {
        take(name, expected: "fixed-length string") { if case .string(let text) = $0 { text } else { nil } }
    }

    /// The whole number `name`.
    mutating func integer(_ name: String) -> Int64? {
        take(name, expected: "int64") { if case .int64(let number) = $0 { number } else { nil } }
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
        _ name: String, expected: String, _ convert: (StoredValue) -> Value?
    ) -> Value? {
        untaken.remove(name)
        guard let value = values[name] else {
            problems.append("attribute '\(name)' is missing, expected \(expected)")
            return nil
        }
        if let converted = convert(value) { return converted }
        problems.append("attribute '\(name)' is \(value.typeDescription), expected \(expected)")
        return nil
    }
}
