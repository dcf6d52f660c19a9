public import Convolution

/// Why a verdict is what it is, as a value: `Reporting` makes the sentences.
public enum Cause: Hashable, Sendable {
    /// As the engine says it, or the host that speaks for it: an error, a limit, how a process ended.
    case stated(String)
    /// Finite numbers too far from the wanted ones; the comparison says which.
    case mismatch
    /// NaN or an infinity where it may not be, or none where one is wanted; the comparison says which.
    case misplacedNonFinite
    /// Every element is within its allowance, all of them together are not.
    case precisionLost
    /// The answer, which is the tensor of a role, has another shape than the golden one.
    case wrongShape(got: Shape, want: Shape, role: Role = .output)
    /// The answer has elements of another type than the golden one.
    case wrongType(got: ElementType, want: ElementType)
    /// An invalid problem was answered with an output of this shape.
    case acceptedInvalid(got: Shape)
    /// A kernel larger than the padded input was answered with elements, or with none of them in another shape than `empty`.
    case acceptedBeyondInput(got: Shape, empty: Shape)
    /// A valid problem was rejected, and this is what the engine said.
    case rejectedValid(String)
    /// A valid problem whose tensors have no elements was rejected: a limit, not a wrong answer.
    case rejectedEmpty(String)
    /// The engine touched memory that is not its own.
    case touchedOutside(MemoryTouch)
    /// The engine changed what it was given to read: where, in words.
    case changedOperand(String)
    /// The engine left elements of its answer unwritten, or made them of what lay there: which, in words.
    case unwritten(String)
    /// The engine was right and wrong on the same problem: how it was asked, in words.
    case answersDiffer(String)
    /// The engine is right where tensors are dense, and not where they are views: which, in words.
    case wrongOnViews(TensorView, String)
    /// The engine declined, without saying whether the problem or its own limits are the cause.
    case refused(String)
    /// The case asks for what the engine does not declare.
    case undeclared(Capabilities.Obstacle)
    /// The tensors of the case need more bytes than a run may take.
    case overMemory(needed: Int, limit: Int)
    /// The run was interrupted before the case was begun, or before it was answered.
    case interrupted(isBegun: Bool)
    /// The run ends after so many failures, and did not come to this case.
    case failureLimit(Int)
    /// The run ended before the case was begun.
    case notReached
    /// The host ran short of something.
    case shortage(String)
    /// The golden data could not be read.
    case damagedGolden(String)
    /// The golden problem has no output.
    case invalidGolden(String)
}

extension Comparison {
    /// Why an answer that does not match fails.
    var cause: Cause {
        if mismatched == 0 { return .precisionLost }
        return worst.first?.kind ?? .value == .value ? .mismatch : .misplacedNonFinite
    }
}
