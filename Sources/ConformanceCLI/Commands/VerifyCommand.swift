internal import ArgumentParser
internal import Conformance
internal import Foundation
internal import GoldenStore

/// `convcheck verify`: whether the golden files are what they should be.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Checks the golden files: digests, format, and every expected number.",
        discussion: """
            Reads every byte, compares with SHA256SUMS and with each case's own digest, and computes every expected number again \
            with the exact reference, which shares no code with the generator. Of other answers that are as right it checks: where \
            padding is multiplied, every number; where subnormal numbers are flushed, that each number follows from flushing some of \
            input, filter, bias, products, sums and output; where a sum overflows on the way, that its terms can.
            """)

    @OptionGroup var folder: GoldenOptions

    @Option(help: ArgumentHelp("Only this suite (repeatable).", valueName: "name"))
    var suite: [String] = []

    @Flag(
        help:
            "Also the cases with the tag 'slow', whose tensors have gigabytes: without it their samples are not computed again."
    )
    var slow = false

    @Option(help: ArgumentHelp("Leave out, and say so, the cases whose tensors need more memory.", valueName: "MiB"))
    var memoryLimit = 1024

    func validate() throws {
        if !(1...1 << 40).contains(memoryLimit) {
            throw ValidationError("--memory-limit is \(memoryLimit), expected at least 1 MiB")
        }
    }

    func run() throws {
        let store = try folder.open(suites: suite, memoryLimit: memoryLimit << 20, verifies: true)
        let cases = store.cases.filter { slow || !$0.tags.contains(CaseSelection.slow) }
        let findings = try examine(cases, of: store)
        let faults = findings.compactMap { $0.fault }
        if !faults.isEmpty { throw stop(.goldenDamaged, faults) }
        for suite in store.suites {
            let digest = store.digest(ofSuite: suite) ?? ""
            print("\(suite): \(store.cases.count { $0.suite == suite }) cases, sha256 \(digest)")
        }
        let omitted = findings.compactMap { $0.omission }
        if !omitted.isEmpty {
            throw stop(
                .nothingExecuted, omitted + ["\(omitted.count) of \(cases.count) cases are not verified"])
        }
        let left = store.cases.count - cases.count
        if left > 0 {
            print("\(left) with the tag '\(CaseSelection.slow)' are not among them: --slow verifies them too")
        }
        print("verified: \(cases.count) cases are sound and exact")
    }

    /// Says each of the sentences, for a stop that has no more to say.
    private func stop(_ status: ExitStatus, _ sentences: [String]) -> Stop {
        sentences.forEach(StandardError.say)
        return Stop(status)
    }

    /// What was found out about a case that is not as it should be, or not verified.
    private struct Finding {
        var fault: String?
        var omission: String?
    }

    /// What differs from the exact reference, in the order of the cases.
    private func examine(_ cases: [CaseHeader], of store: GoldenDirectory) throws -> [Finding] {
        try orderedMap(cases.count, jobs: ProcessInfo.processInfo.activeProcessorCount) { place in
            examine(cases[place], of: store)
        }.compactMap { $0 }
    }

    private func examine(_ header: CaseHeader, of store: GoldenDirectory) -> Finding? {
        let needed = store.bytesInMemory(of: header)
        guard let needed, needed <= memoryLimit << 20 else {
            let size = needed.map { "\($0 >> 20) MiB" } ?? "more than 64 bits count"
            return Finding(
                omission: "\(header.id): not verified: its tensors need \(size), the limit is \(memoryLimit) MiB")
        }
        do {
            let golden = try store.load(header)
            // A derived case has been computed and proved while it was loaded.
            let difference = header.isDerived ? nil : try golden.differenceFromTruth()
            return difference.map { Finding(fault: "\(header.id): \($0)") }
        } catch let error as GoldenError {
            return Finding(fault: error.description)
        } catch {
            return Finding(fault: "\(header.id): \(error)")
        }
    }
}
