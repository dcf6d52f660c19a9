internal import Foundation

/// Finds a file or folder of this package where no option names it.
///
/// The places, in order: here; then, from the program's own folder upwards, beside it, which is where it lies when the program
/// was built in this package; in a checkout of this package that SwiftPM made for a package that depends on it; and, beside
/// the package that the program was built in, in a folder `convcheck`.
package struct PackageSearch {
    /// What was found.
    package let path: String?
    /// Every place that was looked at, in order, up to the one that was found.
    package let places: [String]

    /// - Parameters:
    ///   - name: its path in the package.
    ///   - program: the path of the running program, absolute; symbolic links are followed.
    ///   - besides: further places, after those around the program.
    ///   - isIt: whether what is at a path, if anything, is what is looked for.
    package init(
        _ name: String, from program: String, besides: [String] = [],
        in folder: String = FileManager.default.currentDirectoryPath,
        where isIt: (String) -> Bool = FileManager.default.fileExists
    ) {
        var places: [String] = []
        for place in [name] + PackageSearch.folders(around: program).map({ $0 + "/" + name }) + besides {
            places.append(place)
            if isIt(place.hasPrefix("/") ? place : folder + "/" + place) {
                self.path = place
                self.places = places
                return
            }
        }
        path = nil
        self.places = places
    }

    /// Where the package may be, seen from a program.
    private static func folders(around program: String) -> [String] {
        var folders: [String] = []
        var folder = URL(filePath: program).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            let isBuildFolder = folder.lastPathComponent == ".build"
            folders.append(isBuildFolder ? folder.appending(path: "checkouts/convcheck").path : folder.path)
            if isBuildFolder {
                let package = folder.deletingLastPathComponent()
                folders += [package.path, package.deletingLastPathComponent().appending(path: "convcheck").path]
                break
            }
            folder.deleteLastPathComponent()
        }
        return folders
    }
}
