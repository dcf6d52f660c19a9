import Conformance
import RunRecord
import Testing
import _TestSupport

/// What is written is read again.
struct RoundTripTests {
    private func read(_ text: String) throws -> RunRecord { try RunRecord(bytes: Array(text.utf8), file: "r") }

    @Test func everythingComesBack() throws {
        let record = try RecordedRun.record()
        let again = try read(record.text)
        #expect(again.header == record.header)
        #expect(again.results.count == record.results.count)
        for (first, second) in zip(again.results, record.results) { #expect(first == second, "\(second.header.id)") }
        #expect(again.summary == record.summary)
        #expect(again.text == record.text)
        // Code point by code point: `==` takes canonically equivalent texts for one.
        let words = again.results[4].verdict.cause
        guard case .stated(let text)? = words else { throw UnknownCase(id: "stated") }
        #expect(Array(text.unicodeScalars) == Array(RecordedRun.unruly.unicodeScalars))
    }

    @Test func whatAnEngineDidToMemoryComesBack() throws {
        var record = try RecordedRun.record()
        let causes: [Cause] = [
            .touchedOutside(MemoryTouch(.read, .behind, "filter", distance: 12)),
            .touchedOutside(MemoryTouch(.touch, .afterReturn, "output's scales", distance: 0)),
            .changedOperand("it changed its bias"), .unwritten(RecordedRun.unruly),
            .touchedOutside(MemoryTouch(.write, .between, "output", distance: 0)),
            .answersDiffer("the same problem"), .wrongOnViews(.paddedRows, "it crashed"),
        ]
        record.header.orderSeed = .max
        record.header.repeats = 7
        record.header.engines[0].configuration = ["threads": "1", RecordedRun.unruly: RecordedRun.unruly]
        record.header.engines[0].capabilities.views = true
        record.header.engines[0].capabilities.infersGroups = true
        record.header.engines[0].capabilities.strides = false
        record.header.engines[0].capabilities.integerBits = 24
        record.header.leftOut = ["three dimensions": 2, RecordedRun.unruly: 1]
        for (place, cause) in causes.enumerated() { record.results[5 + place].verdict.cause = cause }
        let again = try read(record.text)
        #expect(again.header == record.header)
        for (place, cause) in causes.enumerated() { #expect(again.results[5 + place].verdict.cause == cause) }
    }

    @Test func howAnAnswerWasProjectedComesBack() throws {
        var record = try RecordedRun.record()
        record.results[0].verdict.comparison?.projection = Projection(
            seed: .max, vectors: 2, missedBits: 46, positions: 72)
        record.results[2].verdict.comparison?.projection = Projection(
            seed: 5, vectors: 4, missedBits: nil, positions: 72, failing: 9, computed: 3, samples: 20)
        let again = try read(record.text)
        #expect(again.results[0] == record.results[0] && again.results[2] == record.results[2])
        #expect(record.text.contains(#""judge":"projected""#) && again.text == record.text)
        let changes = [
            (#""judge":"projected""#, #""judge":"complete""#), (#""missed_bits":46"#, #""missed_bits":-1"#),
            (#""positions":72"#, #""positions":0"#), (#""positions":72"#, #""positions":4320"#),
            (#""failing":9"#, #""failing":2"#), (#""computed":3"#, #""computed":0"#),
            (#""samples":20"#, #""samples":0"#),
            (#""samples":20"#, #""samples":433"#), (#""vectors":4"#, #""vectors":0"#),
        ]
        for (old, new) in changes {
            #expect(record.text.contains(old))
            let edited = record.text.replacing(old, with: new, maxReplacements: 1)
            #expect(throws: RecordError.self, "\(new)") { try read(edited) }
        }
    }

    @Test func whenItWasAskedAndWhatBecameOfItAgainComesBack() throws {
        var record = try RecordedRun.record()
        for place in record.results.indices {
            record.results[place].turn = Turn(instance: 1 + place / 4, place: 1 + place)
        }
        let place = try #require(record.results.firstIndex { $0.engine == "mine" && $0.status == .fail })
        let failed = record.results[place]
        var history = History(layouts: failed.layouts, status: .fail)
        history.alone = .init(failed: 1, passed: 7)
        history.calls = [[.passed, .failed, .other], [.passed, .passed]]
        history.sequel = .init(
            cases: ["grid/a", "grid/a"], tally: .init(failed: 1, passed: 2, other: 3), shared: ["input shape"])
        history.echo = .answerBefore
        history.limit = .trouble(RecordedRun.unruly)
        record.findings[0].history = history
        record.findings[0].smallest = failed.header.id
        let again = try read(record.text)
        #expect(again.results.map(\.turn) == record.results.map(\.turn))
        #expect(again.findings == record.findings && again.text == record.text)
        for limit in [History.Limit.time, .inProcess] {
            record.findings[0].history?.limit = limit
            #expect(try read(record.text).findings == record.findings)
        }
        let changes = [
            (#""turn":[1,1]"#, #""turn":[1]"#), (#""turn":[1,1]"#, #""turn":[0,1]"#),
            (#""alone":[1,7,0]"#, #""alone":[1,7]"#), (#""alone":[1,7,0]"#, #""alone":[1,0,0]"#),
            (#""alone":[1,7,0]"#, #""alone":[0,-7,9]"#), (#""PFO""#, #""PFX""#), (#""PFO""#, #""P""#),
            (#""cases":["grid/a","grid/a"]"#, #""cases":[]"#),
            (#""cases":["grid/a","grid/a"]"#, #""cases":["grid/z"]"#),
            (#""echo":"answer-before""#, #""echo":"answer""#), (#""became":[1,2,3]"#, #""became":[]"#),
            (#""status":"fail"},"rule""#, #""status":"pass"},"rule""#),
            (#""status":"fail"},"rule""#, #""status":"crash"},"rule""#),
        ]
        for (old, new) in changes {
            #expect(record.text.contains(old), "\(old)")
            let edited = record.text.replacing(old, with: new, maxReplacements: 1)
            #expect(throws: RecordError.self, "\(new)") { try read(edited) }
        }
        // No two were asked at the same turn.
        record.results[3].turn = record.results[4].turn
        #expect(throws: RecordError.self) { try read(record.text) }
    }

    @Test func whatWrongAnswersLookLikeComesBack() throws {
        var record = try RecordedRun.record()
        let place = Rule(
            conditions: [Condition("column", .leaves(3, dividedBy: 8)), Condition("in the last row", .holds)],
            failing: 5, allFailing: 6, passing: 1, allPassing: 90)
        record.findings[0].answers = WrongAnswers(
            answers: 4, place: place, content: .withoutBias,
            precision: .init(bits: 11, isOfAnswers: true, isTowardZero: false))
        #expect(try read(record.text).findings == record.findings)
        let changes = [
            (#""divisor":8"#, #""divisor":3"#), (#""content":"without-bias""#, #""content":"without""#),
            (#""bits_of":"answers""#, #""bits_of":"sums""#), (#""answers":4"#, #""answers":-1"#),
            (#""failing":[5,6]"#, #""failing":[7,6]"#), (#","toward_zero":false"#, ""),
        ]
        for (old, new) in changes {
            #expect(record.text.contains(old), "\(old)")
            let edited = record.text.replacing(old, with: new, maxReplacements: 1)
            #expect(throws: RecordError.self, "\(new)") { try read(edited) }
        }
        for content in WrongAnswers.Content.allCases {
            record.findings[0].answers = WrongAnswers(
                answers: 4, content: content, precision: .init(bits: 8, isOfAnswers: false, isTowardZero: true))
            #expect(try read(record.text).findings == record.findings)
        }
    }

    @Test func aListedFindingComesBack() throws {
        var record = try RecordedRun.record()
        record.header.baseline = Baseline(
            name: "known.txt",
            entries: [
                .init(line: 3, engine: "mine", pattern: "*", status: .fail, finding: "swapped", reason: "why"),
                .init(line: 4, engine: "mine", pattern: "a/*", status: .crash, mayPass: true, reason: "by chance"),
            ])
        record.results[2].verdict.status = .xfail
        record.results[2].verdict.listing = Listing(line: 3, status: .fail, finding: "swapped", reason: "why")
        record.findings = []
        record.summary.counts[.fail] -= 1
        record.summary.counts[.xfail] += 1
        let again = try read(record.text)
        #expect(again.header == record.header)
        #expect(again.results[2] == record.results[2])
        let edited = record.text.replacing(
            "\"finding\":\"swapped\",\"line\":3", with: "\"finding\":\"other\",\"line\":3", maxReplacements: 1)
        #expect(throws: RecordError.self) { try read(edited) }
    }

    @Test func numbersThatAreNotFiniteComeBack() throws {
        var record = try RecordedRun.record()
        record.results[2].verdict.comparison = try RecordedRun.comparison([3], got: .nan)
        record.results[2].verdict.comparison?.rms = .nan
        record.results[2].answer = KeptAnswer(AnyTensor(vector: [Float.nan, -.infinity]))
        let again = try read(record.text)
        #expect(again.text == record.text)
        let comparison = try #require(again.results[2].verdict.comparison)
        #expect(comparison.worst[0].got.isNaN)
        #expect(comparison.rms?.isNaN == true)
        #expect(again.results[2].answer?.tensor.floats[0].isNaN == true)
        #expect(again.results[2].answer?.tensor.floats[1] == -.infinity)
    }

    @Test func everyLineIsOneLineAndTellsItsType() throws {
        let record = try RecordedRun.record()
        let lines = record.events.map(RecordFormat.line)
        #expect(lines.allSatisfy { $0.filter(\.isNewline).count == 1 && $0.hasSuffix("}\n") })
        #expect(lines[0].contains(#""type":"header""#) && lines[0].contains(#""format":8,"#))
        #expect(lines[1].contains(#""type":"case""#) && lines[1].contains(#""judge":"complete""#))
        #expect(lines.last?.contains(#""type":"footer""#) == true)
    }

    @Test func whatIsNotKeptIsNotWritten() throws {
        let line = RecordFormat.line(for: .finished(try RecordedRun.record().results[1]))
        for field in ["cause", "comparison", "computation", "tensors", "remark", "worst"] {
            #expect(!line.contains("\"\(field)\""))
        }
    }
}
