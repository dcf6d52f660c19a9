/// Which elements of an output are wrong: as many of them as fit into a few thousand bytes.
public struct ElementMask: Hashable, Sendable {
    /// How the bytes tell of the elements.
    public enum Coding: String, Hashable, Sendable {
        /// A bit for each element, the least significant bit of a byte first: 1 where it is wrong.
        case bits
        /// How many are right, how many then are wrong, and so on, each number in LEB128; behind the last all are right.
        case runs
    }

    /// The most bytes of a mask.
    public static let byteLimit = 4096

    public let coding: Coding
    public let bytes: [UInt8]
    /// How many elements it tells of, from the first on, in logical memory order.
    public let covered: Int
    /// The wrong elements, as runs of places in logical memory order.
    public let runs: [Range<Int>]

    /// The mask of runs of wrong elements, ascending, of so many: in whichever coding reaches further, or else is shorter.
    ///
    /// - Parameters:
    ///   - runs: all, or as many as ``WrongRuns`` keeps.
    ///   - known: the first element of which it is not known whether it is wrong, where there is one.
    init(wrong runs: [Range<Int>], of count: Int, knownUpTo known: Int? = nil) {
        let count = known ?? count
        let runs = runs.map { $0.clamped(to: 0..<count) }.filter { !$0.isEmpty }
        let (runBytes, runsCovered) = ElementMask.coded(runs, of: count)
        let bitsCovered = min(count, 8 * ElementMask.byteLimit)
        if (runsCovered, -runBytes.count) >= (bitsCovered, -((bitsCovered + 7) / 8)) {
            (coding, bytes, covered) = (.runs, runBytes, runsCovered)
        } else {
            var bits = [UInt8](repeating: 0, count: (bitsCovered + 7) / 8)
            for offset in runs.joined().prefix(while: { $0 < bitsCovered }) {
                bits[offset / 8] |= 1 << UInt8(offset % 8)
            }
            (coding, bytes, covered) = (.bits, bits, bitsCovered)
        }
        let reach = covered
        self.runs = runs.compactMap { $0.lowerBound < reach ? $0.lowerBound..<min($0.upperBound, reach) : nil }
    }

    /// The mask that a record holds; `nil` where its bytes are none.
    public init?(coding: Coding, bytes: [UInt8], covered: Int) {
        guard covered >= 0, bytes.count <= ElementMask.byteLimit,
            let runs = coding == .bits
                ? ElementMask.runs(ofBits: bytes, covered: covered)
                : ElementMask.runs(ofLengths: bytes, covered: covered)
        else { return nil }
        (self.coding, self.bytes, self.covered, self.runs) = (coding, bytes, covered, runs)
    }

    /// How many elements are known to be wrong.
    public var count: Int { runs.reduce(0) { $0 + $1.count } }

    /// The lengths of runs, as many as fit, and how many elements they tell of.
    private static func coded(_ runs: [Range<Int>], of count: Int) -> (bytes: [UInt8], covered: Int) {
        var bytes: [UInt8] = []
        var end = 0
        for run in runs {
            let pair = leb128(run.lowerBound - end) + leb128(run.count)
            // What lies behind the last run that fits is not known to be right.
            if bytes.count + pair.count > byteLimit { return (bytes, run.lowerBound) }
            bytes += pair
            end = run.upperBound
        }
        return (bytes, count)
    }

    private static func leb128(_ number: Int) -> [UInt8] {
        var (rest, bytes): (Int, [UInt8]) = (number, [])
        repeat {
            bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }

    private static func runs(ofBits bytes: [UInt8], covered: Int) -> [Range<Int>]? {
        guard covered <= 8 * byteLimit, bytes.count == (covered + 7) / 8 else { return nil }
        let offsets = (0..<8 * bytes.count).filter { bytes[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
        guard offsets.last ?? -1 < covered else { return nil }
        var runs = WrongRuns()
        runs.append(offsets)
        return runs.runs
    }

    private static func runs(ofLengths bytes: [UInt8], covered: Int) -> [Range<Int>]? {
        var lengths: [Int] = []
        var (number, shift) = (0, 0)
        for byte in bytes {
            guard shift < 63 else { return nil }
            number |= Int(byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 {
                lengths.append(number)
                (number, shift) = (0, 0)
            }
        }
        guard shift == 0, lengths.count.isMultiple(of: 2), number >= 0 else { return nil }
        var (runs, end): ([Range<Int>], Int) = ([], 0)
        for pair in stride(from: 0, to: lengths.count, by: 2) {
            let (right, wrong) = (lengths[pair], lengths[pair + 1])
            guard right >= 0, right <= covered - end, right > 0 || end == 0, wrong > 0, wrong <= covered - end - right
            else { return nil }
            runs.append(end + right..<end + right + wrong)
            end += right + wrong
        }
        return runs
    }
}

/// Runs of wrong elements, as many as a mask can tell of.
struct WrongRuns {
    private(set) var runs: [Range<Int>] = []

    /// Notes the wrong elements at `offsets`, ascending, and behind all that are noted already.
    mutating func append(_ offsets: some Sequence<Int>) {
        for offset in offsets {
            if let last = runs.last, last.upperBound == offset {
                runs[runs.count - 1] = last.lowerBound..<offset + 1
            } else if runs.count <= ElementMask.byteLimit / 2 || offset < 8 * ElementMask.byteLimit {
                // A run takes two bytes at least, and where there are more, bits reach no further than that.
                runs.append(offset..<offset + 1)
            }
        }
    }
}
