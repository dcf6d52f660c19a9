import Foundation
import HDF5

/// A path in a directory of its own, removed with it at the end.
final class TemporaryFile: Sendable {
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "hdf5-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// The path of the file, which does not exist yet.
    var path: String { sibling("file.h5") }

    /// The path of another file beside it.
    func sibling(_ name: String) -> String { directory.appending(path: name).path }
}

extension File {
    /// Opens an existing file for reading.
    init(reading path: String) throws {
        try self.init(image: [UInt8](Data(contentsOf: URL(filePath: path))), path: path)
    }
}
