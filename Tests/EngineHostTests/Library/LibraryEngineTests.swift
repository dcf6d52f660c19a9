import Conformance
import EngineHost
import Testing
import _TestSupport

/// Engines in shared libraries, and what goes wrong as they are loaded.
struct LibraryEngineTests {
    @Test func `A library's engine is named after its file, its name or its greeting`() throws {
        #expect(try LibraryEngine.quick(SharedLibrary.misbehaving(as: "mine")).name == "mine")
        #expect(try LibraryEngine.quick(SharedLibrary.misbehaving(as: "mine.so.1.2")).name == "mine")
        #expect(try LibraryEngine.quick(SharedLibrary.misbehaving("one of several")).name == "one of several")
        let named = try LibraryEngine.quick(SharedLibrary.misbehaving("named"))
        #expect(named.name == "own name")
        #expect(named.version == "3.1")
        #expect(named.specification.hasPrefix("lib:/"))
        #expect(named.specification.hasSuffix("/libmisbehaving.so#named"))
        #expect(named.capabilities == Capabilities())
    }

    @Test(arguments: ServeTests.layouts)
    func `It computes in every layout, by the strides`(_ layouts: LayoutPair) throws {
        let session = try LibraryEngine.quick(SharedLibrary.misbehaving("strided")).openSession()
        let problem = Problem(
            input: [2, 5, 7, 4], filter: [2, 3, 2, 6], biasCount: 6, strides: Extent(height: 2, width: 1),
            dilations: Extent(height: 1, width: 2), padding: .explicit(Pads(top: 1, bottom: 0, left: 2, right: 3)),
            groups: 2)
        let request = Requests.counting(problem, layouts: layouts)
        for _ in 0..<2 {
            let answer = session.answer(request)
            let output = try #require(answer.output, "\(answer.words)")
            #expect(output.order == layouts.activation.order)
            #expect(try output.reordered(to: .logical) == convolution(request))
        }
    }

    @Test(arguments: [
        ("absent", ["no engine 'absent'", "NULL"]),
        ("no JSON", ["convcheck_capabilities_v1", "'groups: no'", "not JSON", "expected a greeting"]),
        ("no object", ["'[1]'", "an object"]),
        ("misspelt", ["'capabilities.gruops' is not a known capability", "asymmetric_pads"]),
        ("misplaced", ["'groups' is not a known field of a greeting", "capabilities"]),
        ("another protocol", ["'protocol' is 2, expected 1"]),
        ("another message", ["'run'", "'hello'"]),
        ("no layout", ["no input layout"]),
        ("unending", ["no end within 65536 bytes"]),
        ("crashes at once", ["killed by SIGABRT", "expected its greeting"]),
        ("points nowhere", ["killed by SIGSEGV", "expected its greeting"]),
    ])
    func `A library that does not say properly what it is is refused`(_ name: String, _ says: [String]) throws {
        try expectRefusal(of: SharedLibrary.misbehaving(name), says)
    }

    @Test(arguments: [
        ("exits-badly", ["exited with status 9", "expected its greeting"]),
        ("exits-well", ["exited with status 0", "expected its greeting"]),
        ("aborts", ["killed by SIGABRT"]),
        ("leaves-a-copy", ["exited with status 0"]),
        ("closes-its-streams", ["expected its greeting"]),
    ])
    func `A library that ends its process as it is loaded is refused`(_ name: String, _ says: [String]) throws {
        try expectRefusal(of: SharedLibrary.misbehaving(as: name), says)
    }

    @Test(arguments: [
        ("int other;", ["'convcheck_capabilities_v1' and 'convcheck_convolve_v1'", "convcheck_engine.h"]),
        ("int convcheck_capabilities_v1;", ["does not export 'convcheck_convolve_v1'"]),
        ("int convcheck_convolve_v1;", ["does not export 'convcheck_capabilities_v1'"]),
        (
            "int convcheck_capabilities_v7, convcheck_convolve_v7;",
            ["version 7 of convcheck_engine.h's ABI", "expected version 1"]
        ),
        ("void missing(void); void (*f)(void) = missing;", ["cannot be loaded", "undefined symbol: missing"]),
    ])
    func `A library without the functions is refused`(_ code: String, _ says: [String]) throws {
        try expectRefusal(of: SharedLibrary.compiled(code: code), says)
    }

    @Test(arguments: [
        ("/no/such/libmine.so", ["open '/no/such/libmine.so': No such file"]),
        ("/etc/passwd", ["cannot be loaded as a shared library", "invalid ELF header"]),
        ("/etc", ["'/etc' is not a file"]),
        ("libmine-of-nowhere.so#x", ["open 'libmine-of-nowhere.so': No such file"]),
    ])
    func `A file that is no library is refused`(_ path: String, _ says: [String]) throws {
        try expectRefusal(of: EngineLibrary(path), says)
    }

    @Test func `A library that never greets is given up`() throws {
        for library in [
            try SharedLibrary.misbehaving("hangs at once"), try SharedLibrary.misbehaving(as: "hangs"),
            try SharedLibrary.misbehaving(as: "stops"),
        ] {
            let error = #expect(throws: EngineStartError.self) {
                try LibraryEngine.quick(library, greeting: .milliseconds(400))
            }
            #expect(error?.reason.contains("no greeting within 0.4 seconds") == true, "\(error?.reason ?? "")")
        }
    }

    @Test func `What a library prints as it is loaded is not taken for its greeting`() throws {
        let lines = Lines()
        let engine = try LibraryEngine.quick(SharedLibrary.misbehaving(as: "prints"), lines: lines)
        #expect(engine.name == "prints")
        #expect(try engine.openSession().answer(Requests.product(2, 3)).output?.elements == [6])
        #expect(lines.all.contains("raw"))
        #expect(lines.all.contains { $0.contains("forged") })
    }

    @Test(arguments: ["", "#", "#name", "libmine-of-nowhere.so#"])
    func `A specification without a file or a name is not understood`(_ text: String) {
        #expect(throws: InvalidEngineLibrary.self) { try EngineLibrary(text) }
    }

    private func expectRefusal(of library: EngineLibrary, _ says: [String]) throws {
        let error = #expect(throws: EngineStartError.self) { try LibraryEngine.quick(library) }
        #expect(error?.engine == library.description)
        for words in says {
            #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
        }
    }

    private func convolution(_ request: EngineRequest) throws -> Tensor<Float> {
        let g = try request.problem.geometry()
        return Tensor(shape: g.outputShape) { n, y, x, f in
            var sum = request.bias?[f] ?? 0
            for i in 0..<g.kernelHeight {
                for j in 0..<g.kernelWidth {
                    guard let row = g.inputRow(y, i), let column = g.inputColumn(x, j) else { continue }
                    for c in 0..<g.channelsPerGroup {
                        sum +=
                            request.input[n, row, column, g.firstChannel(ofFilter: f) + c] * request.filter[i, j, c, f]
                    }
                }
            }
            return sum
        }
    }
}
