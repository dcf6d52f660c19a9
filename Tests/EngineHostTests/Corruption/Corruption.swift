import _TestSupport

/// A message that is spoiled, and what has to become of it.
struct CorruptedMessage {
    enum Fate {
        /// It has to be refused.
        case refused
        /// It has to be understood, with these bytes as its tensor.
        case understood(tensor: [UInt8])
        /// Whether it still is a message is not foreseen; nothing but what it says may be understood.
        case open
    }

    let bytes: [UInt8]
    let fate: Fate
}

/// The ways in which a message is spoiled.
enum Corruption: CaseIterable {
    case flippedBits, flippedBitInTensor, cut, removed, inserted, doubled, swapped, number, word, key, nesting, lineEnd,
        encoding, tensorLength, twice, nothing, anotherMessage, garbage, endless, delimiter

    /// What stands in the place of a number.
    private static let numbers = [
        "-1", "0", "-0", "1.5", "1e0", "1e999", "-1e999", "1e-400", "NaN", "Infinity", "0x10", "01", "+1", "1,1",
        "\"1\"",
        "null", "true", "[]", "{}", "[[1]]", "2147483648", "4294967296", "4611686018427387904", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "99999999999999999999999999999999",
        "0,4611686018427387904,4611686018427387904,4611686018427387904", "9223372036854775807,0,9223372036854775807,1",
    ]

    /// What stands in the place of a word, with its quotes.
    private static let words: [[UInt8]] =
        [
            "\"\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"\\u202e\"", "\"\\x\"", "\"open", "7", "null",
            "[]", "\"a\nb\"",
            "\"input\"", "\"output\"", "\"bias\"", "\"float64\"", "\"int8\"", "\"float8\"", "\"result\"", "\"error\"",
            "\"hello\"",
            "\"" + String(repeating: "x", count: 60_000) + "\"",
            "\"" + String(repeating: "\u{1F4A9}", count: 9_000) + "\"",
        ].map { Array($0.utf8) } + [
            [0x22, 0xFF, 0xFE, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
        ]

    /// A message of a line and perhaps a tensor, spoiled in this way.
    func applied(to line: [UInt8], _ tensor: [UInt8], _ random: inout RandomNumbers) -> CorruptedMessage {
        let whole = line + tensor
        func open(_ bytes: [UInt8]) -> CorruptedMessage { CorruptedMessage(bytes: bytes, fate: .open) }
        func refused(_ bytes: [UInt8]) -> CorruptedMessage { CorruptedMessage(bytes: bytes, fate: .refused) }
        func replacing(_ place: Range<Int>, with bytes: [UInt8]) -> [UInt8] {
            var spoiled = line
            spoiled.replaceSubrange(place, with: bytes)
            return spoiled + tensor
        }
        switch self {
        case .flippedBits:
            var bytes = whole
            for _ in 0...random.below(4) { bytes[random.below(line.count)] ^= 1 << UInt8(random.below(8)) }
            return open(bytes)
        case .flippedBitInTensor:
            var tensor = tensor
            if tensor.isEmpty { return open(line) }
            tensor[random.below(tensor.count)] ^= 1 << UInt8(random.below(8))
            return CorruptedMessage(bytes: line + tensor, fate: .understood(tensor: tensor))
        case .cut: return refused(Array(whole[..<random.below(whole.count)]))
        case .removed:
            var bytes = whole
            let start = random.below(line.count)
            bytes.removeSubrange(start..<min(start + 1 + random.below(30), bytes.count))
            return open(bytes)
        case .inserted:
            var bytes = whole
            let stray = (0...random.below(20)).map { _ in UInt8(random.below(256)) }
            bytes.insert(contentsOf: stray, at: random.below(line.count))
            return open(bytes)
        case .doubled:
            var bytes = whole
            let start = random.below(line.count)
            bytes.insert(contentsOf: line[start...].prefix(1 + random.below(40)), at: start)
            return open(bytes)
        case .swapped:
            let tokens = Corruption.tokens(of: line)
            let (one, other) = (tokens[random.below(tokens.count)], tokens[random.below(tokens.count)])
            if one.lowerBound >= other.lowerBound { return open(whole) }
            var bytes = line
            bytes.replaceSubrange(other, with: line[one])
            bytes.replaceSubrange(one, with: line[other])
            return open(bytes + tensor)
        case .number:
            let tokens = Corruption.tokens(of: line).filter { line[$0.lowerBound] != UInt8(ascii: "\"") }
            guard let place = random.element(of: tokens) else { return open(whole) }
            let number = Corruption.numbers[random.below(Corruption.numbers.count)]
            return open(replacing(place, with: Array(number.utf8)))
        case .word:
            let words = Corruption.tokens(of: line).filter { line[$0.lowerBound] == UInt8(ascii: "\"") }
            guard let place = random.element(of: words) else { return open(whole) }
            let word = Corruption.words[random.below(Corruption.words.count)]
            return open(replacing(place, with: word))
        case .key:
            // Known fields a second time, and unknown ones, with anything in them.
            let key = ["id", "type", "tensors", "tile", "reason", "protocol", "capabilities", "x"][random.below(8)]
            let value = (Corruption.numbers + ["[{}]", "\"result\"", "[2,2]"])[
                random.below(Corruption.numbers.count + 3)]
            return open(replacing(1..<1, with: Array("\"\(key)\":\(value),".utf8)))
        case .nesting:
            let depth = [10, 511, 513, 5_000, 30_000][random.below(5)]
            let open = random.below(2) == 0 ? "[" : "{\"a\":"
            let deep = String(repeating: open, count: min(depth, 60_000 / open.utf8.count))
            let tokens = Corruption.tokens(of: line)
            let place = tokens[random.below(tokens.count)]
            return refused(replacing(place, with: Array(deep.utf8)))
        case .lineEnd:
            let bare = Array(line.dropLast())
            switch random.below(4) {
            case 0: return CorruptedMessage(bytes: bare + [13, 10] + tensor, fate: .understood(tensor: tensor))
            case 1: return open(bare + [10, 10] + tensor)
            case 2: return open(bare + tensor)
            default: return open(bare + [0, 10] + tensor)
            }
        case .encoding:
            let text = String(decoding: line.dropLast(), as: UTF8.self)
            switch random.below(3) {
            case 0: return open([0xEF, 0xBB, 0xBF] + line + tensor)
            case 1: return open(Array(text.utf8).flatMap { [$0, 0] } + [10, 0] + tensor)
            default: return open([0xFE, 0xFF] + Array(text.utf8).flatMap { [0, $0] } + [10] + tensor)
            }
        case .tensorLength:
            let more = random.below(2) == 0
            if !more, tensor.isEmpty { return refused([]) }
            let length = 1 + random.below(more ? 9_000 : tensor.count)
            let changed = more ? tensor + [UInt8](repeating: 7, count: length) : Array(tensor.dropLast(length))
            return refused(line + changed)
        case .twice: return refused(whole + whole)
        case .nothing: return refused([])
        case .anotherMessage:
            let others = [
                #"{"type":"hello","protocol":1,"engine":{"name":"x"}}"#, #"{"type":"run","id":1}"#, "[]", "{}", "null",
                "\"\"", "0",
                #"{"type":"pong"}"#, #"{"id":7}"#, #"{"type":"result","id":7}"#,
                #"{"type":"result","id":7,"tensors":[]}"#,
                #"{"type":"result","id":7,"tensors":[{}]}"#, #"{"type":"result","id":7,"tensors":[null]}"#, "",
            ]
            return open(Array(others[random.below(others.count)].utf8) + [10])
        case .garbage:
            let count = random.below(300)
            return refused((0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) | 0x80 } + [10])
        case .endless:
            return refused([UInt8](repeating: UInt8([32, 91, 34, 0, 123][random.below(5)]), count: 70_000))
        case .delimiter:
            var bytes = whole
            let places = line.indices.filter { Array("{}[]:,\"".utf8).contains(line[$0]) }
            bytes[places[random.below(places.count)]] = Array("{}[]:,\"\\".utf8)[random.below(8)]
            return open(bytes)
        }
    }

    /// Where the words, with their quotes, and the numbers of a line of JSON lie.
    private static func tokens(of line: [UInt8]) -> [Range<Int>] {
        var tokens: [Range<Int>] = []
        var place = 0
        while place < line.count {
            let start = place
            if line[place] == UInt8(ascii: "\"") {
                place = line[(place + 1)...].firstIndex(of: UInt8(ascii: "\""))! + 1
            } else {
                while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(line[place]) { place += 1 }
            }
            if place > start { tokens.append(start..<place) } else { place += 1 }
        }
        return tokens
    }
}

extension RandomNumbers {
    /// A whole number from 0 to `bound` - 1.
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    /// One of a list; `nil` where it is empty.
    mutating func element<Element>(of list: [Element]) -> Element? { list.randomElement(using: &self) }
}
