internal import Conformance
internal import Convolution

/// Looks for the smallest problem that an engine still fails.
///
/// One extent, step or feature after the other is made smaller, halved first, for as long as the engine fails in the same
/// way (status), on data drawn anew from the same seed; until nothing smaller fails, or a number of trials is used up.
struct Shrinker {
    private static let mostTrials = 300

    /// Whether the engine fails a case, in the same way.
    let fails: (GoldenCase) -> Bool

    /// The smallest case found; `golden` itself where there is none.
    ///
    /// - Parameter golden: a case with an answer that the engine fails.
    func smallest(than golden: GoldenCase) -> GoldenCase {
        var (best, trials) = (golden, 0)
        let isInteger = golden.header.data == .integer
        var isShrinking = true
        while isShrinking {
            isShrinking = false
            for candidate in Shrinker.smaller(than: best.header.problem) {
                guard trials < Shrinker.mostTrials else { return best }
                guard let geometry = try? candidate.geometry(), geometry.outputShape.count > 0,
                    let made = try? FuzzCase.golden(
                        of: candidate, name: golden.header.name, isInteger: isInteger, seed: golden.header.seed)
                else { continue }
                trials += 1
                if fails(made) {
                    best = made
                    isShrinking = true
                    break
                }
            }
        }
        return best
    }

    /// Problems that are smaller or simpler in one respect, the largest steps first.
    static func smaller(than problem: Problem) -> [Problem] {
        var found: [Problem] = []
        func add(_ change: (inout Problem) -> Void) {
            var changed = problem
            change(&changed)
            if changed != problem, !found.contains(changed) { found.append(changed) }
        }
        func lower(_ number: Int) -> [Int] { [1, number / 2, number - 1].filter { $0 >= 1 && $0 < number } }
        func setBias(_ problem: inout Problem) {
            if problem.biasCount != nil {
                problem.biasCount = problem.operation == .forward ? problem.filter[3] : problem.input[3]
            }
        }
        for batch in lower(problem.input[0]) { add { $0.input[0] = batch } }
        for axis in [1, 2] {
            for extent in lower(problem.input[axis]) { add { $0.input[axis] = extent } }
            for extent in lower(problem.filter[axis - 1]) { add { $0.filter[axis - 1] = extent } }
        }
        let (channels, filters) = (problem.filter[2], problem.filter[3] / max(problem.groups, 1))
        for groups in lower(problem.groups) {
            add {
                $0.groups = groups
                $0.input[3] = channels * groups
                $0.filter[3] = filters * groups
                setBias(&$0)
            }
        }
        for count in lower(channels) {
            add {
                $0.filter[2] = count
                $0.input[3] = count * $0.groups
                setBias(&$0)
            }
        }
        for count in lower(filters) {
            add {
                $0.filter[3] = count * $0.groups
                setBias(&$0)
            }
        }
        add { $0.biasCount = nil }
        add { $0.padding = .valid }
        let pads = problem.pads
        for side in [\Pads.top, \.bottom, \.left, \.right] {
            for pad in lower(pads[keyPath: side] + 1).map({ $0 - 1 }) {
                add {
                    var fewer = pads
                    fewer[keyPath: side] = pad
                    $0.padding = .explicit(fewer)
                }
            }
        }
        for side in [\Extent.height, \.width] {
            for step in lower(problem.strides[keyPath: side]) { add { $0.strides[keyPath: side] = step } }
            for step in lower(problem.dilations[keyPath: side]) { add { $0.dilations[keyPath: side] = step } }
        }
        return found
    }
}
