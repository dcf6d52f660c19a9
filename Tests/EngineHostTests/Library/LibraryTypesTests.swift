import Conformance
import EngineHost
import Testing
import _TestSupport

/// Every operation and element type, by a library in C.
struct LibraryTypesTests {
    @Test(arguments: TypedRequests.problems)
    func `A library computes every operation and type in every layout`(_ problem: Problem) throws {
        let session = try LibraryEngine.quick(SharedLibrary.everyType("")).openSession()
        for layouts in ServeTests.layouts {
            let request = try TypedRequests.request(problem, layouts: layouts)
            let answer = session.answer(request)
            let tensor = try #require(answer.tensor, "\(answer.words)")
            #expect(try tensor.reordered(to: .logical) == definition(problem, request.operands), "\(layouts)")
            guard case .output(_, let computation) = answer else { continue }
            #expect(computation.implementation == numbers(of: layouts, problem), "\(layouts)")
        }
    }

    /// The header's numbers for the layouts of input, filter, bias, output and answer; -1 for what is no operand.
    private func numbers(of layouts: LayoutPair, _ problem: Problem) -> String {
        let activation = layouts.activation == .nhwc ? 1 : 2
        let filter = [FilterLayout.hwio: 3, .oihw: 4, .ohwi: 5, .hwoi: 6][layouts.filter] ?? 0
        let (numbers, operation) = (
            [Role.input: activation, .filter: filter, .bias: 0, .output: activation], problem.operation
        )
        return [Role.input, .filter, .bias, .output].map { role in
            let isGiven = role == .bias ? problem.biasCount != nil : operation.factors.contains(role)
            return "\(isGiven ? numbers[role] ?? 0 : -1) "
        }.joined() + "\(numbers[operation.answer] ?? 0) "
    }

    @Test func `A library that declares nothing takes float32 forward`() throws {
        let engine = try LibraryEngine.quick(SharedLibrary.everyType("float32"))
        #expect(engine.capabilities == Capabilities())
        let request = try TypedRequests.request(TypedRequests.problem(.forward, .float32))
        let tensor = try engine.openSession().answer(request).tensor
        #expect(try tensor == definition(request.problem, request.operands))
    }

    @Test(arguments: [ElementType.float64, .float32, .float16, .bfloat16])
    func `What is left unwritten is told in every floating-point type`(_ type: ElementType) throws {
        let operations: [(Operation, String)] = [
            (.forward, "output element [0, 0, 0, 0] was never written (one of 216)"),
            (.inputGradient, "input element [0, 0, 0, 0] was never written (one of 240)"),
            (.filterGradient, "filter element [0, 0, 0, 0] was never written (one of 72)"),
            (.biasGradient, "bias element [0] was never written (one of 6)"),
        ]
        let (idle, adds) = (try SharedLibrary.everyType("idle"), try SharedLibrary.everyType("adds"))
        let sessions = (try LibraryEngine.quick(idle).openSession(), try LibraryEngine.quick(adds).openSession())
        for (operation, text) in operations {
            let request = try TypedRequests.request(TypedRequests.problem(operation, ElementTypes(type)))
            #expect(sessions.0.answer(request).words == ("unwritten", text))
            let added = text.replacing("never written", with: "computed from what lay there before it was written")
            #expect(sessions.1.answer(request).words == ("unwritten", added))
        }
    }

    @Test func `What is left unwritten among whole numbers is judged as they are`() throws {
        let session = try LibraryEngine.quick(SharedLibrary.everyType("idle")).openSession()
        for output in [ElementType.int8, .uint8, .int32] {
            let types = ElementTypes(input: .int8, filter: .uint8, output: output)
            let answer = session.answer(try TypedRequests.request(TypedRequests.problem(.forward, types)))
            #expect(answer.tensor?.type == output, "\(answer.words)")
        }
    }

    @Test(arguments: [
        ("changes the output", Operation.inputGradient, "it changed its output at [0, 0, 0, 0] from -2.0 to 9.0"),
        ("changes the bias", .inputGradient, "it changed its bias at [0] from -2.0 to 9.0"),
        ("writes behind", .filterGradient, "it wrote directly behind the end of the filter"),
        ("changes a zero point", .forward, "it changed the filter's zero points"),
        ("changes a scale", .forward, "it changed the output's scales"),
    ])
    func `What is not its to write is told by its role`(
        _ engine: String, _ operation: Operation, _ text: String
    ) throws {
        let session = try LibraryEngine.quick(SharedLibrary.everyType(engine)).openSession()
        let types =
            operation == .forward
            ? ElementTypes(input: .int8, filter: .int8, output: .int8) : ElementTypes(ElementType.float16)
        let answer = session.answer(try TypedRequests.request(TypedRequests.problem(operation, types))).words
        #expect(answer == (engine == "writes behind" ? "outside" : "changed", text))
    }

    @Test func `A gradient too large for memory is refused`() throws {
        let session = try LibraryEngine.quick(SharedLibrary.everyType("")).openSession()
        let problem = Problem(
            input: [1, 1 << 31, 1 << 31, 1], filter: [1, 1, 1, 1], strides: Extent(height: 1 << 31, width: 1 << 31),
            operation: .inputGradient)
        let answer = session.answer(try TypedRequests.request(problem)).words
        #expect(answer == ("refused", "the worker has no memory for the input, 1x2147483648x2147483648x1 numbers"))
    }
}
