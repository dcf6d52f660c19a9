public import Convolution

/// What an engine said to a request, or what became of it instead.
public enum EngineAnswer: Sendable {
    /// The answer, not yet compared with anything, and how it was computed.
    case output(AnyTensor, Computation = Computation())
    /// The engine cannot do this one.
    case unsupported(String)
    /// The engine says that the problem is invalid.
    case rejected(String)
    /// The engine declines, and does not say whether the problem or its own limits are the cause.
    case refused(String)
    /// The engine tried and failed, or said something that makes no sense.
    case error(String)
    /// The engine did what none may do, whatever it answered: to memory, as far as its host can see.
    case violation(Cause)
    /// The engine died.
    case crash(String)
    /// The engine did not answer in time.
    case timeout(String)
}

extension EngineAnswer {
    /// What a Swift engine says to a request: its output, or what it throws.
    public init(of engine: any Engine, to request: EngineRequest) {
        do {
            let answer = try engine.compute(request.problem, request.operands)
            self = .output(answer, engine.computation(of: request.problem))
        } catch EngineRefusal.unsupported(let reason) {
            self = .unsupported(reason)
        } catch EngineRefusal.rejected(let reason) {
            self = .rejected(reason)
        } catch EngineRefusal.refused(let reason) {
            self = .refused(reason)
        } catch let violation as EngineViolation {
            self = .violation(violation.cause)
        } catch let invalid as InvalidProblem {
            self = .rejected(invalid.reason)
        } catch {
            self = .error("\(error)")
        }
    }
}

/// What the host of an engine throws that it has seen doing what none may do.
package struct EngineViolation: Error, Hashable {
    package let cause: Cause

    package init(_ cause: Cause) {
        self.cause = cause
    }
}
