internal import Convolution

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
