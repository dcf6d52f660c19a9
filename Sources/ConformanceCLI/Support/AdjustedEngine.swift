internal import Conformance

/// An engine under another name, or judged otherwise than it declares.
struct AdjustedEngine: EngineUnderTest {
    let name: String
    let capabilities: Capabilities
    private let base: any EngineUnderTest
    private let isHeld: Bool

    /// - Parameters:
    ///   - arithmetic: what the engine is judged by in the place of its own.
    ///   - algorithm: the same; the engine is then held to it, and to float32 where `arithmetic` says nothing else, whatever it
    ///     or its answers say.
    init(
        _ base: any EngineUnderTest, name: String, arithmetic: Arithmetic?, algorithm: Capabilities.Algorithm? = nil
    ) {
        self.base = base
        self.name = name
        isHeld = algorithm != nil
        var capabilities = base.capabilities
        if let algorithm {
            (capabilities.algorithm, capabilities.tile) = (algorithm, nil)
            capabilities.arithmetic = Capabilities().arithmetic
        }
        capabilities.arithmetic = arithmetic ?? capabilities.arithmetic
        self.capabilities = capabilities
    }

    var version: String { base.version }
    var specification: String { base.specification }
    var configuration: [String: String] { base.configuration }
    var hasOwnProcess: Bool { base.hasOwnProcess }

    func openSession() throws(EngineStartError) -> any EngineSession {
        let session = try base.openSession()
        return isHeld ? SilentSession(session) : session
    }
}

/// A session whose answers do not say how they were computed.
private final class SilentSession: EngineSession {
    private let base: any EngineSession

    init(_ base: any EngineSession) { self.base = base }

    var starts: Int { base.starts }

    func prepare() throws(EngineStartError) { try base.prepare() }

    func answer(to request: EngineRequest, within limit: Duration) -> EngineAnswer {
        let answer = base.answer(to: request, within: limit)
        guard case .output(let output, _) = answer else { return answer }
        return .output(output)
    }
}
