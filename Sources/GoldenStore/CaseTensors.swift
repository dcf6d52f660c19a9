internal import Conformance
internal import Convolution
internal import HDF5

/// Reads the tensors of one case and proves them with its digest; what is wrong with them is collected in words.
struct CaseTensors: ~Copyable {
    typealias DatasetName = GoldenFormat.DatasetName

    /// What the datasets of a case hold.
    enum Content {
        case stored(GoldenCase)
        case sample(DerivedCase.Sample, Quantization?)
    }

    /// `nil` where all tensors are taken from the file's bytes.
    private let group: Group?
    /// As long as there is a ``group``.
    private let hold: LibraryHold?
    /// `nil` where none is.
    private let offsets: TensorOffsets?
    private let entry: StoredCase
    private let file: String
    private let memoryLimit: Int
    private var seal: CaseSeal
    private(set) var faults: [GoldenError.Fault] = []

    /// Opens the group of a case.
    ///
    /// - Parameters:
    ///   - offsets: where its tensors begin in the file: `nil` to find them by libhdf5.
    ///   - memoryLimit: a case whose stored tensors need more bytes is refused before one is allocated.
    init(
        _ entry: StoredCase, in cases: borrowing Group,
        offsets: TensorOffsets? = nil, file: String, memoryLimit: Int
    ) throws(GoldenError) {
        let header = entry.header
        // What is derived is not allocated here.
        if entry.derivation == nil { try entry.demandMemory(memoryLimit, file: file) }
        // Sizes that neither the table nor the places tell, and what is wrong with invalid problems, libhdf5 knows.
        let isPlain =
            header.expectation == .output
            && (entry.derivation == nil
                || entry.derivation?.projection == nil && offsets?.sampleCount(row: entry.row) != nil)
        let known = isPlain ? offsets : nil
        let hasAll = known.map { places in
            Self.wantedDatasets(of: entry).names.allSatisfy { places.has($0, row: entry.row) }
        }
        let hold = hasAll == true ? nil : LibraryHold()
        group = try Self.group(hasAll == true ? nil : header, in: cases, file: file)
        self.hold = hold
        self.offsets = known
        self.entry = entry
        self.file = file
        self.memoryLimit = memoryLimit
        seal = CaseSeal(row: entry.sealedRow)
    }

    private static func group(
        _ header: CaseHeader?, in cases: borrowing Group, file: String
    ) throws(GoldenError) -> Group? {
        guard let header else { return nil }
        do {
            return try cases.group(header.name, followsLinks: true)
        } catch {
            throw GoldenError(file: file, caseID: header.id, "cannot be opened: \(error.reason)")
        }
    }

    /// Whether libhdf5 finds the tensors.
    var isByLibrary: Bool { offsets == nil }

    /// Whether the number of some dataset's elements follows from places in the file, and not from the table.
    static func isGuessed(_ entry: StoredCase) -> Bool {
        entry.derivation != nil || entry.header.problem.types.output.format == nil
    }

    /// What the datasets hold; nil where something is wrong with one.
    consuming func read() throws(GoldenError) -> Content {
        checkDatasets()
        guard faults.isEmpty else { throw GoldenError(faults) }
        let content = entry.derivation == nil ? stored().map(Content.stored) : sample()
        guard let content, faults.isEmpty else { throw GoldenError(faults) }
        let digest = seal.finalize()
        guard digest == entry.sha256 else {
            throw GoldenError(
                file: file, caseID: entry.header.id,
                "what it holds has SHA-256 \(digest), member '\(CaseMember.sha256.label)' says \(entry.sha256)")
        }
        return content
    }

    private var operation: Operation { entry.header.problem.operation }
    private var types: ElementTypes { entry.header.problem.types }

    private mutating func stored() -> GoldenCase? {
        let header = entry.header
        let problem = header.problem
        let geometry = try? problem.geometry()
        let role = operation.answer
        let answer = header.expectation == .output ? geometry?.shape(of: role) : nil
        let answerSizes = answer.map { role == .bias ? [$0[3]] : $0.list }
        let hasMagnitude = types.output.format != nil
        // In the order of their names, as the digest takes them.
        var answers: [Double]?
        if let answerSizes, let meanings = entry.alternatives {
            answers = elements(.alternative, shape: [meanings.alternatives.count] + answerSizes)
        }
        var operands = Operands()
        if let count = problem.biasCount { operands.bias = tensor(.bias, shape: [1, 1, 1, count]) }
        let expected: [Double]? = answerSizes.flatMap { elements(.expected, shape: $0) }
        if operation.factors.contains(.filter) { operands.filter = tensor(.filter, shape: problem.filter) }
        let ofFilter = parameters(.filterScale, .filterZeroPoint)
        if operation.factors.contains(.input) { operands.input = tensor(.input, shape: problem.input) }
        let ofInput = parameters(.inputScale, .inputZeroPoint)
        let magnitude: [Float]? = hasMagnitude ? answerSizes.flatMap { elements(.magnitude, shape: $0) } : nil
        if operation.factors.contains(.output) {
            // What is wrong with a case that must be rejected may be this.
            operands.output = tensor(.output, shape: header.expectation == .output ? geometry?.outputShape : nil)
        }
        let ofOutput = types.kind == .quantized ? parameters(.outputScale, .outputZeroPoint) : nil
        if let ofInput, let ofFilter {
            operands.quantization = Quantization(input: ofInput, filter: ofFilter, output: ofOutput)
        }
        guard faults.isEmpty else { return nil }
        var output: GoldenCase.Output?
        if let answer, let expected {
            output = GoldenCase.Output(
                expected: Tensor(shape: answer, elements: expected),
                magnitude: magnitude.map { Tensor(shape: answer, elements: $0) }
                    ?? Tensor(repeating: 0, shape: answer),
                alternatives: entry.alternatives.flatMap { meanings in
                    answers.map { meanings.answers($0, shape: answer) }
                })
        }
        if header.expectation == .rejection, (try? problem.geometry(of: operands)) != nil {
            refuse("member 'expect' is 'rejection', but problem and operands are valid: \(problem)")
        }
        let golden = GoldenCase(header: header, operands: operands, output: output)
        for problem in CaseValues.problems(of: golden) { refuse(problem) }
        return golden
    }

    private mutating func sample() -> Content? {
        let ofFilter = parameters(.filterScale, .filterZeroPoint)
        let ofInput = parameters(.inputScale, .inputZeroPoint)
        let ofOutput = types.kind == .quantized ? parameters(.outputScale, .outputZeroPoint) : nil
        var quantization: Quantization?
        if let ofInput, let ofFilter {
            quantization = Quantization(input: ofInput, filter: ofFilter, output: ofOutput)
        }
        let rows: [Int64]? = entry.derivation?.projection == nil ? [] : elements(.projectionRows, shape: nil)
        let told = offsets?.sampleCount(row: entry.row).map { [$0] }
        guard let expected: [Double] = elements(.sampleExpected, shape: told) else { return nil }
        let count = expected.count
        let places: [Int64]? = elements(.sampleIndex, shape: [count])
        let magnitude: [Float]? =
            types.output.format == nil
            ? [Float](repeating: 0, count: count) : elements(.sampleMagnitude, shape: [count])
        guard let places, let magnitude, let rows else { return nil }
        return .sample(
            DerivedCase.Sample(places: places, expected: expected, magnitude: magnitude, rows: rows), quantization)
    }

    /// What the numbers of a tensor stand for; nil where they stand for themselves, or something is wrong.
    private mutating func parameters(_ scale: DatasetName, _ zeroPoint: DatasetName) -> Quantization.Parameters? {
        guard types.output.format == nil else { return nil }
        let scales: [Float]? = types.kind == .quantized ? elements(scale, shape: told(scale)) : []
        let zeroPoints: [Int32]? = elements(zeroPoint, shape: told(zeroPoint))
        guard let scales, let zeroPoints else { return nil }
        return Quantization.Parameters(zeroPoints: zeroPoints.map { Int($0) }, scales: scales)
    }

    /// The shape that the places of a case's tensors tell of its scales or zero points.
    private func told(_ name: DatasetName) -> [Int]? {
        let filters = name == .filterScale || name == .filterZeroPoint ? entry.header.problem.filter[3] : 1
        return offsets.map { [$0.parameterCount(of: name, row: entry.row, filters: filters)] }
    }

    /// An operand; with nil of any shape of four axes, for a problem that has none.
    private mutating func tensor(_ role: Role, shape: Shape?) -> AnyTensor? {
        let name = DatasetName(role)
        guard let shape = shape ?? self.shape(of: name) else { return nil }
        let sizes = role == .bias ? [shape[3]] : shape.list
        func stored<Element: StoredElement & TensorElement>(_: Element.Type) -> AnyTensor? {
            let elements: [Element]? = elements(name, shape: sizes)
            return elements.map { AnyTensor(Tensor(shape: shape, elements: $0)) }
        }
        let type = types[role]
        guard let stored = stored(type.stored) else { return nil }
        if stored.type == type { return stored }
        let tensor = AnyTensor(nearest: stored.doubles.elements, type: type, shape: shape)
        let (found, held) = (stored.singles.elements, tensor.singles.elements)
        if let place = found.indices.first(where: { !found[$0].isNaN && found[$0] != held[$0] }) {
            refuse("dataset '\(name.rawValue)' has \(found[place]) at element \(place), expected a \(type.rawValue)")
        }
        return tensor
    }

    private mutating func shape(of name: DatasetName) -> Shape? {
        guard let dataset = try? group?.dataset(name.rawValue, followsLinks: true) else {
            refuse("dataset '\(name.rawValue)' cannot be opened")
            return nil
        }
        guard let shape = Shape(dataset.shape), shape.checkedCount != nil else {
            refuse("dataset '\(name.rawValue)' has shape \(dataset.shape), expected four axes")
            return nil
        }
        return shape
    }

    private mutating func refuse(_ message: String) {
        faults.append(GoldenError.Fault(file: file, caseID: entry.header.id, message: message))
    }

    /// Checks that the datasets are those that a case of this kind has.
    private mutating func checkDatasets() {
        // Where some are taken from the file's bytes, the digest proves those that are wanted.
        if offsets != nil { return }
        let links: [Group.Link]
        do {
            links = try group?.links(limit: GoldenFormat.mostDatasets) ?? []
        } catch {
            refuse("its datasets cannot be listed: \(error.reason)")
            return
        }
        let (wanted, why) = Self.wantedDatasets(of: entry)
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
    private static func wantedDatasets(of entry: StoredCase) -> (names: [DatasetName], why: String) {
        let header = entry.header
        let (operation, types) = (header.problem.operation, header.problem.types)
        var quantization: [DatasetName] = []
        if types.output.format == nil { quantization += [.inputZeroPoint, .filterZeroPoint] }
        if types.kind == .quantized { quantization += [.outputZeroPoint, .inputScale, .filterScale, .outputScale] }
        let magnitudes = types.output.format == nil ? [] : [DatasetName.magnitude]
        if header.isDerived {
            let samples: [DatasetName] =
                [.sampleIndex, .sampleExpected] + (magnitudes.isEmpty ? [] : [.sampleMagnitude])
            let rows: [DatasetName] = entry.derivation?.projection == nil ? [] : [.projectionRows]
            let member = entry.derivation?.answer == nil ? CaseMember.stored : .outputSHA256
            return (rows + samples + quantization, "member '\(member.label)' is there")
        }
        var names = operation.factors.map { DatasetName($0) } + quantization
        var why = "member 'expect' is '\(header.expectation.rawValue)'"
        if header.problem.biasCount != nil {
            names.append(.bias)
        } else {
            why += ", without a bias"
        }
        if operation != .forward { why += ", the operation '\(operation.rawValue)'" }
        if types != .float32 { why += ", of \(types)" }
        if header.expectation == .output { names += [.expected] + magnitudes }
        if entry.alternatives != nil { names.append(.alternative) }
        return (names, why)
    }

    /// The elements of a dataset that has the shape which the table wants, or, with nil, any of one dimension; nil where
    /// something is wrong.
    private mutating func elements<Element: StoredElement>(_ name: DatasetName, shape: [Int]?) -> [Element]? {
        if let offsets, let shape, offsets.has(name, row: entry.row) { return mapped(name, shape: shape) }
        do {
            guard let dataset = try group?.dataset(name.rawValue, followsLinks: true) else { return nil }
            let (found, type) = (dataset.shape, dataset.storedType)
            let shape = shape ?? (found.count == 1 ? found : [0])
            if type != Element.storedType {
                refuse("dataset '\(name.rawValue)' holds \(type), expected \(Element.storedType)")
            }
            if found != shape {
                refuse("dataset '\(name.rawValue)' has shape \(found), expected \(shape) from the table")
            }
            guard type == Element.storedType, found == shape else { return nil }
            let elements = try dataset.read(as: Element.self, limit: memoryLimit)
            seal.add(name, shape: shape, elements: elements)
            return elements
        } catch {
            refuse("dataset '\(name.rawValue)' cannot be read: \(error.reason)")
            return nil
        }
    }

    /// The elements of a dataset, from the file's bytes.
    private mutating func mapped<Element: StoredElement>(_ name: DatasetName, shape: [Int]) -> [Element]? {
        let count = shape.reduce(1, *)
        guard let elements: [Element] = offsets?.elements(of: name, row: entry.row, count: count) else {
            refuse("dataset '\(name.rawValue)' does not lie in the file where table '\(GoldenFormat.offsets)' says")
            return nil
        }
        seal.add(name, shape: shape, elements: elements)
        return elements
    }
}
