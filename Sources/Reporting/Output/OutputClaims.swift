/// Which files a command reads and writes, so that no report is written over an input, or over another report.
public struct OutputClaims {
    private var uses: [FileIdentity: String] = [:]
    /// Open descriptors that were asked for by name.
    private var descriptors: [CInt: String] = [:]

    public init() {
        if let output = FileIdentity.redirectedOutput { uses[output] = "standard output goes there" }
    }

    /// Notes a file that is read: no report may take its place.
    ///
    /// - Parameter use: what it is, as a sentence: "it is a golden file".
    public mutating func protect(_ path: String, _ use: String) {
        if let file = FileIdentity(path: path) { uses[file] = use }
    }

    /// Takes a path for a report, before any file is changed.
    ///
    /// - Parameter option: the option that names the path.
    /// - Throws: ``OutputError`` where the file, or the one that the report is written to until it is complete, is in use.
    public mutating func claim(_ path: String, for option: String) throws(OutputError) {
        if let number = OutputPlace.descriptor(of: path) {
            // It is asked for by name, so it may be what the console writes to, but no other report's.
            if let use = descriptors.updateValue("\(option) writes there, too", forKey: number) {
                throw OutputError(name: path, reason: use)
            }
            return
        }
        if FileIdentity(path: path) == FileIdentity.nullDevice { return }
        for path in [path, OutputPlace.partial(of: path)] {
            guard let file = FileIdentity(path: path) else { continue }
            if let use = uses[file] { throw OutputError(name: path, reason: use) }
            uses[file] = "\(option) writes there, too"
        }
    }
}
