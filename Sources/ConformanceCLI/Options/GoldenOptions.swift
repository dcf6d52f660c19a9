internal import ArgumentParser
internal import Foundation
internal import GoldenStore

/// Where the golden files are.
struct GoldenOptions: ParsableArguments {
    @Option(
        name: .customLong("golden"),
        help: ArgumentHelp(
            "The folder of golden files (default: $CONVCHECK_GOLDEN, ./Golden, or beside the program's package).",
            valueName: "dir"))
    var given: String?

    private var named: String? { given ?? GoldenSearch.named }

    private static let search = GoldenSearch(from: Bundle.main.executablePath ?? CommandName.path)

    /// The folder: as it was named, or where it was found; `Golden` where it was neither.
    var golden: String { named ?? GoldenOptions.search.path ?? "Golden" }

    /// Whether the folder was named, and has to be named again to repeat the command.
    var isGiven: Bool { named != nil }

    /// What to say where there is no such folder: where it was looked for.
    var absence: String {
        if let given { return "there is no folder '\(given)', which --golden names" }
        if let named { return "there is no folder '\(named)', which \(GoldenSearch.variable) names" }
        return GoldenOptions.search.absence("--golden")
    }

    /// The golden files, which no report may replace.
    var files: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: golden)) ?? []
        return names.filter { $0.hasSuffix(".h5") || $0 == "SHA256SUMS" }.map { golden + "/" + $0 }
    }
}
