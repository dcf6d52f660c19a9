internal import CChildProcess
internal import Glibc

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A new folder for what the compilers of one engine process write, which goes away with it, and with this process in
/// whatever way that ends.
final class ScratchFolder {
    /// What tells compilers, and libraries that call them, where to write: the C library's rule and gcc's, then those of
    /// caches, Triton, torch.compile, torch's C++ extensions, CUDA and Numba.
    private static let names = [
        "TMPDIR", "XDG_CACHE_HOME", "TRITON_CACHE_DIR", "TRITON_HOME", "TORCHINDUCTOR_CACHE_DIR",
        "TORCH_EXTENSIONS_DIR",
        "CUDA_CACHE_PATH", "NUMBA_CACHE_DIR",
    ]

    let path: String

    /// - Throws: where the system's folder for temporary files takes none.
    init() throws(SystemError) {
        // First, since it takes a while to start.
        let guardian = try Guardian.stream()
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        path = "\(parent.isEmpty ? "/tmp" : parent)/convcheck-scratch-\(UUID().uuidString)"
        // Told before it is made, so that there is no moment in which nobody would remove it.
        try SystemError.check(cchild_tell_guardian_folder(guardian, path, 0), "keep the folder \(path)")
        guard mkdir(path, S_IRWXU) == 0 else {
            let error = SystemError.last("make the folder \(path)")
            _ = cchild_tell_guardian_folder(guardian, path, 1)
            throw error
        }
    }

    deinit {
        // What cannot be removed is left to the system, as what any program leaves there.
        try? FileManager.default.removeItem(atPath: path)
        if let guardian = try? Guardian.stream() { _ = cchild_tell_guardian_folder(guardian, path, 1) }
    }

    /// The environment's words for it.
    var settings: [String] { ScratchFolder.names.map { "\($0)=\(path)" } }
}
