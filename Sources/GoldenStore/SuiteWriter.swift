public import Conformance
internal import Convolution
internal import HDF5

/// Writes a new golden file, case by case.
///
///     var writer = try SuiteWriter(creating: "mine.h5", title: "Mine", description: "What mine is for.", generator: "me 1")
///     for golden in cases { try writer.append(golden) }
///     try writer.finish()
///
/// The same cases give the same bytes.
public struct SuiteWriter: ~Copyable {
    /// Bytes from which on gzip may save more than it costs to read what it has packed.
    private static let worthCompressing = 8192

    private let path: String
    private let file: File
    private let cases: Group
    private var rows: [String: MemberValues] = [:]

    /// Creates a file that must not exist yet; the suite is named after it.
    ///
    /// - Parameters:
    ///   - path: ends in `<suite>.h5`.
    ///   - title: what the suite is, in a few words.
    ///   - description: what it is for.
    ///   - generator: what made the cases, with its version.
    /// - Throws: ``GoldenError`` where the name is none for a suite, or the file exists or cannot be written.
    public init(
        creating path: String, title: String, description: String, generator: String
    ) throws(GoldenError) {
        let fileName = path.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let suite = String(fileName.dropLast(GoldenFormat.fileExtension.count))
        guard fileName.hasSuffix(GoldenFormat.fileExtension), GoldenFormat.isPlainName(suite) else {
            throw GoldenError(
                file: path, "is not named '<suite>\(GoldenFormat.fileExtension)' with letters, digits and _-+.,=")
        }
        let file = try Self.writing(path) { () throws(HDF5Error) in try File(creating: path) }
        let cases = try Self.writing(path) { () throws(HDF5Error) in
            let root = try file.root()
            try root.setAttribute("format", to: .string(GoldenFormat.name))
            try root.setAttribute("format_version", to: .int64(GoldenFormat.version))
            try root.setAttribute("suite", to: .string(suite))
            try root.setAttribute("title", to: .string(title))
            try root.setAttribute("description", to: .string(description))
            try root.setAttribute("generator", to: .string(generator))
            return try root.createGroup(GoldenFormat.cases)
        }
        self.path = path
        self.file = file
        self.cases = cases
    }

    /// Writes one case as the group of its name; its suite's name is not looked at.
    ///
    /// - Throws: ``GoldenError`` where the file has a case of that name already, or cannot be written.
    public mutating func append(_ golden: GoldenCase) throws(GoldenError) {
        var members = Self.members(of: golden.header)
        if let alternatives = golden.output?.alternatives {
            members[.choice] = .string(alternatives.choice.rawValue)
            members[.expectedMeaning] = .string(alternatives.expectedMeaning)
            members[.alternativeMeaning] = .strings(alternatives.answers.map(\.meaning))
        }
        let digest = try Self.writing(path, caseID: golden.header.id) { () throws(HDF5Error) in
            let group = try cases.createGroup(golden.header.name)
            var seal = CaseSeal(row: CaseSeal.bytes(of: members))
            // In the order of their names, as the digest takes them.
            let (operands, quantization) = (golden.operands, golden.operands.quantization)
            let isVector = golden.header.problem.operation.answer == .bias
            if let alternatives = golden.output?.alternatives {
                try Self.write(alternatives, isVector, to: group, &seal)
            }
            try Self.write(.bias, operands.bias, isVector: true, to: group, &seal)
            try Self.write(
                .expected, (golden.output?.expected).map { AnyTensor($0) }, isVector: isVector, to: group, &seal)
            try Self.write(.filter, operands.filter, to: group, &seal)
            try Self.write(.filterScale, .filterZeroPoint, quantization?.filter, to: group, &seal)
            try Self.write(.input, operands.input, to: group, &seal)
            try Self.write(.inputScale, .inputZeroPoint, quantization?.input, to: group, &seal)
            if golden.header.problem.types.output.format != nil {
                let magnitude = (golden.output?.magnitude).map { AnyTensor($0) }
                try Self.write(.magnitude, magnitude, isVector: isVector, to: group, &seal)
            }
            try Self.write(.output, operands.output, to: group, &seal)
            try Self.write(.outputScale, .outputZeroPoint, quantization?.output, to: group, &seal)
            return seal.finalize()
        }
        members[.sha256] = .string(digest)
        rows[golden.header.name] = members
    }

    /// Writes the table of the cases and closes the file, after everything has reached it.
    public consuming func finish() throws(GoldenError) {
        try Self.writing(path) { () throws(HDF5Error) in
            try file.root().createTable(GoldenFormat.table, columns: Self.columns(of: rows))
            try file.flush()
        }
    }

    /// The columns of a table, whose rows are in increasing order of the names' bytes; of the optional members only
    /// those that a case has.
    static func columns(of rows: [String: MemberValues]) -> [(name: String, values: [StoredValue])] {
        let sorted = rows.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.value)
        return CaseMember.allCases
            .filter { member in !member.isOptional || sorted.contains { $0[member] != nil } }
            .map { member in (member.label, sorted.map { member.stored($0[member]) }) }
    }

    private static func members(of header: CaseHeader) -> MemberValues {
        let problem = header.problem
        func pair(_ extent: Extent) -> StoredValue { .int64s([Int64(extent.height), Int64(extent.width)]) }
        func list(_ numbers: [Int]) -> StoredValue { .int64s(numbers.map { Int64($0) }) }
        func type(_ role: Role) -> StoredValue? {
            problem.types == .float32 ? nil : .string(problem.types[role].rawValue)
        }
        return [
            .name: .string(header.name), .inputShape: list(problem.input.list), .filterShape: list(problem.filter.list),
            .biasCount: problem.biasCount.map { .int64(Int64($0)) }, .strides: pair(problem.strides),
            .dilations: pair(problem.dilations), .padding: .string(problem.padding.name),
            .pads: list(problem.pads.list), .groups: .int64(Int64(problem.groups)),
            .operation: problem.operation == .forward ? nil : .string(problem.operation.rawValue),
            .inputType: type(.input), .filterType: type(.filter), .outputType: type(.output),
            .data: .string(header.data.rawValue),
            .expect: .string(header.expectation.rawValue), .seed: .uint64(header.seed), .tags: .strings(header.tags),
            .note: .string(header.note), .source: header.source.map { .string($0) },
        ]
    }

    private static func write(
        _ alternatives: GoldenCase.Alternatives, _ isVector: Bool, to group: borrowing Group, _ seal: inout CaseSeal
    ) throws(HDF5Error) {
        let answers = alternatives.answers
        guard let shape = answers.first?.output.shape else { return }
        try write(
            .alternative, answers.flatMap { $0.output.reordered(to: .logical).elements },
            shape: [answers.count] + (isVector ? [shape[3]] : shape.list), to: group, &seal)
    }

    /// Writes a tensor as it is stored, a vector with one axis.
    private static func write(
        _ name: GoldenFormat.DatasetName, _ tensor: AnyTensor?, isVector: Bool = false, to group: borrowing Group,
        _ seal: inout CaseSeal
    ) throws(HDF5Error) {
        guard let tensor = tensor?.reordered(to: .logical) else { return }
        let shape = isVector ? [tensor.shape[3]] : tensor.shape.list
        func write(_ tensor: some StoredTensor) throws(HDF5Error) {
            try self.write(name, tensor.tensor.elements, shape: shape, to: group, &seal)
        }
        try write(tensor.stored)
    }

    private static func write(
        _ scale: GoldenFormat.DatasetName, _ zeroPoint: GoldenFormat.DatasetName,
        _ parameters: Quantization.Parameters?,
        to group: borrowing Group, _ seal: inout CaseSeal
    ) throws(HDF5Error) {
        guard let parameters else { return }
        let (scales, zeroPoints) = (parameters.scales, parameters.zeroPoints.map { Int32(clamping: $0) })
        if !scales.isEmpty { try write(scale, scales, shape: [scales.count], to: group, &seal) }
        try write(zeroPoint, zeroPoints, shape: [zeroPoints.count], to: group, &seal)
    }

    private static func write<Element: StoredElement>(
        _ name: GoldenFormat.DatasetName, _ elements: [Element], shape: [Int], to group: borrowing Group,
        _ seal: inout CaseSeal
    ) throws(HDF5Error) {
        let bytes = elements.count * MemoryLayout<Element>.stride
        try group.createDataset(
            name.rawValue, shape: shape, elements: elements, compression: bytes < worthCompressing ? 0 : 9)
        seal.add(name, shape: shape, elements: elements)
    }

    private static func writing<Result: ~Copyable>(
        _ path: String, caseID: String? = nil, _ body: () throws(HDF5Error) -> Result
    ) throws(GoldenError) -> Result {
        do {
            return try body()
        } catch {
            throw GoldenError(file: path, caseID: caseID, "cannot be written: \(error)")
        }
    }
}
