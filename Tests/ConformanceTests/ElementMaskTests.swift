import Testing
import _TestSupport

@testable import Conformance

struct ElementMaskTests {
    private func offsets(_ mask: ElementMask) -> [Int] { mask.runs.flatMap { Array($0) } }

    @Test func sparseAndDenseMasksComeBack() throws {
        var random = RandomNumbers(seed: 3)
        for (count, one) in [(1, 1), (9, 2), (1000, 2), (1000, 50), (40_000, 2), (40_000, 1000), (200_000, 3)] {
            let wrong = (0..<count).filter { _ in random.next() % UInt64(one) == 0 }
            var runs = WrongRuns()
            runs.append(wrong)
            let mask = ElementMask(wrong: runs.runs, of: count)
            // What is not kept is not missed.
            #expect(mask == ElementMask(wrong: wrong.map { $0..<$0 + 1 }.merged, of: count))
            #expect(mask.bytes.count <= ElementMask.byteLimit)
            #expect(mask.covered == count || mask.covered >= 8 * ElementMask.byteLimit)
            #expect(offsets(mask) == wrong.filter { $0 < mask.covered })
            #expect(mask.count == wrong.count { $0 < mask.covered })
            let again = try #require(ElementMask(coding: mask.coding, bytes: mask.bytes, covered: mask.covered))
            #expect(again == mask)
        }
    }

    @Test func aWrongAnswerOfAnySizeTakesLittleMemory() {
        var runs = WrongRuns()
        for first in stride(from: 0, to: 2_000_000, by: 1000) {
            runs.append(stride(from: first, to: first + 1000, by: 2))
        }
        #expect(runs.runs.count == 16_384)
    }

    @Test func whereAllOrOneAreWrongAFewBytesDo() {
        #expect(ElementMask(wrong: [0..<50_000], of: 50_000).bytes.count == 4)
        let one = ElementMask(wrong: [123_456..<123_457], of: 1_000_000)
        #expect(one.bytes.count == 4)
        #expect(one.covered == 1_000_000)
    }

    @Test(
        arguments: [
            (ElementMask.Coding.bits, [0x01], 9), (.bits, [0x02], 1), (.bits, [0x01, 0x00], 8), (.runs, [0x80], 5),
            (.runs, [0x01], 5), (.runs, [0x00, 0x00], 5), (.runs, [0x02, 0x04], 5),
            (.runs, [0x00, 0x01, 0x00, 0x01], 5),
            (.runs, [UInt8](repeating: 0xFF, count: 12), 5), (.runs, [], -1),
            (.runs, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0x01], 5),
            (.bits, [UInt8](repeating: 0, count: 4097), 32_776),
        ] as [(ElementMask.Coding, [UInt8], Int)])
    func whatIsNoMaskIsNotTaken(_ coding: ElementMask.Coding, _ bytes: [UInt8], _ covered: Int) {
        #expect(ElementMask(coding: coding, bytes: bytes, covered: covered) == nil)
    }
}

extension [Range<Int>] {
    fileprivate var merged: [Range<Int>] {
        reduce(into: []) { runs, next in
            if let last = runs.last, last.upperBound == next.lowerBound {
                runs[runs.count - 1] = last.lowerBound..<next.upperBound
            } else {
                runs.append(next)
            }
        }
    }
}
