internal import CConvcheckEngine
internal import Glibc

/// The two functions that a shared library exports.
struct LibrarySymbols {
    static let capabilitiesName = "convcheck_capabilities_v\(CONVCHECK_ABI_VERSION)"
    static let convolveName = "convcheck_convolve_v\(CONVCHECK_ABI_VERSION)"
    /// As far as one looks for a library's ABI version.
    private static let lastVersion: Int32 = 99

    let capabilities: UnsafeMutableRawPointer
    let convolve: UnsafeMutableRawPointer

    /// Loads a library, with all that it needs.
    ///
    /// - Parameter path: a file, relative to the working directory; the system's folders of libraries are not searched.
    init(path: String) throws(LibraryFailure) {
        var status = stat()
        if stat(path, &status) != 0 { throw LibraryFailure("\(SystemError.last("open '\(path)'"))") }
        if status.st_mode & S_IFMT != S_IFREG {
            throw LibraryFailure("'\(path)' is not a file; expected a shared library")
        }
        // The system would look for a name without a slash elsewhere.
        guard let handle = dlopen(path.contains("/") ? path : "./" + path, RTLD_NOW | RTLD_LOCAL) else {
            throw LibraryFailure("it cannot be loaded as a shared library: \(String(cString: dlerror()))")
        }
        let capabilities = dlsym(handle, LibrarySymbols.capabilitiesName)
        let convolve = dlsym(handle, LibrarySymbols.convolveName)
        if let capabilities, let convolve {
            self.capabilities = capabilities
            self.convolve = convolve
            return
        }
        for version in 0...LibrarySymbols.lastVersion
        where version != CONVCHECK_ABI_VERSION && dlsym(handle, "convcheck_convolve_v\(version)") != nil {
            throw LibraryFailure(
                "it has version \(version) of convcheck_engine.h's ABI; expected version \(CONVCHECK_ABI_VERSION)")
        }
        let missing = [
            capabilities == nil ? "'\(LibrarySymbols.capabilitiesName)'" : nil,
            convolve == nil ? "'\(LibrarySymbols.convolveName)'" : nil,
        ].compactMap { $0 }
        throw LibraryFailure(
            "it does not export \(missing.joined(separator: " and ")), as convcheck_engine.h declares"
        )
    }
}
