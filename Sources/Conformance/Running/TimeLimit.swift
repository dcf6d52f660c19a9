internal import Convolution

/// How much time of its own an engine may take for a case, beside its start and its waits for a processor.
public enum TimeLimit: Hashable, Sendable {
    /// A minute, and a second for every ten million products: a right engine that is slow in an interpreter keeps it.
    case byWork
    /// The same for every case.
    case fixed(Duration)

    private static let floor = Duration.seconds(60)
    private static let slowProductsPerSecond = 1e7
    private static let mostSeconds = 86400.0

    /// The limit for a problem.
    func duration(for problem: Problem) -> Duration {
        switch self {
        case .fixed(let limit): limit
        case .byWork:
            TimeLimit.floor + .seconds(min(problem.products / TimeLimit.slowProductsPerSecond, TimeLimit.mostSeconds))
        }
    }
}
