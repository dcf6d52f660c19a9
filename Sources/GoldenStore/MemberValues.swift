internal import HDF5

/// What a case has of each member of the table.
struct MemberValues: ExpressibleByDictionaryLiteral {
    private static let count = CaseMember.allCases.count

    // By the members' numbers: thousands of cases are read at the start of every run.
    private var values = [StoredValue?](repeating: nil, count: count)

    /// - Parameter elements: `nil` for a member that the case lacks.
    init(dictionaryLiteral elements: (CaseMember, StoredValue?)...) {
        for (member, value) in elements { self[member] = value }
    }

    /// `nil` where the case lacks the member.
    subscript(member: CaseMember) -> StoredValue? {
        get { values[member.rawValue] }
        set { values[member.rawValue] = newValue }
    }
}
