internal import Conformance
internal import Convolution
internal import HDF5

/// Makes of a row of the table all that is known of a case beside its tensors; what is wrong with it is collected in words.
struct CaseReader {
    private var members: MemberReader
    private let values: MemberValues

    init(_ values: MemberValues) {
        members = MemberReader(values)
        self.values = values
    }

    /// What is wrong with the row.
    var problems: [String] { members.problems }

    /// The case in row `row`, its members checked against each other; nil where something is wrong.
    mutating func entry(suite: String, row: Int) -> StoredCase? {
        let name = members.text(.name)
        if let name, !GoldenFormat.isPlainName(name) {
            members.refuse("its name holds characters other than letters, digits and _-+.,=")
        }
        let input = shape(.inputShape)
        let filter = shape(.filterShape)
        let biasCount = members.has(.biasCount) ? members.integer(.biasCount) : nil
        if let biasCount, biasCount < 0 {
            members.refuse("member 'bias_count' is \(biasCount), expected 0 or more, or -1 where there is no bias")
        }
        let strides = members.integers(.strides)
        let dilations = members.integers(.dilations)
        let pads = members.integers(.pads)
        let padding = padding(pads: pads)
        let groups = members.integer(.groups)
        let operation = members.has(.operation) ? members.word(.operation, as: Operation.self) : .forward
        let types = types()
        let data = members.word(.data, as: CaseHeader.DataFamily.self)
        let expectation = members.word(.expect, as: CaseHeader.Expectation.self)
        let seed = members.unsigned(.seed)
        let tags = members.texts(.tags)
        let note = members.text(.note)
        let source = members.has(.source) ? members.text(.source) : nil
        let isDerived = members.has(.outputSHA256) || members.has(.stored)
        let derivation =
            isDerived
            ? CaseDigest(
                &members, data: data, operation: operation ?? .forward, types: types ?? .float32,
                hasBias: biasCount != nil) : nil
        let hasChoice = [.choice, .expectedMeaning, .alternativeMeaning].contains { members.has($0) }
        let alternatives = hasChoice ? AlternativeMeanings(&members) : nil
        let sha256 = members.digest(.sha256)
        members.refuseOthers()
        guard let name, let input, let filter, let strides, let dilations, let pads, let padding, let groups, let data,
            let operation, let types, let expectation, let seed, let tags, let note, let sha256
        else { return nil }
        let problem = Problem(
            input: input, filter: filter, biasCount: biasCount,
            strides: Extent(height: strides[0], width: strides[1]),
            dilations: Extent(height: dilations[0], width: dilations[1]), padding: padding, groups: groups,
            operation: operation, types: types)
        checkGeometry(problem, expectation: expectation, pads: pads)
        let header = CaseHeader(
            suite: suite, name: name, problem: problem, data: data, expectation: expectation, seed: seed,
            isDerived: isDerived, tags: tags, note: note, source: source)
        guard problems.isEmpty else { return nil }
        return StoredCase(
            header: header, derivation: derivation, alternatives: alternatives, row: row,
            sealedRow: CaseSeal.bytes(of: values), sha256: sha256)
    }

    private mutating func shape(_ member: CaseMember) -> Shape? {
        guard let sizes = members.integers(member) else { return nil }
        if sizes.allSatisfy({ $0 >= 0 }), let shape = Shape(sizes) { return shape }
        members.refuse("member '\(member.label)' is \(sizes), expected sizes of 0 or more")
        return nil
    }

    /// The types of the tensors: float32, or all three stated.
    private mutating func types() -> ElementTypes? {
        guard [.inputType, .filterType, .outputType].contains(where: members.has) else { return .float32 }
        let input = members.word(.inputType, as: ElementType.self)
        let filter = members.word(.filterType, as: ElementType.self)
        let output = members.word(.outputType, as: ElementType.self)
        guard let input, let filter, let output else { return nil }
        let types = ElementTypes(input: input, filter: filter, output: output)
        if types.kind == nil { members.refuse("no convolution is of \(types)") }
        return types
    }

    private mutating func padding(pads: [Int]?) -> Padding? {
        guard let name = members.text(.padding), let pads else { return nil }
        let given = Pads(top: pads[0], bottom: pads[1], left: pads[2], right: pads[3])
        if let padding = Padding(name: name, pads: given) { return padding }
        let known = [Padding.valid, .sameUpper, .sameLower, .explicit(.none)].map(\.name)
        members.refuse("member 'padding' is '\(name)', expected \(AttributeSet.alternatives(known))")
        return nil
    }

    /// Checks that the problem has an output exactly where one is expected, and that the stored pads are its pads.
    private mutating func checkGeometry(_ problem: Problem, expectation: CaseHeader.Expectation, pads: [Int]) {
        func checkPads(_ resolved: Pads) {
            guard resolved.list != pads else { return }
            members.refuse("member 'pads' is \(pads), expected \(resolved.list) for \(problem.padding.name)")
        }
        do throws(InvalidProblem) {
            checkPads(try problem.geometry().pads)
            // Of a gradient, it may be an operand that does not fit.
            let mayBeRejected = expectation == .rejection && problem.operation != .forward
            if expectation == .output || mayBeRejected { return }
            members.refuse("member 'expect' is '\(expectation.rawValue)', but the problem is valid: \(problem)")
        } catch {
            switch expectation {
            case .rejection: break
            case .output: members.refuse("member 'expect' is 'output', but the problem is invalid: \(error)")
            case .rejectionOrEmpty:
                checkPads(problem.pads)
                if problem.emptyOutputShape != nil { return }
                members.refuse(
                    "member 'expect' is 'rejection-or-empty', but more is wrong than a kernel larger than the padded "
                        + "input: \(error)")
            }
        }
    }
}
