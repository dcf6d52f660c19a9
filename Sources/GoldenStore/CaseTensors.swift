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
    /// - Parameter memoryLimit: a case whose stored tensors need more bytes is refused before one is allocated.
    init(_ entry: StoredCase, in cases: borrowing Group, file: String, memoryLimit: Int) throws(GoldenError) {
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
        seal = CaseSeal(entry.sealedAttributes)
    }

    /// What the datasets hold; nil where something is wrong with one.
    consuming func read() throws(GoldenError) -> Content {
        let content = entry.derivation == nil ? stored().map(Content.stored) : sample().map(Content.sample)
        guard let content, faults.isEmpty else { throw GoldenError(faults) }
        let digest = seal.finalize()
        guard digest == entry.sha256 else {
            throw GoldenError(
                file: file, caseID: entry.header.id,
                "what it holds has SHA-256 \(digest), attribute '\(CaseSeal.attribute)' says \(entry.sha256)")
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
        let count: Int
        do {
            count = try group.dataset(DatasetName.sampleIndex.rawValue, followsLinks: true).shape.first ?? 0
        } catch {
            refuse("dataset '\(DatasetName.sampleIndex.rawValue)' cannot be opened: \(error.reason)")
            return nil
        }
        let expected: [Double]? = elements(.sampleExpected, shape: [count])
        let indices: [Int64]? = elements(.sampleIndex, shape: [count, 4])
        let magnitude: [Float]? = elements(.sampleMagnitude, shape: [count])
        guard let indices, let expected, let magnitude else { return nil }
        return DerivedCase.Sample(
            indices: (0..<count).map { Array(indices[4 * $0..<4 * $0 + 4]) }, expected: expected, magnitude: magnitude)
    }

    private mutating func refuse(_ message: String) {
        faults.append(GoldenError.Fault(file: file, caseID: entry.header.id, message: message))
    }

    /// The elements of a dataset that has the shape which the case's geometry wants; nil where something is wrong.
    private mutating func elements<Element: StoredElement>(_ name: DatasetName, shape: [Int]) -> [Element]? {
        do {
            let dataset = try group.dataset(name.rawValue, followsLinks: true)
            let header = DatasetHeader(dataset)
            let problems = header.problems(as: name)
            for problem in problems { refuse(problem) }
            if header.shape != shape {
                refuse(
                    "dataset '\(name.rawValue)' has shape \(header.shape), expected \(shape) from the case's geometry")
            }
            guard problems.isEmpty, header.shape == shape else { return nil }
            let elements = try dataset.read(as: Element.self, limit: memoryLimit)
            seal.add(name, shape: shape, elements: elements)
            return elements
        } catch {
            refuse("dataset '\(name.rawValue)' cannot be read: \(error.reason)")
            return nil
        }
    }
}
