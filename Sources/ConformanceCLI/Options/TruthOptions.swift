internal import ArgumentParser
internal import Conformance
internal import DrawnCases

/// How the truth of drawn cases is come by.
struct TruthOptions: ParsableArguments {
    enum Choice: String, EnumerableFlag {
        case complete, projected

        static func help(for value: Choice) -> ArgumentHelp? {
            switch value {
            case .complete:
                "Compute every element of every answer exactly, however large it is."
            case .projected:
                """
                Judge by projections whatever can be, of drawn cases (default: those with more than 4e9 products): the filters of \
                a group are added up, and the answer likewise. Whole numbers must be equal, and a wrong element passes with a \
                probability of 2^-40 at most; of real ones a sample is compared with exact sums besides.
                """
            }
        }
    }

    @Flag(exclusivity: .exclusive) var truth: Choice?

    @Option(
        help: ArgumentHelp(
            "What the vectors and samples of projections follow from, as a record tells it (default: drawn by the system after "
                + "each answer).", valueName: "seed"))
    var judgeSeed: UInt64?

    /// What is computed whole: everything, where a tolerance is given, which each element has for itself.
    ///
    /// - Parameter recorded: the arguments of a run that is repeated.
    func policy(_ tolerance: Tolerance = .derived, inRecord recorded: [String] = []) -> TruthPolicy {
        let choice = truth ?? Choice.allCases.first { recorded.contains("--\($0.rawValue)") }
        return switch choice {
        case .complete?: .complete
        case .projected?: .projected
        case nil: tolerance == .derived ? .bySize : .complete
        }
    }

    /// What repeats the choice.
    static func arguments(_ policy: TruthPolicy, _ tolerance: Tolerance) -> [String] {
        switch policy {
        case .complete where tolerance == .derived: ["--complete"]
        case .projected: ["--projected"]
        case .complete, .bySize: []
        }
    }
}
