internal import Conformance
internal import Convolution
internal import HDF5

/// Reads what one case's group says of the case, without its tensors; what is wrong with it is collected in words.
struct CaseReader: ~Copyable {
    typealias DatasetName = GoldenFormat.DatasetName

    private let group: Group
    private let suite: String
    private let name: String
    private let file: String
    /// What was wrong in the parts read so far.
    private(set) var faults: [GoldenError.Fault] = []

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
    mutating func entry() -> StoredCase? {
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
        let header = reader.header(
            suite: suite, name: name, shapes: shapes, hasAlternative: present.contains(.alternative))
        refuse(reader.problems)
        guard let header, let digest = reader.sha256 else { return nil }
        checkDatasets(present, of: header)
        guard faults.isEmpty else { return nil }
        return StoredCase(
            header: header, derivation: reader.derivation, alternatives: reader.alternatives,
            sealedAttributes: CaseSeal.bytes(of: attributes), sha256: digest)
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
            links = try group.links(limit: GoldenFormat.mostDatasets)
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
    private mutating func checkDatasets(_ present: [DatasetName], of header: CaseHeader) {
        let kind: (why: String, wanted: Set<DatasetName>, optional: Set<DatasetName>) =
            if header.isDerived {
                ("attribute '\(CaseDigest.mark)' is there", DatasetName.samples, [])
            } else if header.expectation == .output {
                (
                    "attribute 'expect' is 'output'", [.input, .filter, .expected, .magnitude], [.bias, .alternative]
                )
            } else {
                ("attribute 'expect' is '\(header.expectation.rawValue)'", [.input, .filter], [.bias])
            }
        for name in DatasetName.allCases {
            if present.contains(name), !kind.wanted.contains(name), !kind.optional.contains(name) {
                refuse("dataset '\(name.rawValue)' is there, and \(kind.why)")
            } else if !present.contains(name), kind.wanted.contains(name), name != .input, name != .filter {
                refuse("dataset '\(name.rawValue)' is missing, and \(kind.why)")
            }
        }
    }
}
