public import Convolution
internal import Synchronization

/// An exact answer that is computed when somebody needs it.
///
/// Of whole numbers a right engine's answer is the exact one, bit for bit. Where a digest is known of that, it tells so in a
/// fraction of the time in which the exact answer is computed.
public final class DeferredAnswer: Sendable {
    private let hasDigest: @Sendable (AnyTensor) -> Bool
    private let compute: @Sendable () throws -> GoldenCase.Output
    private let result = Mutex<Result<GoldenCase.Output, any Error>?>(nil)

    /// - Parameters:
    ///   - hasDigest: whether an answer, of the right shape and type, has the digest of the exact one.
    ///   - compute: computes the exact one; throws where it does not have that digest.
    public init(
        hasDigest: @escaping @Sendable (AnyTensor) -> Bool, compute: @escaping @Sendable () throws -> GoldenCase.Output
    ) {
        self.hasDigest = hasDigest
        self.compute = compute
    }

    /// Whether an answer is known to be the exact one without computing that. Of one that has been computed it is not asked.
    func isKnown(toBe got: AnyTensor) -> Bool {
        result.withLock { $0 == nil } && hasDigest(got)
    }

    /// The exact answer, computed at the first call.
    ///
    /// - Throws: what is wrong with the golden data, at every call.
    public func output() throws -> GoldenCase.Output {
        try result.withLock { result in
            let known = result ?? Result { try compute() }
            result = known
            return try known.get()
        }
    }
}
