internal import Glibc

/// A shared library that exports the functions of `convcheck_engine.h`, as `--engine lib:PATH` or `lib:PATH#NAME` names it.
public struct EngineLibrary: Hashable, Sendable, CustomStringConvertible {
    public static let prefix = "lib:"

    /// Where it lies.
    public let path: String
    /// Which of its engines is meant; empty where none is named.
    public let engine: String

    /// - Parameter text: what follows `lib:`. It is a path alone where there is such a file; else what follows its last `#`
    ///   is an engine's name.
    /// - Throws: ``InvalidEngineLibrary`` where the path or the name is empty.
    public init(_ text: String) throws(InvalidEngineLibrary) {
        if let mark = text.lastIndex(of: "#"), access(text, F_OK) != 0 {
            path = String(text[..<mark])
            engine = String(text[text.index(after: mark)...])
            if engine.isEmpty { throw InvalidEngineLibrary(text: text, reason: "no engine's name follows '#'") }
        } else {
            path = text
            engine = ""
        }
        if path.isEmpty { throw InvalidEngineLibrary(text: text, reason: "it names no file") }
    }

    public var description: String { EngineLibrary.prefix + path + (engine.isEmpty ? "" : "#" + engine) }

    /// The engine's name in reports where it says none itself: as it was asked for, else the file's, without `lib` and `.so`.
    var usualName: String {
        if !engine.isEmpty { return engine }
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let stem = file.hasPrefix("lib") ? file.dropFirst(3) : file[...]
        let end = stem.firstRange(of: ".so")?.lowerBound ?? stem.endIndex
        return stem[..<end].isEmpty ? file : String(stem[..<end])
    }
}

/// A library's name that cannot be understood.
public struct InvalidEngineLibrary: Error, Hashable, CustomStringConvertible {
    public let text: String
    /// One sentence without its subject's name.
    public let reason: String

    public var description: String {
        "'lib:\(text)' cannot be understood: \(reason); expected lib:PATH or lib:PATH#NAME"
    }
}
