internal import HDF5

/// Takes what a table's row says of a case, member by member; what is wrong with it is collected in words.
struct MemberReader {
    private let values: MemberValues
    /// By the members' numbers.
    private var isTaken = [Bool](repeating: false, count: CaseMember.allCases.count)
    /// What is wrong with the members taken so far.
    private(set) var problems: [String] = []

    /// - Parameter values: of the type that each member has: the table's members were checked.
    init(_ values: MemberValues) {
        self.values = values
    }

    /// Whether the case has the member.
    func has(_ member: CaseMember) -> Bool { values[member] != nil }

    mutating func text(_ member: CaseMember) -> String? {
        take(member) { if case .string(let text) = $0 { text } else { nil } }
    }

    mutating func texts(_ member: CaseMember) -> [String]? {
        let texts = take(member) { if case .strings(let texts) = $0 { texts } else { nil } }
        if texts?.contains("") == true { refuse("member '\(member.label)' has an empty line among its texts") }
        return texts
    }

    mutating func integer(_ member: CaseMember) -> Int? {
        take(member) { if case .int64(let number) = $0 { Int(number) } else { nil } }
    }

    mutating func integers(_ member: CaseMember) -> [Int]? {
        take(member) { if case .int64s(let numbers) = $0 { numbers.map { Int($0) } } else { nil } }
    }

    mutating func unsigned(_ member: CaseMember) -> UInt64? {
        take(member) { if case .uint64(let number) = $0 { number } else { nil } }
    }

    /// The text `member`, which must be one of the words of `Word`.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(_ member: CaseMember, as: Word.Type) -> Word? {
        guard let text = text(member) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = AttributeSet.alternatives(Word.allCases.map(\.rawValue))
        refuse("member '\(member.label)' is '\(text)', expected \(words)")
        return nil
    }

    /// The SHA-256 `member`, in lower-case hexadecimal.
    mutating func digest(_ member: CaseMember) -> String? {
        guard let text = text(member) else { return nil }
        let isDigest =
            text.utf8.count == 64
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
        if isDigest { return text }
        refuse("member '\(member.label)' is '\(text)', expected 64 lower-case hexadecimal digits")
        return nil
    }

    /// Notes a problem that a value has beside its type.
    mutating func refuse(_ problem: String) {
        problems.append(problem)
    }

    /// Notes what nobody has taken: members that a case of this kind does not have.
    mutating func refuseOthers() {
        for member in CaseMember.allCases where has(member) && !isTaken[member.rawValue] {
            problems.append("member '\(member.label)' is there, which a case of this kind does not have")
        }
    }

    private mutating func take<Value>(_ member: CaseMember, _ convert: (StoredValue) -> Value?) -> Value? {
        isTaken[member.rawValue] = true
        guard let value = values[member] else {
            problems.append("member '\(member.label)' is missing")
            return nil
        }
        return convert(value)
    }
}
