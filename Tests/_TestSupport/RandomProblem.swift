public import Convolution

extension Problem {
    /// A valid problem of a few thousand products, any of whose numbers may be odd in the company of the others.
    public static func random(using random: inout RandomNumbers) -> Problem {
        while true {
            func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
            let (groups, channels, filters) = (number(1...3), number(1...4), number(1...4))
            let pads = Pads(top: number(-2...3), bottom: number(-2...3), left: number(-2...3), right: number(-2...3))
            let problem = Problem(
                input: [number(1...3), number(1...8), number(1...8), channels * groups],
                filter: [number(1...4), number(1...4), channels, filters * groups],
                biasCount: number(0...1) == 0 ? nil : filters * groups,
                strides: Extent(height: number(1...3), width: number(1...3)),
                dilations: Extent(height: number(1...3), width: number(1...3)),
                padding: [.valid, .sameUpper, .sameLower, .explicit(pads)][number(0...3)], groups: groups)
            if (try? problem.geometry()) != nil { return problem }
        }
    }
}
