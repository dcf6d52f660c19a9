import Conformance
import Convolution
import RunRecord
import Testing
import _TestSupport

/// Results of other operations and types than the forward convolution in float32 are written and read again.
@Suite struct TypedRecordTests {
    /// Answers zeros of a type where it is told which, and the definition with one element changed where it is not.
    private struct Wrong: Engine {
        var type: ElementType?
        var capabilities: Capabilities { .everything }

        func convolve(
            _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
        ) throws -> Tensor<Float> { throw EngineRefusal.unsupported("it is not asked") }

        func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
            let right = try definition(problem, operands)
            if let type { return AnyTensor(nearest: right.doubles.elements, type: type, shape: right.shape) }
            var numbers = right.doubles.elements
            numbers[3] += numbers[3] > 0 ? -17 : 17
            return AnyTensor(nearest: numbers, type: right.type, shape: right.shape)
        }
    }

    static let filterGradient = Problem(
        input: [2, 5, 4, 2], filter: [2, 3, 2, 3], operation: .filterGradient, types: ElementTypes(.float16))
    static let quantized = Problem(
        input: [1, 3, 3, 2], filter: [2, 2, 2, 3], biasCount: 3,
        types: ElementTypes(input: .uint8, filter: .int8, output: .int8))

    static func cases() throws -> [GoldenCase] {
        var random = RandomNumbers(seed: 80)
        var operands = Operands(
            input: AnyTensor(nearest: (0..<18).map { Double($0 * 14) }, type: .uint8, shape: quantized.input),
            filter: AnyTensor(nearest: (0..<24).map { Double($0 - 12) }, type: .int8, shape: quantized.filter),
            bias: AnyTensor(vector: [1, -2, 3] as [Int32]))
        operands.quantization = Quantization(
            input: .init(zeroPoints: [9], scales: [0.25]),
            filter: .init(zeroPoints: [0, 1, -1], scales: [0.5, 0.25, 1]),
            output: .init(zeroPoints: [-4], scales: [16]))
        return [
            try GoldenCase(
                exact: filterGradient, filterGradient.operands { Double(random.integer(3)) }, .integer, suite: "typed",
                name: "filter-gradient"),
            try GoldenCase(exact: quantized, operands, .integer, suite: "typed", name: "quantized"),
        ]
    }

    private func run(type: ElementType? = nil) throws -> (results: [CaseResult], text: String) {
        let source = CaseList(try Self.cases())
        var runner = Runner(
            engines: [try InProcessEngine(name: "wrong") { Wrong(type: type) }], source: source, cases: source.cases)
        runner.layouts = .preferred
        var results: [CaseResult] = []
        var text = ""
        runner.run { event in
            if case .finished(let result) = event { results.append(result) }
            text += RecordFormat.line(for: event)
        }
        return (results, text)
    }

    @Test func aWrongGradientAndAWrongQuantizedAnswerComeBack() throws {
        let (results, text) = try run()
        let record = try RunRecord(bytes: Array(text.utf8), file: "r")
        #expect(record.results == results)
        #expect(record.text == text)
        for (result, problem) in zip(record.results, [Self.filterGradient, Self.quantized]) {
            #expect(result.status == .fail && result.verdict.cause == .mismatch)
            #expect(result.header.problem == problem)
            let comparison = try #require(result.verdict.comparison)
            #expect(comparison.mismatched == 1)
            #expect(comparison.location?.role == problem.operation.answer)
            #expect(comparison.worst.first?.type == problem.types[problem.operation.answer])
            let answer = try #require(result.answer?.tensor)
            let wrong = try #require(comparison.worst.first)
            #expect(answer.type == wrong.type)
            #expect(answer.doubles.elements[3] == wrong.got)
        }
        #expect(record.results[0].verdict.comparison?.worst.first?.index == [0, 0, 1, 0])
        #expect(record.results[1].verdict.comparison?.worst.first?.index == [0, 0, 1, 0])
        #expect(text.contains(#""operation":"filter-gradient""#))
        #expect(text.contains(#""types":["uint8","int8","int8"]"#))
    }

    @Test(arguments: [ElementType.float32, .bfloat16, .int32])
    func aWrongTypeComesBack(type: ElementType) throws {
        let (results, text) = try run(type: type)
        let record = try RunRecord(bytes: Array(text.utf8), file: "r")
        #expect(record.results == results)
        #expect(record.results[0].verdict.cause == .wrongType(got: type, want: .float16))
        #expect(record.results[1].verdict.cause == .wrongType(got: type, want: .int8))
        #expect(record.results[0].answer?.tensor.type == type)
    }

    /// A gradient of another shape than the output's must be rejected; what an engine answers all the same comes back.
    @Test func anAnswerToAnOperandThatDoesNotFitComesBack() throws {
        struct Accepting: Engine {
            var capabilities: Capabilities { .everything }

            func convolve(
                _ problem: Problem, input: Tensor<Float>, filter: Tensor<Float>, bias: [Float]?
            ) throws -> Tensor<Float> { throw EngineRefusal.unsupported("it is not asked") }

            func compute(_ problem: Problem, _ operands: Operands) throws -> AnyTensor {
                .float32(Tensor(repeating: 1, shape: problem.input))
            }
        }
        let problem = Problem(input: [1, 4, 4, 2], filter: [2, 2, 2, 3], operation: .inputGradient)
        let header = CaseHeader(
            suite: "typed", name: "other-shape", problem: problem, data: .integer, expectation: .rejection, seed: 0)
        let operands = Operands(
            filter: .float32(Tensor(repeating: 1, shape: problem.filter)),
            output: .float32(Tensor(repeating: 1, shape: [1, 3, 3, 2])))
        let source = CaseList([GoldenCase(header: header, operands: operands, output: nil)])
        let runner = Runner(
            engines: [try InProcessEngine(name: "accepting") { Accepting() }], source: source, cases: source.cases)
        var results: [CaseResult] = []
        var text = ""
        runner.run { event in
            if case .finished(let result) = event { results.append(result) }
            text += RecordFormat.line(for: event)
        }
        let record = try RunRecord(bytes: Array(text.utf8), file: "r")
        #expect(record.results.first?.status == .fail)
        #expect(record.results.first?.answer?.operands.output?.shape == [1, 3, 3, 2])
        #expect(record.results == results)
    }

    /// What a record says of a type or an operation is read strictly.
    @Test func wordsThatMakeNoSenseAreRefused() throws {
        let (_, text) = try run()
        for (old, new, words) in [
            (#""operation":"filter-gradient""#, #""operation":"gradient""#, "'problem.operation' is 'gradient'"),
            (#"["uint8","int8","int8"]"#, #"["uint8","int8","int4"]"#, "'problem.types' is 'int4'"),
            (#"["uint8","int8","int8"]"#, #"["uint8","int8"]"#, "'problem.types' has 2 types, expected 3"),
            (#""type":"float16""#, #""type":"float17""#, "'tensors.got.type' is 'float17'"),
            (#""type":"float16""#, #""type":"float32""#, "'tensors.got' does not hold the elements of its shape"),
        ] {
            #expect(text.contains(old))
            let changed = text.replacing(old, with: new, maxReplacements: 1)
            do throws(RecordError) {
                _ = try RunRecord(bytes: Array(changed.utf8), file: "r")
                Issue.record("\(new) was read")
            } catch {
                #expect(error.description.contains(words), "\(error)")
            }
        }
    }
}
