import Convolution
import Foundation
import ProblemLists
import Testing

@Suite struct ProblemTableTests {
    private func list(_ text: String, _ ending: String) throws -> ProblemList {
        let file = FileManager.default.temporaryDirectory.appending(path: "table-\(UUID().uuidString).\(ending)")
        defer { try? FileManager.default.removeItem(at: file) }
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try ProblemList(path: file.path)
    }

    private let wanted = Problem(
        input: [1, 7, 9, 4], filter: [3, 2, 2, 6], biasCount: 6, strides: Extent(height: 2, width: 1),
        padding: .sameUpper, groups: 2, types: ElementTypes(.float16))

    @Test func csv() throws {
        let list = try list(
            """
            name,height,width,channels,filters,kernel_height,kernel_width,stride_height,padding,groups,bias,type,operation
            # mine
            first layer,7,9,4,6,3,2,2,SAME_UPPER,2,true,float16,

            ,7,9,4,6,3,2,,,,,int8,
            ,7,9,4,6,3,2,,,,,,filter-gradient
            """, "csv")
        #expect(list.entries.map(\.name) == ["3-first_layer", "5", "6"])
        #expect(list.entries[0].problem == wanted)
        #expect(list.entries[1].problem.types == ElementTypes(input: .int8, filter: .int8, output: .int32))
        #expect(list.entries[2].problem.operation == .filterGradient)
        #expect(list.summary == "3 problems; 3 are ours")
    }

    @Test func jsonLines() throws {
        let list = try list(
            """
            {"format": "convcheck-problems", "version": 1}
            {"name": "x", "height": 7, "width": 9, "channels": 4, "filters": 6, "kernel_height": 3, "kernel_width": 2, \
            "stride_height": 2, "padding": "SAME_UPPER", "groups": 2, "bias": true, "type": "float16"}
            """, "jsonl")
        #expect(list.entries.map(\.problem) == [wanted])
    }

    private static let header = "height,width,channels,filters,kernel_height,kernel_width"

    @Test(arguments: [
        ("csv", "height,width", ".csv:1: 'channels' is missing"), ("csv", "hight", ":1: there is no column 'hight'"),
        ("csv", header + "\n1,2,3", ":2: has 3 cells, and the header has 6 columns"),
        ("csv", header + "\n1,2,3,4,x,1", ":2: 'kernel_height' is 'x', expected a whole number from 1"),
        ("csv", header + "\n1,2,3,4,5,1", ":2: "), ("csv", header + ",type\n5,5,3,4,2,1,float8", "'type' is 'float8'"),
        ("csv", header + ",groups\n5,5,3,4,2,1,2", "2 groups do not divide 3 channels"),
        ("csv", header + ",bias\n5,5,3,4,2,1,maybe", "'bias' is 'maybe'"),
        ("csv", header + ",operation,type\n5,5,3,4,2,1,input-gradient,int8", "there is no input-gradient of"),
        ("csv", header + ",height\n", "a column is there twice"), ("csv", "", "there is no header"),
        ("csv", header, "there is no problem in it"), ("jsonl", "{}", ":1: the first line is the header"),
        ("jsonl", "{\"format\": \"convcheck-problems\", \"version\": 1}\nx", ":2: is no JSON object"),
        ("jsonl", "{\"format\": \"convcheck-problems\", \"version\": 1}\n{\"height\": []}", "'width' is missing"),
    ])
    func whatIsWrongIsSaidWithItsLine(ending: String, text: String, words: String) throws {
        let error = #expect(throws: ProblemListError.self) { try list(text, ending) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}
