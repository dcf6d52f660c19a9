internal import Conformance

/// An engine under another name, or judged by another arithmetic.
struct AdjustedEngine: EngineUnderTest {
    let name: String
    let capabilities: Capabilities
    private let base: any EngineUnderTest

    init(_ base: any EngineUnderTest, name: String, arithmetic: Arithmetic?) {
        self.base = base
        self.name = name
        var capabilities = base.capabilities
        capabilities.arithmetic = arithmetic ?? capabilities.arithmetic
        self.capabilities = capabilities
    }

    var version: String { base.version }
    var specification: String { base.specification }

    func openSession() throws(EngineStartError) -> any EngineSession {
        try base.openSession()
    }
}
