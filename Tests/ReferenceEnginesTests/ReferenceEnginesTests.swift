import Conformance
import Convolution
import ReferenceEngines
import Testing

@Test(arguments: EngineRegistry.builtIn.entries.map(\.name))
func matchesTheWorkedExample(name: String) throws {
    let input = Tensor<Float>(shape: [1, 4, 4, 1], elements: [4, 3, 1, 0, 2, 1, 0, 1, 1, 2, 4, 1, 3, 1, 0, 2])
    let filter = Tensor<Float>(shape: [3, 3, 1, 1], elements: [1, 0, 1, 2, 1, 0, 0, 0, 1])
    let problem = Problem(input: input.shape, filter: filter.shape)
    let session = try #require(EngineRegistry.builtIn[name]).start().openSession()
    let request = EngineRequest(problem: problem, input: input, filter: filter, bias: nil)
    guard case .output(let output) = session.answer(to: request, within: .seconds(5)) else {
        Issue.record("no output")
        return
    }
    #expect(output.elements == [14, 6, 6, 12])
}
