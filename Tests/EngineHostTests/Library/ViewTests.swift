import Conformance
import Convolution
import EngineHost
import Testing
import _TestSupport

/// Tensors that are views: right where the strides are followed, told where they are not.
struct ViewTests {
    private static let views = TensorView.allCases.filter { $0 != .dense }

    @Test(arguments: TypedRequests.problems)
    func `A library that goes by the strides is right on every view`(_ problem: Problem) throws {
        let session = try LibraryEngine.quick(SharedLibrary.everyType("")).openSession()
        for layouts in [LayoutPair.golden, LayoutPair(.nchw, .oihw)] {
            var request = try TypedRequests.request(problem, layouts: layouts)
            let wanted = try definition(problem, request.operands)
            for view in Self.views {
                for attempt in 0...1 {
                    (request.view, request.attempt) = (view, attempt)
                    let answer = session.answer(request)
                    let tensor = try #require(answer.tensor, "\(view): \(answer.words)")
                    #expect(tensor.reordered(to: .logical) == wanted, "\(view), \(layouts)")
                }
            }
        }
    }

    /// An engine of C that multiplies each element of its input by the one filter, by the strides; `deed` comes after.
    private static func library(_ deed: String, capabilities: String = "", by place: String = strided) throws
        -> EngineLibrary
    {
        try SharedLibrary.compiled(
            code: """
                #include <convcheck_engine.h>
                #include <inttypes.h>
                #include <stdio.h>
                static int64_t at(const convcheck_tensor *t, int64_t a, int64_t b, int64_t c, int64_t d) { return \(place); }
                const char *convcheck_capabilities_v1(const char *e) { return "{\\"capabilities\\":{\(capabilities)}}"; }
                convcheck_status convcheck_convolve_v1(const convcheck_request *r) {
                    const convcheck_tensor *in = r->input, *out = r->answer;
                    float *x = in->data, *w = r->filter->data, *y = out->data;
                    for (int64_t n = 0; n < out->shape[0]; n++)
                        for (int64_t h = 0; h < out->shape[1]; h++)
                            for (int64_t k = 0; k < out->shape[2]; k++)
                                y[at(out, n, h, k, 0)] = x[at(in, n, h, k, 0)] * w[0];
                    \(deed)
                    return CONVCHECK_DONE;
                }
                """)
    }

    private static let strided = "a * t->strides[0] + b * t->strides[1] + c * t->strides[2] + d * t->strides[3]"
    private static let dense = "((a * t->shape[1] + b) * t->shape[2] + c) * t->shape[3] + d"
    private static let says = """
        snprintf(r->message, r->message_size, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, in->strides[0],
            in->strides[1], in->strides[2], in->strides[3]);
        return CONVCHECK_ERROR;
        """

    private static func request(_ view: TensorView, batch: Int = 2) -> EngineRequest {
        var request = Requests.counting(Problem(input: [batch, 3, 4, 1], filter: [1, 1, 1, 1]))
        request.view = view
        return request
    }

    @Test(arguments: [
        (TensorView.dense, 2, "12 4 1 1"), (.paddedRows, 2, "21 7 1 1"), (.offset, 2, "90 10 1 1"),
        (.reversedBatch, 2, "-12 4 1 1"), (.reversedBatch, 1, "12 4 1 1"),
    ])
    func `The strides say how a tensor lies`(_ view: TensorView, _ batch: Int, _ strides: String) throws {
        let session = try LibraryEngine.quick(Self.library(Self.says)).openSession()
        #expect(session.answer(Self.request(view, batch: batch)).words == ("error", strides))
    }

    @Test func `Alignment holds for views`() throws {
        let says = "if ((uintptr_t)x % 64 || (uintptr_t)y % 64) return CONVCHECK_ERROR;"
        let session = try LibraryEngine.quick(Self.library(says, capabilities: #"\"alignment\":64"#)).openSession()
        for view in TensorView.allCases {
            for attempt in 0...1 {
                var request = Self.request(view, batch: 3)
                request.attempt = attempt
                #expect(session.answer(request).output != nil, "\(view)")
            }
        }
    }

    @Test(arguments: [
        ("y[out->shape[2]] = 1;", "outside", "it wrote between the rows of the output"),
        ("x[in->shape[2]] = 1;", "outside", "it wrote between the rows of the input"),
        ("y[0] += x[in->shape[2]];", "unwritten", "or from what lies between the rows of a tensor"),
    ])
    func `What lies between rows is nobody's`(_ deed: String, _ kind: String, _ says: String) throws {
        let session = try LibraryEngine.quick(Self.library(deed)).openSession()
        for view in [TensorView.paddedRows, .offset] {
            let answer = session.answer(Self.request(view)).words
            #expect(answer.kind == kind && answer.text.contains(says), "\(view): \(answer)")
        }
    }

    private static let cases: CaseList = {
        let shapes: [Shape] = [[2, 3, 4, 1], [1, 5, 2, 1], [3, 2, 2, 1]]
        return CaseList(
            (0..<30).compactMap { place in
                let request = Requests.counting(Problem(input: shapes[place % 3], filter: [1, 1, 1, 1]))
                return try? GoldenCase(
                    exact: request.problem, request.operands, .integer, suite: "views", name: "case-\(place)")
            })
    }()

    private static func results(_ library: EngineLibrary) throws -> [CaseResult] {
        let runner = Runner(engines: [try LibraryEngine.quick(library)], source: cases, cases: cases.cases)
        var results: [CaseResult] = []
        runner.run { if case .finished(let result) = $0 { results.append(result) } }
        return results
    }

    private static let declared = #"\"views\":true"#

    @Test func `Who declares views is judged on them, too`() throws {
        #expect(Self.cases.cases.count == 30 && Set(Self.cases.cases.map(\.view)).count == 3)
        #expect(try Self.results(Self.library("", capabilities: Self.declared)).allSatisfy { $0.status == .pass })
        #expect(try Self.results(Self.library("", by: Self.dense)).allSatisfy { $0.status == .pass })
        let wrong = "if (in->strides[1] != in->shape[2] || in->strides[0] < 0) y[0] += 1;"
        for library in [
            try Self.library("", capabilities: Self.declared, by: Self.dense),
            try Self.library(wrong, capabilities: Self.declared),
            try Self.library(wrong.replacing("y[0] += 1", with: "__builtin_trap()"), capabilities: Self.declared),
        ] {
            for result in try Self.results(library) {
                #expect(result.status == .fail || result.status == .crash)
                guard case .wrongOnViews(let view, let words)? = result.verdict.cause else {
                    Issue.record("\(result.verdict)")
                    continue
                }
                #expect(view == result.header.view && !words.isEmpty)
            }
        }
    }

    @Test func `Who declines views is not accused`() throws {
        let declines = "if (in->strides[1] != in->shape[2] || in->strides[0] < 0) return CONVCHECK_UNSUPPORTED;"
        let library = try Self.library(declines, capabilities: Self.declared)
        #expect(try Self.results(library).allSatisfy { $0.status == .pass })
    }
}
