internal import Foundation

/// Finds the folder of golden files where no option names it.
///
/// A folder counts where it holds a golden file; ``PackageSearch`` has the places.
package struct GoldenSearch {
    /// The folder that was found.
    package let path: String?
    /// Every place that was looked at, in order, up to the one that was found.
    package let places: [String]

    /// The variable of the environment that names the folder where nothing else does.
    package static let variable = "CONVCHECK_GOLDEN"

    /// The folder that the environment names, if it does.
    package static var named: String? {
        let value = ProcessInfo.processInfo.environment[variable, default: ""]
        return value.isEmpty ? nil : value
    }

    /// - Parameters:
    ///   - program: the path of the running program, absolute; symbolic links are followed.
    ///   - besides: further places, after those around the program.
    package init(
        from program: String, besides: [String] = [], in folder: String = FileManager.default.currentDirectoryPath
    ) {
        let search = PackageSearch("Golden", from: program, besides: besides, in: folder, where: Self.holdsGoldens)
        (path, places) = (search.path, search.places)
    }

    /// What to say where nothing was found: where it was looked for, and what says where it is besides the environment.
    package func absence(_ option: String) -> String {
        "there are no golden files; looked in:\n" + places.map { "  \($0)\n" }.joined()
            + "\(option) or \(GoldenSearch.variable) says where they are"
    }

    private static func holdsGoldens(_ path: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.contains { $0.hasSuffix(".h5") }
    }
}
