import Conformance
import Convolution
import Testing

/// What a problem asks for that an engine does not declare.
@Suite struct CapabilitiesTests {
    private func capabilities(_ change: (inout Capabilities) -> Void) -> Capabilities {
        var capabilities = Capabilities.everything
        change(&capabilities)
        return capabilities
    }

    @Test func stridesAboveOneAreDeclared() {
        let capabilities = capabilities { $0.strides = false }
        var problem = Problem(input: [1, 8, 8, 2], filter: [3, 3, 2, 4])
        #expect(capabilities.obstacle(to: problem) == nil)
        problem.strides.width = 2
        #expect(capabilities.obstacle(to: problem) == .strides)
        #expect(Capabilities.everything.obstacle(to: problem) == nil)
    }

    /// Channels of the input, of the filter, and groups as they are stated.
    @Test(arguments: [
        (6, 2, 3, true), (6, 6, 1, true), (6, 2, 2, false), (6, 6, 2, false), (6, 3, 0, false), (0, 0, 1, true),
        // An engine sees by itself that these do not divide.
        (5, 2, 2, true), (5, 2, 3, true),
        // Without channels nothing is to be inferred.
        (0, 0, 2, false),
    ])
    func groupsThatShapesDoNotSayAreNotSent(_ channels: Int, _ perGroup: Int, _ groups: Int, _ isSent: Bool) {
        let problem = Problem(input: [1, 4, 4, channels], filter: [1, 1, perGroup, 6], groups: groups)
        let inferring = capabilities { $0.infersGroups = true }
        #expect(inferring.obstacle(to: problem) == (isSent ? nil : .inferredGroups))
        #expect(Capabilities.everything.obstacle(to: problem) == nil)
    }

    @Test func sumsOfIntegersThatNeedMoreBitsAreNotSent() {
        let types = ElementTypes(input: .uint8, filter: .int8, output: .int32)
        func problem(channels: Int) -> Problem {
            Problem(input: [1, 4, 4, channels], filter: [1, 1, channels, 6], types: types)
        }
        let capabilities = capabilities { $0.integerBits = 24 }
        // 2^24 / 255^2 is 258.01.
        #expect(capabilities.obstacle(to: problem(channels: 258)) == nil)
        #expect(capabilities.obstacle(to: problem(channels: 259)) == .integerBits)
        #expect(Capabilities.everything.obstacle(to: problem(channels: 259)) == nil)
        // More products than 2^31 / 255^2, as a case of the suite has: who declares nothing is asked.
        #expect(Capabilities.everything.obstacle(to: problem(channels: 40_000)) == nil)
        let floating = Problem(input: [1, 4, 4, 900], filter: [1, 1, 900, 6])
        #expect(capabilities.obstacle(to: floating) == nil)
    }
}
