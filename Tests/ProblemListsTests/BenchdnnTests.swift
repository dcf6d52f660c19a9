import Convolution
import Foundation
import ProblemLists
import Testing

/// Lists as benchdnn writes them; written for these tests.
@Suite struct BenchdnnTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "benchdnn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func write(_ text: String, _ name: String = "list") throws -> String {
        let file = folder.appending(path: name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    private func list(_ text: String, _ name: String = "list") throws -> ProblemList {
        try ProblemList(path: write(text, name))
    }

    private func problem(_ text: String, _ name: String = "list") throws -> Problem {
        try #require(try list(text, name).entries.first).problem
    }

    @Test func aProblemWithEverythingGiven() throws {
        let problem = try problem(
            #"--dir=FWD_D g2mb3_ic4ih9iw10_oc6oh4ow10_kh3kw2_sh2sw1_ph0pw1_dh0dw1n"net:conv1*2""#)
        #expect(
            problem
                == Problem(
                    input: [3, 9, 10, 4], filter: [3, 2, 2, 6], strides: Extent(height: 2, width: 1),
                    dilations: Extent(height: 1, width: 2),
                    padding: .explicit(Pads(top: 0, bottom: 0, left: 1, right: 1)), groups: 2))
        #expect(try list(#"ic4ih9oc6kh3n"net:conv1*2""#).entries[0].name == "1-net:conv1_2")
    }

    /// What is not said: the batch is 2, sizes are square, the output follows from no padding, the padding from the output.
    @Test func whatIsNotSaid() throws {
        #expect(try problem("--dir=FWD_I ic3ih8oc5kh3").input == [2, 8, 8, 3])
        #expect(try problem("--dir=FWD_I ic3ih8oc5kh3").pads == .none)
        let same = try problem("--dir=FWD_I ic3ih8oc5oh8kh3")
        #expect(same.pads == Pads(top: 1, bottom: 1, left: 1, right: 1))
        let uneven = try problem("--dir=FWD_I ic3ih8oc5oh4kh3sh2ph0")
        #expect(uneven.pads == Pads(top: 0, bottom: 1, left: 0, right: 1))
        #expect(try uneven.geometry().outputShape == [2, 4, 4, 5])
        // Rows that no window reaches are not cropped.
        #expect(try problem("--dir=FWD_I ic3ih8oc5oh3kh3sh2ph0").pads == .none)
        #expect(try problem("ic3ih8oc5kh3").biasCount == 5)
        let line = try problem("--dir=FWD_D ic2iw7oc3kw2")
        #expect((line.input, line.filter) == ([2, 1, 7, 2], [1, 2, 2, 3]))
    }

    @Test func directionsAndTypes() throws {
        let all = try list(
            "--dir=FWD_B,FWD_D,BWD_D,BWD_WB --dt=f32,bf16:bf16:bf16,u8:s8:s32,f8_e5m2,bf16:bf16:f32 ic2ih5oc3kh2")
        #expect(all.count == 20)
        let operations = all.entries.map { "\($0.problem.operation.rawValue) \($0.problem.types)" }
        #expect(
            Set(operations)
                == Set(
                    ["float32", "bfloat16"].flatMap { type in
                        ["forward", "input-gradient", "filter-gradient", "bias-gradient"].map { "\($0) \(type)" }
                    } + ["forward uint8 x int8 to int32"]))
        #expect(all.entries.count == 11)
        #expect(
            all.skipped == [
                "types f8_e5m2": 4, "types bf16:bf16:f32": 4, "a gradient in 8 bits": 2, "a bias on sums in int32": 1,
            ])
        #expect(all.summary.contains("20 problems; 9 are ours"))
        let quantized = try problem("--dt=u8:s8:u8 ic2ih5oc3kh2")
        #expect((quantized.types.kind, quantized.biasCount) == (.quantized, 3))
    }

    @Test func transposedConvolutions() throws {
        let problem = try problem("--dir=FWD_B ic4ih5oc6oh11kh3sh2ph0", "deconv_list")
        #expect(problem.operation == .inputGradient)
        #expect((problem.input, problem.filter, problem.biasCount) == ([2, 11, 11, 6], [3, 3, 6, 4], 6))
        #expect(try problem.geometry().outputShape == [2, 5, 5, 4])
        let without = try self.problem("--deconv --dir=FWD_D ic4ih5oc6kh3sh2ph1")
        #expect((without.input, without.biasCount) == ([2, 9, 9, 6], nil))
        #expect(try self.problem("--deconv --dir=BWD_D ic4ih5oc6kh3").operation == .forward)
        #expect(try list("--deconv --dir=BWD_WB ic4ih5oc6kh3").entries.map(\.problem.operation) == [.filterGradient])
    }

    @Test func optionsHoldUntilTheyAreResetAndFilesAreFollowed() throws {
        _ = try write("ic8ih5oc8kh3n\"a\"\n# nothing\n--dir=BWD_W\n", "inner")
        let list = try list(
            """
            # A comment
            --mb=1,4   # and another
            --dir=FWD_D --stag=any,axb --attr-post-ops=, \\
               sum:0.5, \\
               relu
            --batch=inner
            ic8ih5oc8kh3
            --reset
            ic8ih5oc8kh3 g1ic8ih5oc8kh3id4kd3 ic8ih5oc8kh3
            --match=.*never.*
            ic1ih1oc1kh1
            """)
        #expect(list.count == 7)
        #expect(list.skipped == ["three dimensions": 1])
        #expect(list.repeated == 1)
        #expect(list.bare == 4)
        let told = list.entries.map { "\($0.problem.input[0]) \($0.problem.operation.rawValue)" }
        #expect(told == ["1 forward", "4 forward", "1 filter-gradient", "4 filter-gradient", "2 forward"])
        #expect(list.entries[0].place.hasSuffix("/inner:1"))
    }

    @Test(arguments: [
        ("ic3ih8oc5kh3\nic3ih8oc5", "list:2: 'kh' is missing"), ("ic3ih8oc5kh3q7", "list:1: 'q7' in"),
        ("ic3ihoc5kh3", "list:1: 'ih' in"), ("ic0ih8oc5kh3", "'ic' in 'ic0ih8oc5kh3' is missing, or 0"),
        ("ic3oc5", "has no size"), ("--frobnicate=3", "there is no such option"),
        ("--dir=SIDEWAYS ic3ih8oc5kh3", "there is no direction 'SIDEWAYS'"),
        ("--mb=two", "list:1: '--mb=two': expected whole numbers"),
        ("\n--batch=nowhere", "list:2: there is no batch file"),
        ("--batch=list", "without an end"), ("ic3ih2oc5kh3", "comes out below 1"), ("# nothing", "there is no problem"),
        ("--match=( ic3ih8oc5kh3", "is no regular expression"),
        ("--dt=f32:f32 ic3ih8oc5kh3", "neither one type nor three"),
        ("ic3ih8oc5oh9kh3ph0 ic3ih8oc5oh9kh3ph0sh0", "'sh' in"),
        ("ic3ih99999999999999999999oc5kh3", "no number that fits"),
    ])
    func whatIsWrongIsSaidWithItsLine(text: String, words: String) throws {
        let path = try write(text)
        let error = #expect(throws: ProblemListError.self) { try ProblemList(path: path) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}
