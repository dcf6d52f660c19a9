internal import HDF5

/// The root of a golden file: what it says of the whole suite, and the way to the cases.
struct SuiteRoot: ~Copyable {
    private let root: Group
    private let path: String

    /// Opens a file whose first bytes have been looked at.
    init(_ file: RawFile) throws(GoldenError) {
        let path = file.path
        root = try Self.reading(path) { () throws(HDF5Error) in try File(image: file.bytes, path: path).root() }
        self.path = path
    }

    /// Checks that this is the root of golden data of a known format, for the suite that the file is named after.
    func check(suite: String) throws(GoldenError) {
        let values = try Self.reading(path) { () throws(HDF5Error) in try root.attributes() }
        var attributes = AttributeSet(values)
        // What another format or version means by the rest is not known.
        if let format = attributes.text("format"), format != GoldenFormat.name {
            throw GoldenError(file: path, "attribute 'format' is '\(format)', expected '\(GoldenFormat.name)'")
        }
        if let version = attributes.integer("format_version"), version != GoldenFormat.version {
            throw GoldenError(
                file: path, "has format version \(version), and the only one known here is \(GoldenFormat.version)")
        }
        if let name = attributes.text("suite"), name != suite {
            attributes.refuse("attribute 'suite' is '\(name)', expected '\(suite)' from the file's name")
        }
        for name in ["title", "description", "generator"] { _ = attributes.text(name) }
        attributes.refuseOthers()
        let members = try Self.reading(path) { () throws(HDF5Error) in
            try root.links(limit: GoldenFormat.mostDatasets)
        }
        let known = [GoldenFormat.cases, GoldenFormat.table, GoldenFormat.offsets]
        for member in members where !known.contains(member.name) {
            attributes.refuse("holds '\(member.name)', expected '\(GoldenFormat.cases)' and '\(GoldenFormat.table)'")
        }
        for name in [GoldenFormat.cases, GoldenFormat.table] where !members.contains(where: { $0.name == name }) {
            attributes.refuse("has no '\(name)'")
        }
        guard attributes.problems.isEmpty else {
            throw GoldenError(attributes.problems.map { GoldenError.Fault(file: path, message: $0) })
        }
    }

    /// Opens the group that holds a group for each case.
    func cases() throws(GoldenError) -> Group {
        try Self.reading(path) { () throws(HDF5Error) in try root.group(GoldenFormat.cases) }
    }

    /// Reads what the file says of each case.
    func table() throws(GoldenError) -> CaseTable {
        try CaseTable(in: root, path: path)
    }

    /// Reads where the datasets of so many cases begin in the file; nil where it does not say.
    func offsets(in file: RawFile, cases: Int) throws(GoldenError) -> TensorOffsets? {
        let isThere = try Self.reading(path) { () throws(HDF5Error) in try root.contains(GoldenFormat.offsets) }
        return isThere ? try TensorOffsets(in: root, file: file, rows: cases) : nil
    }

    /// The names of the cases' groups, in increasing order of their bytes.
    static func names(in cases: borrowing Group, path: String) throws(GoldenError) -> [String] {
        let links = try reading(path) { () throws(HDF5Error) in
            try cases.links(limit: GoldenFormat.mostCases)
        }
        if let link = links.first(where: { !$0.isHard }) {
            throw GoldenError(file: path, "case '\(link.name)' is a link to another place, expected a group")
        }
        return links.map(\.name)
    }

    private static func reading<Result: ~Copyable>(
        _ path: String, _ body: () throws(HDF5Error) -> Result
    ) throws(GoldenError) -> Result {
        do {
            return try body()
        } catch {
            throw GoldenError(file: path, "cannot be read: \(error)")
        }
    }
}
