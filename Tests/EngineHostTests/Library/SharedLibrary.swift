import Conformance
import EngineHost
import Foundation

/// Shared libraries that the tests compile, once for each source.
enum SharedLibrary {
    struct CompilationError: Error, CustomStringConvertible {
        let description: String
    }

    /// The folder of this process's libraries, which goes away with it.
    private static let folder: Folder = {
        let url = FileManager.default.temporaryDirectory.appending(path: "convcheck-libraries-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let folder = Folder(url: url)
        atexit { try? FileManager.default.removeItem(at: SharedLibrary.folder.url) }
        return folder
    }()

    private struct Folder { let url: URL }

    private static let misbehaving = Result {
        try compiled(URL(filePath: #filePath).deletingLastPathComponent().appending(path: "misbehaving.c"))
    }

    private static let everyType = Result {
        try compiled(URL(filePath: #filePath).deletingLastPathComponent().appending(path: "every_type.c"))
    }

    /// The engine `name` of `every_type.c`.
    static func everyType(_ name: String) throws -> EngineLibrary {
        let path = try everyType.get().path(percentEncoded: false)
        return try EngineLibrary(name.isEmpty ? path : path + "#" + name)
    }

    private static let memoryFaults = Result {
        try compiled(URL(filePath: #filePath).deletingLastPathComponent().appending(path: "memory_faults.c"))
    }

    /// The engine `name` of `memory_faults.c`.
    static func memoryFault(_ name: String) throws -> EngineLibrary {
        try EngineLibrary(memoryFaults.get().path(percentEncoded: false) + "#" + name)
    }

    private static let cheating = Result {
        try compiled(URL(filePath: #filePath).deletingLastPathComponent().appending(path: "cheating.c"))
    }

    /// The engine `name` of `cheating.c`.
    static func cheating(_ name: String) throws -> EngineLibrary {
        try EngineLibrary(cheating.get().path(percentEncoded: false) + "#" + name)
    }

    /// The engine `name` of `misbehaving.c`.
    static func misbehaving(_ name: String) throws -> EngineLibrary {
        try EngineLibrary(misbehaving.get().path(percentEncoded: false) + "#" + name)
    }

    /// The same library under another file name.
    static func misbehaving(as name: String) throws -> EngineLibrary {
        let link = folder.url.appending(path: "lib\(name).so")
        try? FileManager.default.createSymbolicLink(at: link, withDestinationURL: misbehaving.get())
        return try EngineLibrary(link.path(percentEncoded: false))
    }

    /// A library of a few lines of C, or `cpp`.
    static func compiled(code: String, as language: String = "c") throws -> EngineLibrary {
        let source = folder.url.appending(path: "\(UUID().uuidString).\(language)")
        try Data(code.utf8).write(to: source)
        return try EngineLibrary(compiled(source).path(percentEncoded: false))
    }

    private static func compiled(_ source: URL) throws -> URL {
        let library = folder.url.appending(path: "lib\(source.deletingPathExtension().lastPathComponent).so")
        let headers = URL(filePath: #filePath).appending(path: "../../../../Sources/CConvcheckEngine/include")
            .standardized
        let compiler = Process()
        // It comes with Swift.
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments =
            [
                source.pathExtension == "cpp" ? "clang++" : "clang", "-shared", "-fPIC", "-w", "-lm", "-I",
                headers.path(percentEncoded: false),
            ]
            + [source, library].map { $0.path(percentEncoded: false) }.joined(by: "-o")
        try compiler.run()
        compiler.waitUntilExit()
        if compiler.terminationStatus != 0 {
            throw CompilationError(description: "clang ended with \(compiler.terminationStatus) on \(source.path())")
        }
        return library
    }
}

extension [String] {
    fileprivate func joined(by word: String) -> [String] { Array(map { [$0] }.joined(separator: [word])) }
}

extension LibraryEngine {
    /// An engine whose workers are `served-engine` processes.
    static func quick(
        _ library: EngineLibrary, greeting: Duration = .seconds(20), memory: Int? = nil, threads: Int? = nil,
        confinement: Confinement? = nil, lines: Lines = Lines()
    ) throws -> LibraryEngine {
        try LibraryEngine(
            library, worker: EngineCommand.served().words,
            limits: EngineLimits(greeting: greeting, memory: memory, threads: threads, confinement: confinement),
            standardError: { lines.add($0) })
    }
}
