import Conformance
import Foundation
import RunRecord
import Testing
import _TestSupport

/// Whatever is wrong with a record is said, with its line; and no bytes make the reader crash.
struct DamagedRecordTests {
    private static func lines() throws -> [String] { try RecordedRun.record().events.map(RecordFormat.line) }

    private func error(_ text: String) -> String {
        do throws(RecordError) {
            _ = try RunRecord(bytes: Array(text.utf8), file: "some.jsonl")
            return "it was read"
        } catch {
            #expect(error.description.hasPrefix("record 'some.jsonl'"))
            #expect(!error.isUnreadable)
            return error.description
        }
    }

    private func error(_ change: (inout [String]) -> Void) throws -> String {
        var lines = try DamagedRecordTests.lines()
        change(&lines)
        return error(lines.joined())
    }

    @Test func aRecordThatIsNotComplete() throws {
        #expect(error("") == "record 'some.jsonl': it is empty")
        #expect(
            try error { $0.removeLast() }.hasSuffix(
                "line 23: it ends without a footer: the run was cut off, or the file was"))
        #expect(try error { $0[$0.count - 1].removeLast() }.hasSuffix("line 24: the line is cut off: it has no end"))
        #expect(try error { $0 = [String($0[0].dropLast(30))] }.hasSuffix("line 1: the line is cut off: it has no end"))
        #expect(try error { $0.remove(at: 3) }.hasSuffix("line 23: 20 results are there, the header plans 21"))
        #expect(try error { $0.removeFirst() }.hasSuffix("line 1: is of the type 'case', expected a header first"))
    }

    @Test func aRecordThatHasTooMuch() throws {
        #expect(
            try error { $0.insert($0[4], at: 5) }.contains(
                "line 6: grid/a on 'mine' in NHWC/OIHW is there twice, first in line 5"))
        #expect(try error { $0 += $0 }.contains("line 25: a line behind the footer, of the type 'header'"))
        #expect(try error { $0.insert($0[0], at: 1) }.contains("line 2: a second header"))
        #expect(try error { $0.append("\n") }.contains("line 25: is not JSON"))
        #expect(try error { $0.insert("{\"type\":\"thought\"}\n", at: 1) }.contains("'thought', which is not known"))
    }

    @Test(arguments: [
        (0, #""format":8"#, #""format":7"#, "line 1: has format version 7, and the only one known here is 8"),
        (0, #""format":8"#, #""format":9"#, "line 1: has format version 9, and the only one known here is 8"),
        (0, #""format":8"#, #""format":"8""#, "line 1: 'format' is no number that fits"),
        (0, #""planned":21"#, #""left_out":{},"planned":21"#, "line 1: 'left_out' has no reason, or a count below 1"),
        (0, #""planned":21"#, #""left_out":{"a":0},"planned":21"#, "line 1: 'left_out' has no reason, or a count"),
        (0, #""planned":21"#, #""planned":20"#, "line 22: numerics/x/16 on 'mine' in NCHW/OIHW was not planned"),
        (0, #""planned":21"#, #""planned":-1"#, "line 1: a count is below what it can be"),
        (0, #""name":"other""#, #""name":"mine""#, "line 1: the engine 'mine' is there twice"),
        (0, #""name":"other""#, #""name":"else""#, "line 2: grid/a on 'other' in NHWC/HWIO was not planned"),
        (0, #""cases":2"#, #""cases":3"#, "line 24: 2 cases of the suite 'grid' are there, the header has 3"),
        (0, #""index":2"#, #""index":4"#, "line 1: 'shard' is 4 of 3 with 19 cases in all, which is none"),
        (0, #""tolerance":"bound:0.1""#, #""tolerance":"b""#, "line 1: there is no tolerance 'b'"),
        (1, #""status":"pass""#, #""status":"fine""#, "line 2: 'status' is 'fine', which is not known"),
        (
            1, #""status":"pass""#, #""status":"fail""#,
            "line 24: the footer counts 2 results with status pass, there are 1"
        ),
        (1, #""seed":18446744073709551615"#, #""seed":-1"#, "line 2: is not JSON, or holds a number that does not fit"),
        (1, #""engine":"other","#, "", "line 2: 'engine' is missing"),
        (
            1, #""layout":"NHWC/HWIO""#, #""layout":"NCHW/HWIO""#,
            "line 2: grid/a on 'other' in NCHW/HWIO was not planned"
        ),
        (
            1, #""case":"grid/a""#, #""case":"gridded/a""#,
            "line 2: 'case' is 'gridded/a', which is none of the suite 'grid'"
        ),
        (1, #""judge":"complete""#, #""judge":"sampled""#, "line 2: 'judge' is 'sampled', which is not known"),
        (3, #""data":"real""#, #""data":"integer""#, "line 4: grid/a is described otherwise than in a line before"),
        (3, #""mismatched":4"#, #""mismatched":5"#, "line 4: 'wrong' shows 4 wrong elements, 'mismatched' says 5"),
        (3, #""mismatched":4"#, #""mismatched":1"#, "line 4: 'mismatched' is 1, which contradicts"),
        (3, #""border":"#, #""border":9"#, "line 4: 'where' contradicts 'mismatched'"),
        (3, #""got":{"data":""#, #""got":{"data":"A"#, "line 4: 'tensors.got' does not hold the elements of its shape"),
        (3, #""kind":"mismatch""#, #""kind":"hunger""#, "line 4: 'cause.kind' makes no sense"),
        (
            22, #""cases":["grid/a"]"#, #""cases":["grid/b"]"#,
            "line 23: the finding is about cases that did not fail on 'mine'"
        ),
        (22, #""relation":"holds""#, #""relation":"equals""#, "line 23: a condition's 'relation' is 'equals'"),
        (22, #""failing":[1,2]"#, #""failing":[3,2]"#, "line 23: 'rule.failing' is [3, 2], expected [n, of]"),
        (23, #""pass":2"#, #""pass":3"#, "line 24: the footer counts 3 results with status pass, there are 2"),
        (23, #""exit":130"#, #""exit":0"#, "line 24: the footer's exit status is 0, from the results follows 130"),
        (23, #""interrupted":true"#, #""interrupted":1"#, "line 24: 'interrupted' is no boolean"),
    ])
    func aChangedLine(_ line: Int, _ old: String, _ new: String, _ words: String) throws {
        let told = try error {
            #expect($0[line].contains(old))
            $0[line] = $0[line].replacing(old, with: new, maxReplacements: 1)
        }
        #expect(told.contains(words), "\(told)")
    }

    /// What a field is to say that is not known would be lost without a word.
    @Test(arguments: [
        (0, #""planned":21"#, #""planned":21,"planed":22"#, "line 1: the field 'planed' is not known"),
        (0, #""groups":true"#, #""groups":true,"colour":{"a":[1]}"#, "the field 'engines[0].colour' is not known"),
        (0, #""index":2"#, #""index":2,"of":2"#, "line 1: the field 'shard.of' is not known"),
        (1, #""seed":"#, #""sead":1,"seed":"#, "line 2: the field 'sead' is not known"),
        (1, #""groups":1"#, #""groups":1,"group":2"#, "line 2: the field 'problem.group' is not known"),
        (3, #""ulp":7"#, #""ulp":7,"ULP":7"#, "line 4: the field 'comparison.worst[0].ULP' is not known"),
        (3, #""got":{"#, #""got":{"order":"C","#, "line 4: the field 'tensors.got.order' is not known"),
        (1, #""note":"#, #""listed":null,"note":"#, "line 2: the field 'listed' is not known, or has nothing to say"),
        (22, #""relation":"holds""#, #""relation":"holds","not":true"#, "conditions[5].not' is not known"),
        (23, #""fail":"#, #""fails":0,"fail":"#, "line 24: the footer counts 'fails', which is no status"),
        (23, #""exit":130"#, #""exit":130,"signal":2"#, "line 24: the field 'signal' is not known"),
    ])
    func aFieldThatIsNotKnown(_ line: Int, _ old: String, _ new: String, _ words: String) throws {
        let told = try error {
            #expect($0[line].contains(old))
            $0[line] = $0[line].replacing(old, with: new, maxReplacements: 1)
        }
        #expect(told.contains(words), "\(told)")
    }

    @Test func theOrderOfFieldsIsNothingToRefuse() throws {
        var lines = try DamagedRecordTests.lines()
        let word = #""engine":"other","#
        #expect(lines[1].contains(word))
        lines[1] = "{" + word + lines[1].replacing(word, with: "", maxReplacements: 1).dropFirst()
        let record = try RunRecord(bytes: Array(lines.joined().utf8), file: "r")
        #expect(record.text == (try DamagedRecordTests.lines().joined()))
    }

    @Test func aFileThatIsNotThereIsNoDamage() throws {
        let folder = try TemporaryFolder()
        for path in [folder.file("none"), folder.path] {
            #expect {
                _ = try RunRecord(path: path)
            } throws: {
                ($0 as? RecordError)?.isUnreadable == true
            }
        }
        let record = try RecordedRun.record()
        #expect(try RunRecord(path: try folder.write(record.text, to: "r.jsonl")).text == record.text)
    }

    /// Bytes changed, cut out, doubled and put in at random places; numbers made large; lines exchanged.
    @Test func noBytesCrashTheReader() throws {
        var random = RandomNumbers(seed: 20)
        let whole = Array(try DamagedRecordTests.lines().joined().utf8)
        let numbers = [
            "-1", "0", "9223372036854775807", "-9223372036854775808", "1e999", "\"NaN\"", "null", "[]", "{}",
        ]
        var refused = 0
        for round in 0..<600 {
            var bytes = whole
            for _ in 0...Int(random.next() % 3) where !bytes.isEmpty {
                let place = Int(random.next() % UInt64(bytes.count))
                let end = min(bytes.count, place + 1 + Int(random.next() % 40))
                switch round % 6 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.removeSubrange(place..<end)
                case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
                case 3: bytes.removeLast(bytes.count - place)
                case 4: bytes[place] ^= 1 << UInt8(random.next() % 8)
                default:
                    // A number becomes another one.
                    guard let start = bytes[place...].firstIndex(where: { (0x30...0x39).contains($0) }) else {
                        continue
                    }
                    let stop = bytes[start...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.count
                    bytes.replaceSubrange(start..<stop, with: Array(numbers[Int(random.next() % 9)].utf8))
                }
            }
            if bytes == whole { continue }
            do throws(RecordError) {
                let record = try RunRecord(bytes: bytes, file: "fuzzed")
                // What is read is sound: it can be written, and read again.
                let text = record.text
                let again = try RunRecord(bytes: Array(text.utf8), file: "written")
                #expect(again.text == text)
            } catch {
                refused += 1
                #expect(error.file == "fuzzed", "\(error)")
            }
        }
        #expect(refused > 400)
    }
}
