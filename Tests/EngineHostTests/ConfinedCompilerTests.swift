import Conformance
import EngineHost
import Foundation
import Testing

/// Engines that compile their kernels, under confinement.
struct ConfinedCompilerTests {
    /// An engine that compiles its product as it starts, and says what it and a program of its own could reach.
    private static let command = PythonEngine.command(
        """
        import ctypes, shutil, tempfile
        folder = tempfile.mkdtemp()
        log("folder " + folder)
        with open(folder + "/kernel.c", "w") as source_file:
            source_file.write("#include <math.h>\\nfloat product(float x, float y) { return fmaf(x, y, 0); }")
        compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", folder + "/kernel.c", "-o", folder + "/kernel.so", "-lm"], check=True)
        library = ctypes.CDLL(folder + "/kernel.so")
        library.product.argtypes, library.product.restype = [ctypes.c_float] * 2, ctypes.c_float
        probe = '''
        import os, socket
        def reach(name, do):
            try:
                do()
                print(name, end=" ")
            except OSError:
                pass
        reach("network", socket.socket)
        reach("disk", lambda: open(os.environ["HOME"] + "/convcheck-cheat", "w"))
        reach("temporary", lambda: open("/tmp/convcheck-cheat", "w"))
        reach("own-folder", lambda: open(os.environ["TMPDIR"] + "/mine", "w"))
        reach("users", lambda: open("/etc/passwd"))
        reach("runner", lambda: os.kill(RUNNER, 0))
        reach("memory", lambda: open("/proc/RUNNER/environ"))
        reach("session", os.setsid)
        '''.replace("RUNNER", str(os.getppid()))
        said = subprocess.run([sys.executable, "-I", "-S", "-c", probe], capture_output=True, text=True)
        log("reached " + said.stdout + said.stderr)
        greet()
        while True:
            message, tensors = request()
            x, y = (struct.unpack("<f", tensor)[0] for tensor in tensors)
            result(message, struct.pack("<f", library.product(x, y)))
        """)

    private static func engine(_ confinement: Confinement, _ lines: Lines) throws -> CommandEngine {
        let limits = EngineLimits(greeting: .seconds(60), confinement: confinement)
        return try CommandEngine(command, limits: limits) { lines.add($0) }
    }

    @Test(.enabled(if: Confinement(compilers: true).lacking.isEmpty))
    func `They compile into a folder of their own, and reach no more by what they start`() throws {
        let lines = Lines()
        do {
            let engine = try Self.engine(Confinement(compilers: true), lines)
            #expect(try engine.openSession().answer(Requests.product(2, 3)).output?.elements == [6])
        }
        // Its session is faked: it stays where it can be ended.
        #expect(lines.all.contains("reached own-folder session "), "\(lines.all)")
        let folder = try #require(lines.all.first { $0.hasPrefix("folder ") }).dropFirst("folder ".count)
        #expect(folder.contains("convcheck-scratch-"))
        #expect(!FileManager.default.fileExists(atPath: String(folder)))
        let scratch = URL(filePath: String(folder)).deletingLastPathComponent().path(percentEncoded: false)
        #expect(!FileManager.default.fileExists(atPath: scratch))
    }

    @Test(.enabled(if: Confinement().lacking.isEmpty))
    func `Without leave they cannot`() throws {
        let error = #expect(throws: EngineStartError.self) { try Self.engine(Confinement(), Lines()) }
        #expect(error?.reason.contains("Error") == true, "\(error?.reason ?? "")")
    }
}
