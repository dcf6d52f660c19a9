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

extension Problem {
    /// How many products a direct engine forms, the ones with padding included; 0 where there is no output. The gradients
    /// of a convolution have as many.
    var products: Double {
        guard let output = try? geometry().outputShape else { return 0 }
        return (output.list + filter.list.prefix(3)).reduce(1) { $0 * Double($1) }
    }
}
