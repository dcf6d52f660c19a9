internal import Conformance
internal import Convolution

/// What an instance of an engine had been asked before a case, as far as an engine may have kept it.
struct CasePast {
    /// Which case it was for the instance, from 1; 0 where it is not known.
    var place = 0
    /// What it has in common with the case just before.
    var before: Set<Likeness> = []
    /// What it has in common with some case before.
    var ever: Set<Likeness> = []

    /// What engines keep things by.
    enum Likeness: String, CaseIterable {
        case problem = "problem"
        case inputShape = "input shape"
        case filterShape = "filter shape"
        case outputShape = "output shape"
        case inputCount = "number of input elements"
        case filterCount = "number of filter elements"
        case outputCount = "number of output elements"
        case biasCount = "length of the bias"

        /// What is the same in cases that have it in common; `nil` of a case that has none.
        fileprivate func key(_ subject: CaseSubject) -> [Int]? {
            let problem = subject.problem
            return switch self {
            case .problem:
                problem.input.list + problem.filter.list + subject.pads.list
                    + [problem.strides.height, problem.strides.width, problem.dilations.height]
                    + [problem.dilations.width, problem.groups, problem.biasCount ?? -1]
            case .inputShape: problem.input.list
            case .filterShape: problem.filter.list
            case .outputShape: subject.output.list
            case .inputCount: [problem.input.list.reduce(1, &*)]
            case .filterCount: [problem.filter.list.reduce(1, &*)]
            case .outputCount: [subject.output.list.reduce(1, &*)]
            case .biasCount: problem.biasCount.map { [$0] }
            }
        }
    }

    /// The same subjects, each with its past, from the turns of their observations.
    static func added(to subjects: [CaseSubject], _ observations: [Observation]) -> [CaseSubject] {
        var subjects = subjects
        let asked = observations.indices.filter { observations[$0].turn != nil }.sorted {
            let (first, second) = (observations[$0].turn, observations[$1].turn)
            return (first?.instance ?? 0, first?.place ?? 0) < (second?.instance ?? 0, second?.place ?? 0)
        }
        var instance: Int?
        var (last, seen): ([Likeness: [Int]], [Likeness: Set<[Int]>]) = ([:], [:])
        for index in asked {
            guard let turn = observations[index].turn else { continue }
            if turn.instance != instance { (instance, last, seen) = (turn.instance, [:], [:]) }
            var past = CasePast(place: turn.place)
            var mine: [Likeness: [Int]] = [:]
            // An invalid problem leaves nothing behind.
            let isValid = subjects[index].header.expectation == .output
            for likeness in Likeness.allCases {
                guard let key = likeness.key(subjects[index]) else { continue }
                mine[likeness] = key
                if last[likeness] == key { past.before.insert(likeness) }
                if seen[likeness]?.contains(key) == true { past.ever.insert(likeness) }
                if isValid { seen[likeness, default: []].insert(key) }
            }
            if isValid { last = mine }
            subjects[index].past = past
        }
        return subjects
    }
}

extension Vocabulary<CaseSubject> {
    /// What can be said of the cases that the same process of an engine had been asked before.
    static let ofPasts = Vocabulary(
        facts: [Fact("comes as the first case of its process") { $0.past.place == 1 }]
            + CasePast.Likeness.allCases.flatMap { likeness in
                [
                    Fact("comes directly after a case with the same \(likeness.rawValue)") {
                        $0.past.before.contains(likeness)
                    },
                    Fact("comes after a case with the same \(likeness.rawValue)") { $0.past.ever.contains(likeness) },
                ]
            })
}
