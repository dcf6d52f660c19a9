internal import HDF5

/// The table of a golden file: one row a case, in increasing order of the names' bytes.
struct CaseTable: Sendable {
    private let table: Table
    private let members: [(CaseMember, Table.Member)]
    private let path: String

    /// Reads the table of the file `path`, and checks its members' names and types.
    ///
    /// - Throws: ``GoldenError`` with everything that is wrong with them.
    init(in root: borrowing Group, path: String) throws(GoldenError) {
        do {
            table = try root.table(GoldenFormat.table, limit: GoldenFormat.largestTable)
        } catch {
            throw GoldenError(file: path, "cannot be read: \(error)")
        }
        self.path = path
        var found: [CaseMember: Table.Member] = [:]
        var problems: [String] = []
        for member in table.members {
            guard let known = CaseMember(label: member.name) else {
                problems.append("has the member '\(member.name)', unknown in format version \(GoldenFormat.version)")
                continue
            }
            found[known] = member
            if member.typeDescription != known.typeDescription {
                problems.append(
                    "member '\(member.name)' is \(member.typeDescription), expected \(known.typeDescription)")
            }
        }
        for member in CaseMember.allCases where found[member] == nil && !member.isOptional {
            problems.append("member '\(member.label)' is missing, expected \(member.typeDescription)")
        }
        if table.rowCount == 0 { problems.append("has no rows, and so there are no cases") }
        guard problems.isEmpty else {
            throw GoldenError(
                problems.map { GoldenError.Fault(file: path, message: "table '\(GoldenFormat.table)': \($0)") })
        }
        members = CaseMember.allCases.compactMap { member in found[member].map { (member, $0) } }
    }

    /// The name of each row's case.
    func names() throws(GoldenError) -> [String] {
        do throws(HDF5Error) {
            return try (0..<table.rowCount).map { row throws(HDF5Error) in
                // Of the members that were checked, the first is the name.
                guard case .string(let name) = try table.value(of: members[0].1, row: row) else { return "" }
                return name
            }
        } catch {
            throw GoldenError(file: path, "cannot be read: \(error)")
        }
    }

    /// What a row, counted from 0, says of its case.
    func values(row: Int) throws(GoldenError) -> MemberValues {
        var values: MemberValues = [:]
        do throws(HDF5Error) {
            for (member, place) in members {
                values[member] = member.value(of: try table.value(of: place, row: row))
            }
        } catch {
            throw GoldenError(file: path, "cannot be read: \(error)")
        }
        return values
    }
}
