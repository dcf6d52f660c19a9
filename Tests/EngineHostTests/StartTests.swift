import Conformance
import EngineHost
import Foundation
import Testing

struct StartTests {
    @Test func `An engine has the name, the version and the capabilities that it greets with`() throws {
        let engine = try CommandEngine.quick(
            PythonEngine.command(
                """
                greet(capabilities={"dtypes": ["bfloat16", "uint8"], "quantization": True,
                    "operations": ["filter-gradient", "forward"], "input_layouts": ["NCHW", "NHWC"],
                    "filter_layouts": ["OHWI"], "groups": False, "dilations": False, "asymmetric_pads": False,
                    "negative_pads": True, "bias": False, "algorithm": "winograd", "tile": [2, 32], "arithmetic": "tf32"})
                hear()
                """))
        #expect(engine.name == "child")
        #expect(engine.version == "2.0")
        #expect(
            engine.capabilities
                == Capabilities(
                    inputLayouts: [.nchw, .nhwc], filterLayouts: [.ohwi], groups: false, dilations: false,
                    asymmetricPads: false, negativePads: true, bias: false,
                    operations: [.filterGradient, .forward], types: [.bfloat16, .uint8], quantization: true,
                    algorithm: .winograd,
                    tile: Extent(height: 2, width: 32), arithmetic: .tf32))
    }

    @Test func `Inferred groups, strides, integer bits and the configuration are taken over`() throws {
        let engine = try CommandEngine.quick(
            PythonEngine.command(
                """
                greet(engine={"name": "child", "configuration": {"threads": 1, "backend": "avx2", "fast": True}},
                    capabilities={"groups": "inferred", "strides": False, "integer_bits": 24, "views": True})
                hear()
                """))
        var capabilities = Capabilities(views: true)
        (capabilities.infersGroups, capabilities.strides, capabilities.integerBits) = (true, false, 24)
        #expect(engine.capabilities == capabilities)
        #expect(engine.configuration == ["threads": "1", "backend": "avx2", "fast": "true"])
    }

    @Test(arguments: ["greet()", "greet(capabilities={})"])
    func `What is not declared is at its default`(_ greeting: String) throws {
        let engine = try CommandEngine.quick(PythonEngine.command(greeting + "\nhear()"))
        #expect(engine.capabilities == Capabilities())
    }

    @Test func `A version need not be named`() throws {
        let engine = try CommandEngine.quick(PythonEngine.command("greet(engine={'name': 'bare'})\nhear()"))
        #expect(engine.name == "bare")
        #expect(engine.version == "")
    }

    @Test(arguments: [
        ("import nothing_of_that_name", ["exited with status 1", "ModuleNotFoundError: No module named"]),
        ("hear(); log('no GPU'); os.kill(os.getpid(), 9)", ["SIGKILL", "no GPU"]),
        ("hear(); sink.write(b'Loading model...\\n'); sink.flush(); hear()", ["'Loading model...'", "a greeting"]),
        ("hear(); say({'type': 'result', 'id': 1}); hear()", ["result", "a greeting"]),
        ("hear(); say({'type': 'hello', 'protocol': 2}); hear()", ["protocol 2", "expected 1"]),
        ("hear(); say({'type': 'hello'}); hear()", ["no version", "expected 1"]),
        ("hear(); say({'type': 'hello', 'protocol': 1}); hear()", ["'engine' is missing"]),
        ("greet(engine={'name': ''}); hear()", ["name is empty"]),
        ("greet(engine={'version': '1'}); hear()", ["'engine.name' is missing"]),
        ("greet(capabilities={'gruops': False}); hear()", ["'capabilities.gruops'", "asymmetric_pads"]),
        ("greet(capabilities={'groups': 'no'}); hear()", ["'no', expected true, false or \"inferred\""]),
        ("greet(capabilities={'integer_bits': 32}); hear()", ["says 32, expected from 1 to 31"]),
        ("greet(engine={'name': 'x', 'configuration': {'a': []}}); hear()", ["is no word, number or truth value"]),
        (
            "greet(engine={'name': 'x', 'configuration': {'a': 'b' * 201}}); hear()",
            ["is too long, expected at most 32"]
        ),
        ("greet(capabilities={'input_layouts': ['NCWH']}); hear()", ["'NCWH'", "input_layouts", "NHWC, NCHW"]),
        ("greet(capabilities={'filter_layouts': ['OIWH']}); hear()", ["'OIWH'", "filter_layouts", "OIHW, OHWI, HWOI"]),
        ("greet(capabilities={'filter_layouts': []}); hear()", ["no filter layout"]),
        ("greet(capabilities={'dtypes': ['float8']}); hear()", ["'float8'", "dtypes", "float16, bfloat16, int8"]),
        ("greet(capabilities={'dtypes': []}); hear()", ["no element type"]),
        ("greet(capabilities={'operations': ['backward']}); hear()", ["'backward'", "operations", "bias-gradient"]),
        ("greet(capabilities={'operations': []}); hear()", ["no operation"]),
        ("greet(capabilities={'quantization': 1}); hear()", ["'capabilities.quantization' is not true or false"]),
        ("greet(capabilities={'algorithm': 'winogard'}); hear()", ["'winogard'", "direct, transform, winograd, fft"]),
        ("greet(capabilities={'tile': [4]}); hear()", ["capabilities.tile", "[4]", "from 1 to 1024"]),
        ("greet(capabilities={'tile': [4, 1025]}); hear()", ["[4, 1025]", "from 1 to 1024"]),
        ("greet(capabilities={'arithmetic': 'fp8'}); hear()", ["'fp8'", "float32", "tf32, bfloat16, float16"]),
    ])
    func `An engine that does not greet properly is refused`(_ code: String, _ says: [String]) throws {
        let lines = Lines()
        let error = #expect(throws: EngineStartError.self) {
            try CommandEngine.quick(PythonEngine.command(code), lines: lines)
        }
        for words in says {
            #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
        }
        // What it wrote to its standard error stands in the error, and nowhere else.
        #expect(lines.all == [])
    }

    @Test func `An engine that never greets is given up`() throws {
        let command = PythonEngine.command("log('loading'); time.sleep(60)")
        let error = #expect(throws: EngineStartError.self) {
            try CommandEngine.quick(command, greeting: .milliseconds(400))
        }
        #expect(error?.reason.contains("no greeting within 0.4 seconds") == true, "\(error?.reason ?? "")")
        #expect(error?.reason.contains("loading") == true, "\(error?.reason ?? "")")
    }

    @Test func `A program that is not there is named`() throws {
        let error = #expect(throws: EngineStartError.self) {
            try CommandEngine(EngineCommand("no-such-engine --fast"))
        }
        #expect(error?.engine == "no-such-engine --fast")
        #expect(error?.reason == "start 'no-such-engine': No such file or directory")
    }

    @Test func `A file that is no program is named`() throws {
        let error = #expect(throws: EngineStartError.self) { try CommandEngine(EngineCommand("/etc/passwd")) }
        #expect(error?.reason == "start '/etc/passwd': Permission denied")
    }

    @Test func `A child that cannot be started again is a crash, and given up after three attempts`() throws {
        let marker = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: marker) }
        let session = try CommandEngine.session(
            PythonEngine.command(
                """
                if os.path.exists('\(marker)'):
                    log('no more memory')
                    sys.exit(7)
                open('\(marker)', 'w')
                greet()
                request()
                sys.exit(6)
                """))
        #expect(session.answer(Requests.product(1, 1)).words.text.contains("status 6"))
        for _ in 0..<3 {
            let answer = session.answer(Requests.product(1, 1)).words
            #expect(answer.kind == "crash")
            for words in ["could not be started again", "status 7", "no more memory"] {
                #expect(answer.text.contains(words), "\(answer.text)")
            }
        }
        let last = session.answer(Requests.product(1, 1)).words
        #expect(last.kind == "crash")
        #expect(last.text.contains("after 3 failed attempts"), "\(last.text)")
    }

    @Test func `Another session's child must greet alike`() throws {
        let engine = try CommandEngine.quick(
            PythonEngine.command("greet(engine={'name': 'child', 'version': str(os.getpid())})\nhear()"))
        _ = try engine.openSession()
        let error = #expect(throws: EngineStartError.self) { try engine.openSession() }
        #expect(error?.reason.contains("greeted as") == true, "\(error?.reason ?? "")")
    }
}
