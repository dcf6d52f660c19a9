public import Convolution

/// What an engine said to a request, or what became of it instead.
public enum EngineAnswer: Sendable {
    /// `[batch, output height, output width, filters]`, not yet compared with anything, and how it was computed.
    case output(Tensor<Float>, Computation = Computation())
    /// The engine cannot do this one.
    case unsupported(String)
    /// The engine says that the problem is invalid.
    case rejected(String)
    /// The engine declines, and does not say whether the problem or its own limits are the cause.
    case refused(String)
    /// The engine tried and failed, or said something that makes no sense.
    case error(String)
    /// The engine died.
    case crash(String)
    /// The engine did not answer in time.
    case timeout(String)
}

extension EngineAnswer {
    /// What a Swift engine says to a request: its output, or what it throws.
    public init(of engine: any Engine, to request: EngineRequest) {
        do {
            let output = try engine.convolve(
                request.problem, input: request.input, filter: request.filter, bias: request.bias)
            self = .output(output, engine.computation(of: request.problem))
        } catch EngineRefusal.unsupported(let reason) {
            self = .unsupported(reason)
        } catch EngineRefusal.rejected(let reason) {
            self = .rejected(reason)
        } catch EngineRefusal.refused(let reason) {
            self = .refused(reason)
        } catch let invalid as InvalidProblem {
            self = .rejected(invalid.reason)
        } catch {
            self = .error("\(error)")
        }
    }
}
