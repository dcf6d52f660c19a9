public import Conformance
internal import Convolution

extension Verdict {
    /// Why the status is what it is, in one sentence; `nil` where nothing more is known.
    public var reason: String? {
        guard let listing else { return engineReason }
        let known = listing.reason + (listing.link.map { " (\($0))" } ?? "")
        if status == .xpass { return "it passes, and the baseline lists it as \(listing.status.rawValue): \(known)" }
        return "known: \(known)" + (engineReason.map { ": \($0)" } ?? "")
    }

    /// The reason without the baseline.
    var engineReason: String? {
        cause.map { $0.sentence(comparison) }
    }
}

extension Cause {
    /// The cause in words.
    ///
    /// - Parameter comparison: what there is to say of a mismatch.
    fileprivate func sentence(_ comparison: Comparison?) -> String {
        switch self {
        case .stated(let words): words
        case .mismatch, .misplacedNonFinite, .precisionLost: comparison?.summary ?? ""
        case .wrongShape(let got, let want, let role):
            "wrong \(role == .output ? "output" : "answer") shape \(got), expected \(want): "
                + Cause.differences(got, want, role).joined(separator: "; ")
        case .wrongType(let got, let want): "the answer is \(got.rawValue), expected \(want.rawValue)"
        case .acceptedInvalid(let got): "an invalid problem was answered with an output of shape \(got)"
        case .acceptedBeyondInput(let got, let empty):
            "the kernel is larger than the padded input, which was answered with an output of shape \(got), "
                + "expected a refusal, or no elements in the shape \(empty)"
        case .rejectedValid(let words): "a valid problem was rejected: \(words)"
        case .rejectedEmpty(let words): "the engine rejects tensors without elements: \(words)"
        case .touchedOutside(let touch): "the engine \(touch)"
        case .changedOperand(let words), .unwritten(let words): words
        case .answersDiffer(let words):
            "answers differ between runs: \(words)" + (comparison.map { ": \($0.summary)" } ?? "")
        case .wrongOnViews(let view, let words):
            "right on dense tensors, but not on tensors \(view.phrase): " + (comparison?.summary ?? words)
        case .refused(let words): "the engine refused it: \(words)"
        case .undeclared(let obstacle): obstacle.sentence
        case .overMemory(let needed, let limit):
            "skipped: it needs \(needed >> 20) MiB, and --memory-limit is \(limit >> 20)"
        case .interrupted(isBegun: true): "no answer yet: the run was interrupted"
        case .interrupted(isBegun: false): "not run: the run was interrupted"
        case .failureLimit(let count): "not run: the run ends after \(count == 1 ? "1 failure" : "\(count) failures")"
        case .notReached: "not run"
        case .shortage(let words): "not run: \(words)"
        case .damagedGolden(let words): "golden data damaged: \(words)"
        case .invalidGolden(let words): "the golden problem is invalid: \(words)"
        }
    }

    private static func differences(_ got: Shape, _ want: Shape, _ role: Role) -> [String] {
        let axes =
            switch role {
            case .output, .bias: ["batch", "height", "width", "filters"]
            case .input: ["batch", "height", "width", "channels"]
            case .filter: ["kernel height", "kernel width", "channels", "filters"]
            }
        return axes.indices.filter { got[$0] != want[$0] }
            .map { "\(axes[$0]) is \(got[$0]), expected \(want[$0])" }
    }
}

extension Capabilities.Obstacle {
    fileprivate var sentence: String {
        switch self {
        case .groups: "the engine declares that it takes no groups"
        case .inferredGroups:
            "the engine declares that it infers its groups, and channels of input and filter say another number"
        case .strides: "the engine declares that it takes no strides above 1"
        case .dilations: "the engine declares that it takes no dilations"
        case .asymmetricPads: "the engine declares that it takes no asymmetric pads"
        case .negativePads: "the engine does not declare that it takes negative pads"
        case .bias: "the engine declares that it takes no bias"
        case .operation: "the engine does not declare the operation"
        case .types: "the engine does not declare the element types"
        case .quantization: "the engine does not declare quantization"
        case .integerBits: "sums of integers may need more bits than the engine declares"
        }
    }
}

extension Comparison {
    /// One sentence: what is wrong, worst first; empty where nothing is.
    var summary: String {
        guard mismatched > 0, let worst = worst.first else {
            guard !rmsIsWithinLimit, let rms, let rmsLimit else { return "" }
            return "every element is within its allowance, but their root mean square error is "
                + "\((rms / rmsLimit).roughDescription) times what is allowed: precision is lost everywhere"
        }
        let count =
            "\(projection?.isCounted == false ? "at least " : "")\(mismatched.groupedDescription) of \(elements.groupedDescription) \(elements == 1 ? "element" : "elements")"
        let (got, want) = (worst.got.exactDescription, worst.want.exactDescription)
        switch worst.kind {
        case .unexpectedNaN, .missingNaN, .infinity: return "\(count) wrong: \(got) at \(worst.place), expected \(want)"
        case .value:
            let ulp = worst.tellingULP.map { ", \($0.groupedDescription) ULP" } ?? ""
            return
                "\(count) \(mismatched == 1 ? "differs" : "differ"): got \(got) at \(worst.place), expected \(want)"
                + " (error \(worst.error.roughDescription), allowed \(worst.allowed.roughDescription)\(ulp))"
        }
    }
}

extension Mismatch {
    /// The index along the answer's axes: `[n, y, x, f]`.
    var place: String {
        "[\(index.list.map(String.init).joined(separator: ", "))]"
    }

    /// The distance in ULP where it says something: between numbers of one sign that share more than bfloat16's precision,
    /// the lowest that an engine computes with.
    var tellingULP: Int? {
        guard let ulp, ulp <= 1 << 17, (got < 0) == (want < 0), got.isFinite, want.isFinite else { return nil }
        return ulp
    }
}
