internal import ArgumentParser

/// What fresh data is drawn from.
enum FreshSeed: ExpressibleByArgument, Hashable, CustomStringConvertible {
    /// A number that nobody knows before the run has ended.
    case ofTheSystem
    case given(UInt64)
    /// No seed: what stands in the place of one, which is refused when the command is validated.
    case none(String)

    init?(argument: String) { self = UInt64(argument).map(FreshSeed.given) ?? .none(argument) }

    /// The seed; of the system another one each time.
    var number: UInt64 {
        switch self {
        case .ofTheSystem, .none: UInt64.random(in: 0..<1 << 53)
        case .given(let number): number
        }
    }

    /// How commands that repeat a check name it while the run goes on.
    var word: String {
        switch self {
        case .ofTheSystem, .none: "SEED"
        case .given(let number): "\(number)"
        }
    }

    var description: String { "another each time" }
}
