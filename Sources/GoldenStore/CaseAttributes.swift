internal import Conformance
internal import Convolution

/// Makes a case's header from its group's attributes and the shapes of its datasets.
///
/// What else the attributes say is known once the header is made.
struct CaseAttributes {
    private var attributes: AttributeSet
    /// How the tensors are drawn and what proves them, where they are derived.
    private(set) var derivation: CaseDigest?
    /// What the further answers mean, where there are any.
    private(set) var alternatives: AlternativeMeanings?
    /// The digest that the case's content must have; nil where it is missing or none.
    private(set) var sha256: String?

    init(_ attributes: AttributeSet) {
        self.attributes = attributes
    }

    /// What is wrong with the attributes, in words.
    var problems: [String] { attributes.problems }

    /// Whether the case's tensors are not stored, but derived.
    var isDerived: Bool { attributes.has(CaseDigest.mark) }

    /// The header; nil where an attribute is missing or wrong, or a shape is unknown.
    mutating func header(
        suite: String, name: String, shapes: [GoldenFormat.DatasetName: [Int]], hasAlternative: Bool
    ) -> CaseHeader? {
        let strides = attributes.integers("strides", count: 2)
        let dilations = attributes.integers("dilations", count: 2)
        let pads = attributes.integers("pads", count: 4)
        let paddingName = attributes.text("padding")
        let groups = attributes.integer("groups")
        let data = attributes.word("data", as: CaseHeader.DataFamily.self)
        let expectation = attributes.word("expect", as: CaseHeader.Expectation.self)
        let seed = attributes.unsigned("seed")
        let tags = attributes.texts("tags")
        let note = attributes.text("note")
        let source = attributes.text("source", isOptional: true)
        let isDerived = isDerived
        if isDerived { derivation = CaseDigest(&attributes, data: data) }
        alternatives = AlternativeMeanings(&attributes, isPresent: hasAlternative)
        sha256 = attributes.digest(CaseSeal.attribute)
        let input = shape("input", isDerived, shapes[.input])
        let filter = shape("filter", isDerived, shapes[.filter])
        let biasCount = isDerived ? derivation?.bias.flatMap { _ in filter?[3] } : shapes[.bias]?.first
        attributes.refuseOthers()
        guard let strides, let dilations, let pads, let groups, let data, let expectation, let seed, let tags,
            let note, let input, let filter,
            let padding = padding(named: paddingName, pads: pads)
        else { return nil }
        let problem = Problem(
            input: input, filter: filter, biasCount: biasCount,
            strides: Extent(height: strides[0], width: strides[1]),
            dilations: Extent(height: dilations[0], width: dilations[1]), padding: padding, groups: Int(groups))
        checkGeometry(problem, expectation: expectation, pads: pads)
        return CaseHeader(
            suite: suite, name: name, problem: problem, data: data, expectation: expectation, seed: seed,
            isDerived: isDerived, tags: tags,
            note: note, source: source)
    }

    /// The shape of a tensor: of its dataset, or, where the tensors are derived, an attribute.
    private mutating func shape(_ tensor: String, _ isDerived: Bool, _ stored: [Int]?) -> Shape? {
        if isDerived { return attributes.integers("\(tensor)_shape", count: 4).flatMap { Shape($0) } }
        let shape = stored.flatMap { Shape($0) }
        if shape == nil { attributes.refuse("dataset '\(tensor)' is missing or unusable") }
        return shape
    }

    private mutating func padding(named name: String?, pads: [Int]) -> Padding? {
        guard let name else { return nil }
        let given = Pads(top: pads[0], bottom: pads[1], left: pads[2], right: pads[3])
        if let padding = Padding(name: name, pads: given) { return padding }
        let known = [Padding.valid, .sameUpper, .sameLower, .explicit(.none)].map(\.name)
        attributes.refuse("attribute 'padding' is '\(name)', expected \(AttributeSet.alternatives(known))")
        return nil
    }

    /// Checks that the problem has an output exactly where one is expected, and that the stored pads are its pads.
    private mutating func checkGeometry(
        _ problem: Problem, expectation: CaseHeader.Expectation, pads: [Int]
    ) {
        func checkPads(_ resolved: Pads) {
            guard resolved.list != pads else { return }
            attributes.refuse("attribute 'pads' is \(pads), expected \(resolved.list) for \(problem.padding.name)")
        }
        do throws(InvalidProblem) {
            checkPads(try problem.geometry().pads)
            guard expectation != .output else { return }
            attributes.refuse("attribute 'expect' is '\(expectation.rawValue)', but the problem is valid: \(problem)")
        } catch {
            switch expectation {
            case .rejection: break
            case .output: attributes.refuse("attribute 'expect' is 'output', but the problem is invalid: \(error)")
            case .rejectionOrEmpty:
                checkPads(problem.pads)
                if problem.emptyOutputShape != nil { return }
                attributes.refuse(
                    "attribute 'expect' is 'rejection-or-empty', but more is wrong than a kernel larger than the padded "
                        + "input: \(error)")
            }
        }
    }
}
