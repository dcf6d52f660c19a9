internal import ArgumentParser
internal import Foundation

/// Where the golden files are.
struct GoldenOptions: ParsableArguments {
    @Option(
        name: .customLong("golden"),
        help: ArgumentHelp(
            "The folder of golden files (default: $CONVCHECK_GOLDEN, ./Golden, or beside the program's package).",
            valueName: "dir"))
    var given: String?

    /// The variable of the environment that names the folder where the option does not.
    static let variable = "CONVCHECK_GOLDEN"

    private var named: String? {
        if let given { return given }
        let value = ProcessInfo.processInfo.environment[GoldenOptions.variable, default: ""]
        return value.isEmpty ? nil : value
    }

    private static let search = GoldenSearch(from: Bundle.main.executablePath ?? CommandName.path)

    /// The folder: as it was named, or where it was found; `Golden` where it was neither.
    var golden: String { named ?? GoldenOptions.search.path ?? "Golden" }

    /// Whether the folder was named, and has to be named again to repeat the command.
    var isGiven: Bool { named != nil }

    /// What to say where there is no such folder: where it was looked for.
    var absence: String {
        if let given { return "there is no folder '\(given)', which --golden names" }
        if let named { return "there is no folder '\(named)', which \(GoldenOptions.variable) names" }
        return "there are no golden files; looked in:\n"
            + GoldenOptions.search.places.map { "  \($0)\n" }.joined()
            + "--golden or \(GoldenOptions.variable) says where they are"
    }

    /// The golden files, which no report may replace.
    var files: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: golden)) ?? []
        return names.filter { $0.hasSuffix(".h5") || $0 == "SHA256SUMS" }.map { golden + "/" + $0 }
    }
}
