internal import Conformance
internal import Convolution
internal import HDF5

/// Reads the tensors of one case and proves them with its digest; what is wrong with them is collected in words.
struct CaseTensors: ~Copyable {
    typealias DatasetName = GoldenFormat.DatasetName

    /// What the datasets of a case hold.
    enum Content {
        case stored(GoldenCase)
        case sample(DerivedCase.Sample)
    }

    private let group: Group
    private let entry: StoredCase
    private let file: String
    private let memoryLimit: Int
    private var seal: CaseSeal
    private(set) var faults: [GoldenError.Fault] = []

    /// Opens the group of a case.
    ///
    /// - Parameters:
    ///   - members: what the table says of it.
    ///   - memoryLimit: a case whose stored tensors need more bytes is refused before one is allocated.
    init(
        _ entry: StoredCase, _ members: [CaseMember: StoredValue], in cases: borrowing Group, file: String,
        memoryLimit: Int
    ) throws(GoldenError) {
        let header = entry.header
        // What is derived is not allocated here.
        if entry.derivation == nil { try entry.demandMemory(memoryLimit, file: file) }
        do {
            group = try cases.group(header.name, followsLinks: true)
        } catch {
            throw GoldenError(file: file, caseID: header.id, "cannot be opened: \(error.reason)")
        }
        self.entry = entry
        self.file = file
        self.memoryLimit = memoryLimit
        seal = CaseSeal(members)
    }

    /// What the datasets hold; nil where something is wrong with one.
    consuming func read() throws(GoldenError) -> Content {
        checkDatasets()
        guard faults.isEmpty else { throw GoldenError(faults) }
        let content = entry.derivation == nil ? stored().map(Content.stored) : sample().map(Content.sample)
        guard let content, faults.isEmpty else { throw GoldenError(faults) }
        let digest = seal.finalize()
        guard digest == entry.sha256 else {
            throw GoldenError(
                file: file, caseID: entry.header.id,
                "what it holds has SHA-256 \(digest), member '\(CaseMember.sha256.rawValue)' says \(entry.sha256)")
        }
        return content
    }

    private mutating func stored() -> GoldenCase? {
        let header = entry.header
        let problem = header.problem
        let shape = header.expectation == .output ? try? problem.geometry().outputShape : nil
        // In the order of their names, as the digest takes them.
        var answers: [Double]?
        if let shape, let meanings = entry.alternatives {
            answers = elements(.alternative, shape: [meanings.alternatives.count] + shape.list)
        }
        var bias: [Float]?
        if let count = problem.biasCount { bias = elements(.bias, shape: [count]) }
        let expected: [Double]? = shape.flatMap { elements(.expected, shape: $0.list) }
        let filter: [Float]? = elements(.filter, shape: problem.filter.list)
        let input: [Float]? = elements(.input, shape: problem.input.list)
        let magnitude: [Float]? = shape.flatMap { elements(.magnitude, shape: $0.list) }
        guard faults.isEmpty, let input, let filter else { return nil }
        var output: GoldenCase.Output?
        if let shape, let expected, let magnitude {
            output = GoldenCase.Output(
                expected: Tensor(shape: shape, elements: expected),
                magnitude: Tensor(shape: shape, elements: magnitude),
                alternatives: entry.alternatives.flatMap { meanings in
                    answers.map { meanings.answers($0, shape: shape) }
                })
        }
        let golden = GoldenCase(
            header: header, input: Tensor(shape: problem.input, elements: input),
            filter: Tensor(shape: problem.filter, elements: filter), bias: bias, output: output)
        for problem in CaseValues.problems(of: golden) { refuse(problem) }
        return golden
    }

    private mutating func sample() -> DerivedCase.Sample? {
        guard let expected: [Double] = elements(.sampleExpected, shape: nil) else { return nil }
        let count = expected.count
        let places: [Int64]? = elements(.sampleIndex, shape: [count])
        let magnitude: [Float]? = elements(.sampleMagnitude, shape: [count])
        guard let places, let magnitude else { return nil }
        return DerivedCase.Sample(places: places, expected: expected, magnitude: magnitude)
    }

    private mutating func refuse(_ message: String) {
        faults.append(GoldenError.Fault(file: file, caseID: entry.header.id, message: message))
    }

    /// Checks that the datasets are those that a case of this kind has.
    private mutating func checkDatasets() {
        let links: [Group.Link]
        do {
            links = try group.links(limit: GoldenFormat.mostDatasets)
        } catch {
            refuse("its datasets cannot be listed: \(error.reason)")
            return
        }
        let (wanted, why) = wantedDatasets
        for link in links {
            if !link.isHard {
                refuse("'\(link.name)' is a link to another place, expected a dataset")
            } else if let name = DatasetName(rawValue: link.name) {
                if !wanted.contains(name) { refuse("dataset '\(link.name)' is there, and \(why)") }
            } else {
                let known = AttributeSet.alternatives(DatasetName.allCases.map(\.rawValue))
                refuse("'\(link.name)' is not a dataset of format version \(GoldenFormat.version), expected \(known)")
            }
        }
        for name in wanted where !links.contains(where: { $0.name == name.rawValue }) {
            refuse("dataset '\(name.rawValue)' is missing, and \(why)")
        }
    }

    /// The datasets that a case of this kind has, and what of the table says so.
    private var wantedDatasets: (names: [DatasetName], why: String) {
        let header = entry.header
        if header.isDerived {
            return (
                [.sampleIndex, .sampleExpected, .sampleMagnitude],
                "member '\(CaseMember.outputSHA256.rawValue)' is there"
            )
        }
        var names: [DatasetName] = [.input, .filter]
        var why = "member 'expect' is '\(header.expectation.rawValue)'"
        if header.problem.biasCount != nil {
            names.append(.bias)
        } else {
            why += ", without a bias"
        }
        if header.expectation == .output { names += [.expected, .magnitude] }
        if entry.alternatives != nil { names.append(.alternative) }
        return (names, why)
    }

    /// The elements of a dataset that has the shape which the table wants, or, with nil, any of one dimension; nil where
    /// something is wrong.
    private mutating func elements<Element: StoredElement>(_ name: DatasetName, shape: [Int]?) -> [Element]? {
        do {
            let dataset = try group.dataset(name.rawValue, followsLinks: true)
            let (found, type) = (dataset.shape, dataset.elementType)
            let shape = shape ?? (found.count == 1 ? found : [0])
            if type != Element.elementType {
                refuse("dataset '\(name.rawValue)' holds \(type), expected \(Element.elementType)")
            }
            if found != shape {
                refuse("dataset '\(name.rawValue)' has shape \(found), expected \(shape) from the table")
            }
            guard type == Element.elementType, found == shape else { return nil }
            let elements = try dataset.read(as: Element.self, limit: memoryLimit)
            seal.add(name, shape: shape, elements: elements)
            return elements
        } catch {
            refuse("dataset '\(name.rawValue)' cannot be read: \(error.reason)")
            return nil
        }
    }
}
