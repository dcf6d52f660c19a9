internal import ArgumentParser
internal import Conformance
internal import Dispatch
internal import GoldenStore
internal import ReferenceEngines
internal import Synchronization

/// `convcheck verify`: whether the golden files are what they should be.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Checks the golden files: digests, format, and every expected number.",
        discussion: """
            Reads every byte, compares with SHA256SUMS, and computes every expected number again with the exact reference, which \
            shares no code with the generator.
            """)

    @OptionGroup var folder: GoldenOptions

    @Option(help: ArgumentHelp("Only this suite (repeatable).", valueName: "name"))
    var suite: [String] = []

    func run() throws {
        let suites = suite.isEmpty ? nil : suite
        let verification = try folder.explainingGoldenErrors {
            try GoldenDirectory.verify(path: folder.golden, suites: suites, exact: ExactReference())
        }
        var faults = verification.faults.map(\.description)
        if faults.isEmpty {
            let store = try folder.open(suites: suite)
            if store.cases.isEmpty { throw Stop(.nothingExecuted, "there are no golden cases in \(folder.golden)") }
            faults = try recompute(store)
            for suite in verification.suites {
                print("\(suite.name): \(suite.caseCount) cases, sha256 \(suite.digest)")
            }
        }
        if !faults.isEmpty { throw Stop(.goldenDamaged, faults.joined(separator: "\nconvcheck: ")) }
        print("verified: \(verification.suites.map(\.caseCount).reduce(0, +)) cases are sound and exact")
    }

    /// What differs from the exact reference, in the order of the cases.
    private func recompute(_ store: GoldenDirectory) throws -> [String] {
        // Derived cases have been computed and proved while they were read.
        let cases = store.cases.filter { !$0.isDerived }
        let found = Mutex<[Int: String]>([:])
        DispatchQueue.concurrentPerform(iterations: cases.count) { place in
            if let difference = difference(in: cases[place], of: store) {
                found.withLock { $0[place] = "\(cases[place].id): \(difference)" }
            }
        }
        return found.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
    }

    private func difference(in description: CaseDescription, of store: GoldenDirectory) -> String? {
        do {
            let golden = try store.load(description)
            guard let output = golden.output else {
                let geometry = try? description.problem.geometry()
                return geometry == nil ? nil : "a rejection is expected, but the problem is valid"
            }
            let exact = try ExactReference().exactOutput(
                description.problem, input: golden.input, filter: golden.filter, bias: golden.bias)
            return output.difference(from: exact)
        } catch {
            return "\(error)"
        }
    }
}

extension GoldenCase.Output {
    /// The first number that is not, bit for bit, that of the exact reference; NaN equals NaN, and -0 equals 0.
    func difference(from exact: ExactOutput) -> String? {
        func isSame<Number: BinaryFloatingPoint>(_ first: Number, _ second: Number) -> Bool {
            first == second || (first.isNaN && second.isNaN)
        }
        for place in expected.elements.indices {
            let (stored, computed) = (expected.elements[place], exact.expected.elements[place])
            if !isSame(stored, computed) {
                return "expected element \(place) is \(stored), the exact reference computes \(computed)"
            }
            let (magnitude, bound) = (magnitude.elements[place], exact.magnitude.elements[place])
            if !isSame(magnitude, bound) {
                return "magnitude element \(place) is \(magnitude), the exact reference computes \(bound)"
            }
        }
        return nil
    }
}
