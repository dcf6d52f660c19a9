internal import Conformance
internal import Convolution

/// The case of an enumeration that a word names.
///
/// - Throws: ``InvalidLine`` where there is none.
func choice<Choice: RawRepresentable<String>>(_ type: Choice.Type, _ word: String, _ field: String) throws -> Choice {
    guard let choice = Choice(rawValue: word) else { throw InvalidLine("'\(field)' is '\(word)', which is not known") }
    return choice
}

/// - Throws: ``InvalidLine`` where a list has not so many numbers.
private func check(_ list: [Int], _ count: Int, _ field: String) throws {
    guard list.count == count else { throw InvalidLine("'\(field)' has \(list.count) numbers, expected \(count)") }
}

func tensorShape(_ list: [Int], _ field: String) throws -> Shape {
    try check(list, 4, field)
    return Shape(list[0], list[1], list[2], list[3])
}

func extent(_ list: [Int], _ field: String) throws -> Extent {
    try check(list, 2, field)
    return Extent(height: list[0], width: list[1])
}

func explicitPads(_ list: [Int], _ field: String) throws -> Pads {
    try check(list, 4, field)
    return Pads(top: list[0], bottom: list[1], left: list[2], right: list[3])
}

func layoutPair(_ text: String, _ field: String) throws -> LayoutPair {
    let words = text.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
    guard words.count == 2 else { throw InvalidLine("'\(field)' is '\(text)', expected such as NHWC/HWIO") }
    return LayoutPair(
        try choice(ActivationLayout.self, words[0], field), try choice(FilterLayout.self, words[1], field))
}

extension Sequence where Element: Hashable {
    /// The first element that was there before.
    var firstRepeated: Element? {
        var seen: Set<Element> = []
        return first { !seen.insert($0).inserted }
    }
}
