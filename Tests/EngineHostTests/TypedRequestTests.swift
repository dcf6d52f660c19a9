import Conformance
import EngineHost
import Testing
import _TestSupport

/// Every operation and element type, to and from another process.
struct TypedRequestTests {
    @Test(arguments: TypedRequests.problems)
    func `A served engine computes every operation and type in every layout`(_ problem: Problem) throws {
        let engine = try CommandEngine.quick(.served("every type"))
        #expect(engine.capabilities == .everything)
        let session = try engine.openSession()
        for layouts in ServeTests.layouts {
            let request = try TypedRequests.request(problem, layouts: layouts)
            let answer = session.answer(request)
            let tensor = try #require(answer.tensor, "\(answer.words)")
            #expect(tensor.type == problem.types[problem.operation.answer])
            #expect(try tensor.reordered(to: .logical) == definition(problem, request.operands), "\(layouts)")
        }
    }

    /// Of the convolution whose bias gradient is wanted, the engine is told no shape.
    @Test(arguments: [
        Padding.valid, .sameUpper, .sameLower, .explicit(Pads(top: 3, bottom: 4, left: 0, right: 9)),
    ])
    func `A bias gradient is computed whatever the convolution`(_ padding: Padding) throws {
        let session = try CommandEngine.session(.served("every type"))
        for (stride, dilation) in [(1, 1), (3, 1), (1, 4), (2, 3)] {
            let problem = Problem(
                input: [2, 9, 10, 4], filter: [3, 2, 2, 6], strides: Extent(height: stride, width: 2),
                dilations: Extent(height: dilation, width: 3), padding: padding, groups: 2, operation: .biasGradient)
            let request = try TypedRequests.request(problem)
            let answer = session.answer(request)
            #expect(try answer.tensor == definition(problem, request.operands), "\(problem): \(answer.words)")
        }
    }

    @Test func `A bias gradient is computed where the pads are larger than the windows' distances`() throws {
        let session = try CommandEngine.session(.served("every type"))
        let problem = Problem(
            input: [2, 2, 1, 4], filter: [5, 10, 2, 6], dilations: Extent(height: 2, width: 1),
            padding: .explicit(Pads(top: 3, bottom: 4, left: 0, right: 9)), operation: .biasGradient)
        var grouped = problem
        grouped.groups = 2
        let request = try TypedRequests.request(grouped)
        let answer = session.answer(request)
        #expect(try answer.tensor == definition(grouped, request.operands), "\(answer.words)")
    }

    @Test(arguments: [Int.max, .min, 1 << 62, -(1 << 62)])
    func `A bias gradient of numbers at the ends of 64 bits kills no engine`(_ number: Int) throws {
        let session = try CommandEngine.session(.served("every type"))
        let paths = [
            \Problem.strides.height, \.dilations.width, \.groups,
        ]
        for path in paths {
            var request = try TypedRequests.request(TypedRequests.problem(.biasGradient, .float32))
            request.problem[keyPath: path] = number
            let kind = session.answer(request).words.kind
            #expect(kind == "rejected" || kind == "output", "\(request.problem): \(kind)")
        }
        var request = try TypedRequests.request(TypedRequests.problem(.biasGradient, .float32))
        request.problem.padding = .explicit(Pads(top: number, bottom: number, left: number, right: 0))
        let kind = session.answer(request).words.kind
        #expect(kind == "rejected" || kind == "output", "\(kind)")
    }

    @Test(arguments: [Operation.inputGradient, .filterGradient, .biasGradient])
    func `An invalid gradient is rejected`(_ operation: Operation) throws {
        let session = try CommandEngine.session(.served("every type"))
        let valid = TypedRequests.problem(operation, .float32)
        for change in [\Problem.strides.height, \.dilations.width, \.groups] {
            var request = try TypedRequests.request(valid)
            request.problem[keyPath: change] = 0
            #expect(session.answer(request).words.kind == "rejected", "\(request.problem)")
        }
    }

    @Test func `An engine is told the operation, the answer, zero points and scales`() throws {
        let gradient = try TypedRequests.request(
            TypedRequests.problem(.inputGradient, ElementTypes(.bfloat16)), layouts: LayoutPair(.nchw, .oihw))
        #expect(
            try told(gradient)
                == #"{"answer": {"dtype": "bfloat16", "name": "input", "shape": [2, 4, 6, 5]}, "id": 1, "#
                + #""problem": {"dilations": [2, 1], "filter_layout": "OIHW", "groups": 2, "input_layout": "NCHW", "#
                + #""operation": "input-gradient", "padding": "EXPLICIT", "pads": [1, 0, 2, 1], "strides": [2, 1]}, "#
                + #""tensors": [{"dtype": "bfloat16", "name": "output", "shape": [2, 6, 3, 6]}, "#
                + #"{"dtype": "bfloat16", "name": "filter", "shape": [6, 2, 2, 3]}, "#
                + #"{"dtype": "bfloat16", "name": "bias", "shape": [4]}], "type": "run"}"#
                // -2, 1, -1, 2, 0: the first of the bias.
                + " 00c0803f80bf0040")
        let quantized = try TypedRequests.request(
            TypedRequests.problem(.forward, ElementTypes(input: .uint8, filter: .int8, output: .uint8)))
        let said = try told(quantized)
        #expect(said.contains(#""answer": {"dtype": "uint8", "name": "output"}"#))
        #expect(!said.contains("operation"))
        #expect(said.contains(#""zero_points": {"filter": [5], "input": [7], "output": [100]}"#))
        let scales = #""filter": [0.01, 0.02, 0.003, 0.04, 0.05, 0.006], "input": [0.1], "output": [1.3]"#
        #expect(said.contains(#""scales": {\#(scales)}"#))
        #expect(said.contains(#"{"dtype": "int32", "name": "bias", "shape": [6]}"#))
        let sums = try told(
            TypedRequests.request(
                TypedRequests.problem(.forward, ElementTypes(input: .uint8, filter: .int8, output: .int32))))
        #expect(sums.contains(#""zero_points": {"filter": [0, 1, 2, 3, 4, 127], "input": [3]}"#))
        #expect(!sums.contains("scales"))
    }

    /// The message as an engine reads it, and the bytes of its last tensor.
    private func told(_ request: EngineRequest) throws -> String {
        let session = try CommandEngine.session(
            PythonEngine.command(
                """
                greet()
                message, tensors = request()
                said = json.dumps(message, sort_keys=True)
                say({"type": "rejected", "id": 1, "reason": said + " " + tensors[-1].hex()})
                hear()
                """))
        return session.answer(request).words.text
    }

    static let answers: [(operation: Operation, type: ElementType, says: String, words: [String])] = [
        (.forward, .float16, "dtype='float32'", ["'output' with dtype 'float32'; expected 'float16'"]),
        (.forward, .bfloat16, "dtype='half'", ["'output' with dtype 'half'; expected 'bfloat16'"]),
        (.inputGradient, .float32, "", ["named 'output'; expected 'input'"]),
        (.filterGradient, .float64, "name='input'", ["named 'input'; expected 'filter'"]),
        (.biasGradient, .float32, "name='bias'", ["'bias' with shape [1, 1, 1, 1]", "rank 4; expected rank 1"]),
        (.biasGradient, .float32, "name='bias', shape=[]", ["'bias' with shape []", "rank 0; expected rank 1"]),
        (.inputGradient, .float32, "name='input', shape=[6]", ["'input' with shape [6]", "rank 1; expected rank 4"]),
        (.inputGradient, .float32, "name='input', shape=None", ["received 'input' without a shape"]),
        (.filterGradient, .int8, "name='filter', shape=[1, -1, 1, 1]", ["[1, -1, 1, 1]", "0 or more"]),
        (.filterGradient, .float32, "name='filter', shape=[1 << 33, 1, 1, 1]", ["[8589934592, 1, 1, 1]", "at most"]),
    ]

    @Test(arguments: answers)
    func `An answer in other words than the request's is an error`(
        _ answer: (operation: Operation, type: ElementType, says: String, words: [String])
    ) throws {
        let result = "result(*[message, b''], **dict(\(answer.says)))"
        let session = try CommandEngine.session(
            PythonEngine.command("greet()\nmessage, tensors = request()\n" + result))
        let types = ElementTypes(answer.type == .int8 ? .float32 : answer.type)
        let words = session.answer(try TypedRequests.request(TypedRequests.problem(answer.operation, types))).words
        #expect(words.kind == "error", "\(words)")
        for expected in answer.words {
            #expect(words.text.contains(expected), "\(words.text)")
        }
    }

    /// What counts as too large is measured by the answer's own shape, not by the convolution's output.
    @Test func `A gradient far larger than the output is read`() throws {
        let problem = Problem(
            input: [1, 4200, 4200, 1], filter: [1, 1, 1, 1], strides: Extent(height: 4200, width: 4200),
            operation: .inputGradient, types: ElementTypes(.float16))
        let session = try CommandEngine.session(
            PythonEngine.command(
                """
                greet()
                message, tensors = request()
                result(message, bytes(2 * 4200 * 4200), name="input", dtype="float16", shape=[1, 4200, 4200, 1])
                hear()
                """))
        let answer = session.answer(try TypedRequests.request(problem))
        #expect(answer.tensor?.shape == problem.input, "\(answer.words)")
    }

    @Test(arguments: [
        ("answers in float64", "error", "answered with float64 as input, expected float16"),
        ("answers with a matrix", "error", "answered with the shape 1x1x2x3 as bias, expected one axis"),
    ])
    func `A served engine that answers in another type is an error`(
        _ engine: String, _ kind: String, _ text: String
    ) throws {
        let session = try CommandEngine.session(.served(engine))
        let operation: Operation = engine.contains("matrix") ? .biasGradient : .inputGradient
        let answer = session.answer(
            try TypedRequests.request(TypedRequests.problem(operation, ElementTypes(.float16)))
        ).words
        #expect(answer.kind == kind, "\(answer)")
        #expect(answer.text.contains(text), "\(answer)")
    }

    private static let words =
        #""strides":[1,1],"dilations":[1,1],"padding":"VALID","pads":[0,0,0,0],"groups":1,"input_layout":"NHWC","#
        + #""filter_layout":"HWIO""#
    private static let tensors = ["input", "filter"].map {
        #"{"name":"\#($0)","dtype":"float32","shape":[0,1,1,1]}"#
    }.joined(separator: ",")

    @Test(arguments: [
        (#""problem":{"operation":"backward"}"#, ["'problem.operation' says 'backward'"]),
        (
            #""problem":{"operation":"bias-gradient",\#(words)},"tensors":[\#(tensors)]"#,
            [#"tensors ["input", "filter"] for bias-gradient; expected output"#]
        ),
        (
            #""problem":{\#(words)},"tensors":[\#(tensors)],"answer":{"name":"input","dtype":"float32"}"#,
            ["received 'input' without a shape as the answer wanted for forward; expected 'output' without one"]
        ),
        (
            #""problem":{"zero_points":{"bias":[1]},\#(words)},"tensors":[\#(tensors)]"#,
            [#"zero points of ["bias"], scales of []; expected input, filter and perhaps output"#]
        ),
        (
            #""problem":{"zero_points":{"input":[1]},\#(words)},"tensors":[\#(tensors)]"#,
            [#"zero points of ["input"]; expected those of input and filter"#]
        ),
    ])
    func `A request that does not fit its operation ends a served engine`(_ fields: String, _ says: [String]) throws {
        let engine = try EngineCommand.served().words[0]
        let run = #"{"type":"run","id":1,\#(fields)}"#
        let said = #"{"type":"hello","protocol":1}\n"# + run + #"\n"#
        let script = #"printf "$1" | "$0" "every type" >/dev/null; exit "$?""#
        let error = #expect(throws: EngineStartError.self) {
            try CommandEngine.quick(EngineCommand(words: ["/bin/sh", "-c", script, engine, said]))
        }
        for words in ["exited with status 70"] + says {
            #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
        }
    }
}
