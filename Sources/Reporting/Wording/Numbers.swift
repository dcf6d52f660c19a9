internal import Conformance

/// Numbers as a report writes them.
enum Numbers {
    /// A count with its thousands set apart: `12,345`.
    static func count(_ number: Int) -> String {
        number.groupedDescription
    }

    /// A count and what is counted: `1 filter`, `12 filters`.
    static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(count(number)) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// A place in a row: `1st`, `12th`, `23rd`.
    static func ordinal(_ number: Int) -> String {
        let isTeen = (11...13).contains(number % 100)
        let ending = isTeen ? "th" : [1: "st", 2: "nd", 3: "rd"][number % 10] ?? "th"
        return count(number) + ending
    }

    /// So many places after the point, never an exponent: what XML Schema calls a decimal.
    static func fixed(_ number: Double, places: Int) -> String {
        let scale = (0..<places).reduce(1) { product, _ in product * 10 }
        let scaled = (max(number, 0) * Double(scale)).rounded()
        guard scaled < 0x1p62 else { return fixed(0, places: places) }
        let (whole, fraction) = Int(scaled).quotientAndRemainder(dividingBy: scale)
        let digits = String(fraction)
        return "\(whole)." + String(repeating: "0", count: places - digits.count) + digits
    }

    /// A time in the unit that suits it: `820 ms`, `4.2 s`, `3 min 5 s`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e12 else { return "\(seconds) s" }
        if seconds < 1 { return "\(Int((seconds * 1000).rounded())) ms" }
        if seconds < 60 { return "\(fixed(seconds, places: 1)) s" }
        let (minutes, rest) = Int(seconds.rounded()).quotientAndRemainder(dividingBy: 60)
        return "\(count(minutes)) min \(rest) s"
    }
}
