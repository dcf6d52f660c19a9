internal import Foundation

/// Finds the folder of golden files where no option names it.
///
/// A folder counts where it holds a golden file. The places, in order: `Golden` here; then, from the program's own folder
/// upwards, `Golden` beside it, which is where it lies when the program was built in this package; a checkout of this package
/// that SwiftPM made for a package that depends on it; and, beside the package that the program was built in, a folder
/// `convcheck` with one.
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
        var places: [String] = []
        for place in ["Golden"] + GoldenSearch.places(around: program) + besides {
            places.append(place)
            let path = place.hasPrefix("/") ? place : folder + "/" + place
            if GoldenSearch.holdsGoldens(path) {
                self.path = place
                self.places = places
                return
            }
        }
        path = nil
        self.places = places
    }

    /// What to say where nothing was found: where it was looked for, and what says where it is besides the environment.
    package func absence(_ option: String) -> String {
        "there are no golden files; looked in:\n" + places.map { "  \($0)\n" }.joined()
            + "\(option) or \(GoldenSearch.variable) says where they are"
    }

    private static func places(around program: String) -> [String] {
        var places: [String] = []
        var folder = URL(filePath: program).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            let isBuildFolder = folder.lastPathComponent == ".build"
            places.append(
                folder.appending(path: isBuildFolder ? "checkouts/convcheck/Golden" : "Golden").path)
            if isBuildFolder {
                let package = folder.deletingLastPathComponent()
                places.append(package.appending(path: "Golden").path)
                places.append(package.deletingLastPathComponent().appending(path: "convcheck/Golden").path)
                break
            }
            folder.deleteLastPathComponent()
        }
        return places
    }

    private static func holdsGoldens(_ path: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.contains { $0.hasSuffix(".h5") }
    }
}
