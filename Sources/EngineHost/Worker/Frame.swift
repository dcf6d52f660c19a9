internal import Glibc

/// A message between a runner and its worker: words and a text, in the order in which they are put in and taken out.
///
/// What is large lies in ``SharedMemory``. Both sides are the same program, so that there is nothing to negotiate.
struct Frame {
    private static let mostWords = 1 << 20
    private static let mostText = 1 << 16
    /// The number of words, and of the bytes of the text.
    private static let headSize = 2 * MemoryLayout<Int>.size

    private(set) var words: [Int] = []
    /// UTF-8.
    private(set) var text: [UInt8] = []
    private var taken = 0

    init() {}

    mutating func put(_ word: Int) { words.append(word) }
    mutating func put(_ list: [Int]) { words += list }

    /// A word of a list of its type's.
    mutating func put<Word: CaseIterable & Equatable>(_ word: Word) {
        words.append(Array(Word.allCases).firstIndex(of: word) ?? 0)
    }

    /// A list whose length is not known to the other side.
    mutating func put(counted list: [Int]) {
        put(list.count)
        put(list)
    }

    /// Its text, cut where it is too long.
    mutating func put(text: String) { self.text = Array(text.utf8.prefix(Frame.mostText)) }

    mutating func next() throws(ExchangeFailure) -> Int {
        guard taken < words.count else {
            throw .malformed("received a frame of \(words.count) words, which are too few")
        }
        defer { taken += 1 }
        return words[taken]
    }

    mutating func next(_ count: Int) throws(ExchangeFailure) -> [Int] {
        guard 0...words.count - taken ~= count else {
            throw .malformed("received a frame of \(words.count) words, which are too few")
        }
        defer { taken += count }
        return Array(words[taken..<taken + count])
    }

    mutating func nextCounted() throws(ExchangeFailure) -> [Int] { try next(next()) }

    mutating func nextWord<Word: CaseIterable>(of _: Word.Type) throws(ExchangeFailure) -> Word {
        let (number, all) = (try next(), Array(Word.allCases))
        guard all.indices ~= number else { throw .malformed("received \(number) as a \(Word.self)") }
        return all[number]
    }

    /// Gives `body` its bytes.
    func withBytes<Result>(
        _ body: ([UnsafeRawBufferPointer]) throws(ExchangeFailure) -> Result
    ) throws(ExchangeFailure) -> Result {
        try ([words.count, text.count] + words).withBytes { words throws(ExchangeFailure) in
            try text.withBytes { text throws(ExchangeFailure) in try body([words, text]) }
        }
    }

    /// The next frame of a stream; `nil` at its end.
    init?(from channel: MessageChannel) throws(ExchangeFailure) {
        if try channel.isAtEnd() { return nil }
        let head = try [Int](count: 2) { memory throws(ExchangeFailure) in try channel.read("a frame", into: memory) }
        guard 0...Frame.mostWords ~= head[0], 0...Frame.mostText ~= head[1] else {
            throw .malformed("received a frame of \(head[0]) words and \(head[1]) bytes")
        }
        words = try [Int](count: head[0]) { memory throws(ExchangeFailure) in
            try channel.read("a frame", into: memory)
        }
        text = try [UInt8](count: head[1]) { memory throws(ExchangeFailure) in
            try channel.read("a frame", into: memory)
        }
    }
}
