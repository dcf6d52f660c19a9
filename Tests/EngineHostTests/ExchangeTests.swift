import Conformance
import Convolution
import Dispatch
import EngineHost
import Testing

struct ExchangeTests {
    @Test func `An engine is told the problem, and nothing else`() throws {
        let session = try CommandEngine.session(
            PythonEngine.command(
                """
                greet()
                message, tensors = request()
                said = json.dumps(message, sort_keys=True)
                say({"type": "rejected", "id": 1, "reason": said + str([len(t) for t in tensors]) + tensors[0].hex()})
                hear()
                """))
        let problem = Problem(
            input: [1, 2, 1, 3], filter: [1, 2, 3, 5], biasCount: 5, strides: Extent(height: 2, width: 3),
            dilations: Extent(height: 1, width: 4), padding: .sameLower)
        let answer = session.answer(Requests.counting(problem, layouts: LayoutPair(.nchw, .ohwi))).words
        #expect(answer.kind == "rejected")
        let said =
            #"{"id": 1, "problem": {"dilations": [1, 4], "filter_layout": "OHWI", "groups": 1, "#
            + #""input_layout": "NCHW", "padding": "SAME_LOWER", "pads": [0, 0, 2, 2], "strides": [2, 3]}, "#
            + #""tensors": [{"dtype": "float32", "name": "input", "shape": [1, 3, 2, 1]}, "#
            + #"{"dtype": "float32", "name": "filter", "shape": [5, 1, 2, 3]}, "#
            + #"{"dtype": "float32", "name": "bias", "shape": [5]}], "type": "run"}[24, 120, 20]"#
        // -5, -2, -4, -1, -3, 0: rows within channels.
        #expect(answer.text == said + "0000a0c0000000c0000080c0000080bf000040c000000000")
    }

    @Test func `The answer is read in the input's layout`() throws {
        let session = try CommandEngine.session(
            PythonEngine.command(
                """
                greet()
                message, tensors = request()
                result(message, struct.pack("<6f", 0, 1, 2, 3, 4, 5), shape=[1, 3, 2, 1])
                hear()
                """))
        let problem = Problem(input: [1, 2, 1, 1], filter: [1, 1, 1, 3])
        let output = session.answer(Requests.counting(problem, layouts: LayoutPair(.nchw, .hwio))).output
        #expect(output?.shape == [1, 2, 1, 3])
        #expect(output?.reordered(to: .logical).elements == [0, 2, 4, 1, 3, 5])
    }

    @Test func `A wrong shape is left to the runner`() throws {
        let session = try CommandEngine.session(
            PythonEngine.command(fault: "result(message, bytes(4 * 12), shape=[2, 2, 3, 1])"))
        #expect(session.answer(Requests.product(Requests.faulty, 1)).output?.shape == [2, 2, 3, 1])
        #expect(session.answer(Requests.product(2, 3)).output?.elements == [6])
    }

    @Test func `An empty output is an output`() throws {
        let session = try CommandEngine.session(
            PythonEngine.command(fault: "result(message, b'', shape=[1, 0, 1, 1])"))
        #expect(session.answer(Requests.product(Requests.faulty, 1)).output?.shape == [1, 0, 1, 1])
        #expect(session.answer(Requests.product(2, 3)).output?.elements == [6])
    }

    @Test(arguments: ["unsupported", "rejected", "refused"])
    func `A refusal keeps the child`(_ kind: String) throws {
        let session = try CommandEngine.session(
            PythonEngine.command(
                """
                greet()
                count = 0
                while True:
                    message, tensors = request()
                    count += 1
                    say({"type": "\(kind)", "id": message["id"], "reason": f"refusal {count}"})
                """))
        #expect(session.answer(Requests.product(1, 1)).words == (kind, "refusal 1"))
        #expect(session.answer(Requests.product(1, 1)).words == (kind, "refusal 2"))
    }

    @Test func `A result says what computed it`() throws {
        let session = try CommandEngine.session(
            PythonEngine.command(
                """
                greet()
                for said in [{"algorithm": "winograd", "tile": [4, 2], "arithmetic": "tf32", "implementation": "w42"}, {}]:
                    message, tensors = request()
                    output = {"name": "output", "dtype": "float32", "shape": [1, 1, 1, 1]}
                    say({"type": "result", "id": message["id"], "tensors": [output]} | said, product(tensors))
                hear()
                """))
        func computation() -> Computation? {
            if case .output(_, let computation) = session.answer(Requests.product(1, 1)) { computation } else { nil }
        }
        let tile = Extent(height: 4, width: 2)
        #expect(
            computation()
                == Computation(algorithm: .winograd, tile: tile, arithmetic: .tf32, implementation: "w42"))
        #expect(computation() == Computation())
    }

    @Test(arguments: [
        (#""algorithm": "winogard""#, ["'algorithm'", "'winogard'", "direct, transform, winograd, fft"]),
        (#""arithmetic": "fp8""#, ["'arithmetic'", "'fp8'", "tf32, bfloat16"]),
        (#""tile": [4, 0]"#, ["'tile'", "[4, 0]", "from 1 to 1024"]),
        (#""tile": [4, 4, 4]"#, ["'tile'", "[4, 4, 4]"]),
        (#""implementation": 7"#, ["'implementation' is not a string"]),
    ])
    func `A result of an unknown kind is an error`(_ said: String, _ says: [String]) throws {
        let session = try CommandEngine.session(
            PythonEngine.command(
                fault: "say({'type': 'result', 'id': message['id'], 'tensors': [], \(said)}, product(tensors))"))
        let answer = session.answer(Requests.product(Requests.faulty, 1)).words
        #expect(answer.kind == "error")
        for words in says { #expect(answer.text.contains(words), "\(answer.text)") }
        #expect(session.answer(Requests.product(2, 3)).output?.elements == [6])
    }

    @Test func `A child may write before it reads`() throws {
        // Both directions hold more than both pipes take.
        let session = try CommandEngine.session(
            PythonEngine.command(
                """
                greet()
                message = hear()
                result(message, bytes(4 << 20), shape=message["tensors"][0]["shape"])
                for tensor in message["tensors"]: source.read(size(tensor))
                message, tensors = request()
                result(message, product(tensors))
                hear()
                """))
        #expect(session.answer(Requests.identity(height: 1024, width: 1024)).output?.shape == [1, 1024, 1024, 1])
        #expect(session.answer(Requests.product(2, 3)).output?.elements == [6])
    }

    @Test func `A child may close its input and still answer`() throws {
        let session = try CommandEngine.session(
            PythonEngine.command(
                """
                greet()
                message = hear()
                os.close(0)
                say({"type": "unsupported", "id": message["id"], "reason": "too large"})
                time.sleep(0.1)
                """))
        // The rest of the request has nobody to read it, which must not be the end of this process.
        let request = Requests.identity(height: 1024, width: 1024)
        #expect(session.answer(request).words == ("unsupported", "too large"))
    }

    @Test func `A limit may be as long as a duration`() throws {
        let session = try CommandEngine.session(PythonEngine.command(fault: "pass"))
        let answer = session.answer(to: Requests.product(2, 3), within: .seconds(Int64.max))
        #expect(answer.output?.elements == [6])
    }

    @Test func `Large tensors arrive whole`() throws {
        let session = try CommandEngine.session(
            PythonEngine.command(
                """
                greet()
                message, tensors = request()
                result(message, tensors[0], shape=message["tensors"][0]["shape"])
                hear()
                """))
        let request = Requests.identity(height: 2048, width: 2048)
        #expect(session.answer(request).output == request.input)
    }

    @Test func `A child that talks on its standard error is not blocked`() throws {
        let lines = Lines()
        let session = try CommandEngine.session(
            PythonEngine.command(
                fault:
                    "for i in range(200000): sys.stderr.write(f'line {i}\\n')\nsys.stderr.flush()\nresult(message, b'1234')"
            ),
            lines: lines)
        #expect(session.answer(Requests.product(Requests.faulty, 1)).output != nil)
        #expect(lines.all.elementsEqual((0..<200000).map { "line \($0)" }))
    }

    @Test func `Sessions run side by side, each with its own child`() throws {
        let engine = try CommandEngine.quick(PythonEngine.command(fault: "os._exit(1)"))
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
            do {
                let session = try engine.openSession()
                for i in 0..<30 {
                    let faulty = i == 10 + worker
                    let request = Requests.product(faulty ? Requests.faulty : Float(100 + i), Float(worker))
                    let answer = session.answer(request).words
                    #expect(answer.kind == (faulty ? "crash" : "output"))
                    if !faulty { #expect(answer.text == "[\(Float((100 + i) * worker))]") }
                }
            } catch {
                Issue.record(error)
            }
        }
    }
}
