public import Foundation

/// A folder of its own, which goes away with its owner.
public final class TemporaryFolder: Sendable {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "convcheck-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    public var path: String { url.path }

    /// The names of what is in it, sorted.
    public var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    /// The path of a file in it, whether it is there or not.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    public func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try Data(bytes).write(to: url.appending(path: name))
    }

    /// Writes text in UTF-8, and returns the file's path.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        try write(text.utf8, to: name)
        return file(name)
    }

    public func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url.appending(path: name)))
    }

    /// Copies golden files of this project into the folder.
    public func addGoldens(_ names: [String]) throws {
        for name in names {
            try FileManager.default.copyItem(
                at: Repository.goldens.appending(path: name), to: url.appending(path: name))
        }
    }
}
