internal import Conformance
internal import Convolution
internal import HDF5

/// Reads one case's group; what is wrong with it is collected, each fault in words.
struct CaseReader: ~Copyable {
    typealias DatasetName = GoldenFormat.DatasetName

    private let group: Group
    private let suite: String
    private let name: String
    private let file: String
    /// What was wrong in the parts read so far.
    private(set) var faults: [GoldenError.Fault] = []
    /// What only some cases have; known once the description is.
    private(set) var details = CaseDetails()

    /// Opens the group `name` of `cases`, which is known to be no link to another place.
    init(_ name: String, in cases: borrowing Group, suite: String, file: String) throws(GoldenError) {
        do {
            group = try cases.group(name, followsLinks: true)
        } catch {
            throw GoldenError(file: file, caseID: "\(suite)/\(name)", "cannot be opened: \(error.reason)")
        }
        self.suite = suite
        self.name = name
        self.file = file
    }

    /// The case without its tensors: its attributes, checked against each other and the shapes of input, filter and bias.
    ///
    /// Of the output's datasets only the names are looked at: a dataset takes longer to open than to read.
    mutating func description() -> CaseDescription? {
        guard GoldenFormat.isPlainName(name) else {
            refuse("its name holds characters other than letters, digits and _-+.,=")
            return nil
        }
        guard let present = datasetNames() else { return nil }
        var shapes: [DatasetName: [Int]] = [:]
        for name in [DatasetName.input, .filter, .bias] where present.contains(name) { shapes[name] = shape(of: name) }
        let attributes: [String: AttributeValue]
        do {
            attributes = try group.attributes()
        } catch {
            refuse("its attributes cannot be read: \(error.reason)")
            return nil
        }
        var reader = CaseAttributes(AttributeSet(attributes))
        let description = reader.description(
            suite: suite, name: name, shapes: shapes, hasAlternative: present.contains(.alternative))
        details = reader.details
        refuse(reader.problems)
        guard let description else { return nil }
        checkDatasets(present, of: description)
        return faults.isEmpty ? description : nil
    }

    /// The tensors of a case described before; nil where something is wrong with one.
    ///
    /// - Parameters:
    ///   - details: as they were found with the description.
    ///   - exact: computes outputs that are not stored.
    mutating func tensors(
        of description: CaseDescription, details: CaseDetails, exact: (any ExactConvolution)?
    ) -> GoldenCase? {
        if let digest = details.digest { return derived(description, digest, exact) }
        let problem = description.problem
        let input: [Float]? = elements(.input, shape: problem.input.list)
        let filter: [Float]? = elements(.filter, shape: problem.filter.list)
        var bias: [Float]?
        if let count = problem.biasCount { bias = elements(.bias, shape: [count]) }
        var output: GoldenCase.Output?
        if description.expectation == .output, let shape = try? problem.geometry().outputShape {
            let expected: [Double]? = elements(.expected, shape: shape.list)
            let magnitude: [Float]? = elements(.magnitude, shape: shape.list)
            if let expected, let magnitude {
                output = GoldenCase.Output(
                    expected: Tensor(shape: shape, elements: expected),
                    magnitude: Tensor(shape: shape, elements: magnitude),
                    alternatives: details.alternatives.flatMap { alternatives($0, shape: shape) })
            }
        }
        guard faults.isEmpty, let input, let filter else { return nil }
        let golden = GoldenCase(
            description: description, input: Tensor(shape: problem.input, elements: input),
            filter: Tensor(shape: problem.filter, elements: filter), bias: bias, output: output)
        refuse(CaseValues.problems(of: golden))
        return faults.isEmpty ? golden : nil
    }

    /// The answers beside the expected one.
    private mutating func alternatives(_ meanings: AlternativeMeanings, shape: Shape) -> GoldenCase.Alternatives? {
        let stored: [Double]? = elements(.alternative, shape: [meanings.alternatives.count] + shape.list)
        guard let stored else { return nil }
        return GoldenCase.Alternatives(
            choice: meanings.choice, expectedMeaning: meanings.expected,
            answers: meanings.alternatives.enumerated().map { place, meaning in
                let elements = stored[place * shape.count..<(place + 1) * shape.count]
                return .init(meaning: meaning, output: Tensor(shape: shape, elements: Array(elements)))
            })
    }

    /// A case whose tensors follow from its seed.
    private mutating func derived(
        _ description: CaseDescription, _ digest: CaseDigest, _ exact: (any ExactConvolution)?
    ) -> GoldenCase? {
        guard let exact else {
            refuse("its output is not stored, and there is no exact engine to compute it")
            return nil
        }
        do {
            let count = try group.dataset(DatasetName.sampleIndex.rawValue, followsLinks: true).shape.first ?? 0
            let indices: [Int64]? = elements(.sampleIndex, shape: [count, 4])
            let expected: [Double]? = elements(.sampleExpected, shape: [count])
            let magnitude: [Float]? = elements(.sampleMagnitude, shape: [count])
            guard let indices, let expected, let magnitude else { return nil }
            let sample = DerivedCase.Sample(
                indices: (0..<count).map { Array(indices[4 * $0..<4 * $0 + 4]) }, expected: expected,
                magnitude: magnitude)
            let (golden, problems) = try DerivedCase(
                description: description, digest: digest, sample: sample, exact: exact
            ).prove()
            refuse(problems)
            return golden
        } catch {
            refuse("it cannot be derived: \(error)")
            return nil
        }
    }

    private mutating func refuse(_ message: String) {
        faults.append(GoldenError.Fault(file: file, caseID: "\(suite)/\(name)", message: message))
    }

    private mutating func refuse(_ messages: [String]) {
        for message in messages { refuse(message) }
    }

    /// The datasets that there are; nil where they cannot be listed.
    private mutating func datasetNames() -> [DatasetName]? {
        let links: [Group.Link]
        do {
            links = try group.links()
        } catch {
            refuse("its datasets cannot be listed: \(error.reason)")
            return nil
        }
        var names: [DatasetName] = []
        for link in links {
            guard link.isHard else {
                refuse("'\(link.name)' is a link to another place, expected a dataset")
                continue
            }
            guard let name = DatasetName(rawValue: link.name) else {
                let known = AttributeSet.alternatives(DatasetName.allCases.map(\.rawValue))
                refuse("'\(link.name)' is not a dataset of format version \(GoldenFormat.version), expected \(known)")
                continue
            }
            names.append(name)
        }
        return names
    }

    /// The shape of a dataset, which is checked as far as that does not depend on other parts of the case.
    private mutating func shape(of name: DatasetName) -> [Int]? {
        do {
            let header = DatasetHeader(try group.dataset(name.rawValue, followsLinks: true))
            refuse(header.problems(as: name))
            return header.shape
        } catch {
            refuse("dataset '\(name.rawValue)' cannot be opened: \(error.reason)")
            return nil
        }
    }

    /// Checks that the datasets are those that a case of this kind has.
    private mutating func checkDatasets(_ present: [DatasetName], of description: CaseDescription) {
        let kind: (why: String, wanted: Set<DatasetName>, optional: Set<DatasetName>) =
            if description.isDerived {
                ("attribute '\(CaseDigest.mark)' is there", DatasetName.samples, [])
            } else if description.expectation == .rejection {
                ("attribute 'expect' is 'rejection'", [.input, .filter], [.bias])
            } else {
                (
                    "attribute 'expect' is 'output'", [.input, .filter, .expected, .magnitude], [.bias, .alternative]
                )
            }
        for name in DatasetName.allCases {
            if present.contains(name), !kind.wanted.contains(name), !kind.optional.contains(name) {
                refuse("dataset '\(name.rawValue)' is there, and \(kind.why)")
            } else if !present.contains(name), kind.wanted.contains(name), name != .input, name != .filter {
                refuse("dataset '\(name.rawValue)' is missing, and \(kind.why)")
            }
        }
    }

    /// The elements of a dataset that has the shape which the case's geometry wants; nil where something is wrong.
    private mutating func elements<Element: StoredElement>(_ name: DatasetName, shape: [Int]) -> [Element]? {
        do {
            let dataset = try group.dataset(name.rawValue, followsLinks: true)
            let header = DatasetHeader(dataset)
            let problems = header.problems(as: name)
            refuse(problems)
            if header.shape != shape {
                refuse(
                    "dataset '\(name.rawValue)' has shape \(header.shape), expected \(shape) from the case's geometry")
            }
            return problems.isEmpty && header.shape == shape ? try dataset.read(as: Element.self) : nil
        } catch {
            refuse("dataset '\(name.rawValue)' cannot be read: \(error.reason)")
            return nil
        }
    }
}
