internal import Convolution

/// One mistake in a convolution engine that is right in everything else.
public struct Fault: Sendable {
    /// Stable, in kebab-case, unique within the bank.
    public let name: String
    public let faultClass: FaultClass
    /// One sentence: what goes wrong, and where.
    public let summary: String
    /// The report that the fault is modelled on, as `project#number`; `nil` for a habit that many share.
    public let source: String?

    /// Whether it matters how the tensors lie in memory: the engine is then given every layout.
    let dependsOnLayout: Bool
    /// How the engine misreads a problem before it checks it.
    let misread: @Sendable (inout Problem) -> Void
    /// Whether the fault shows at a convolution.
    private(set) var isTriggered: @Sendable (FaultableConvolution) -> Bool
    /// What the engine keeps of every valid call, whether the fault shows at it or not.
    private(set) var note: @Sendable (FaultableConvolution) -> Void = { _ in }
    /// What the fault does to a convolution that triggers it.
    let spoil: @Sendable (inout FaultableConvolution) throws -> Void
    /// Of a fault of gradients and of types other than float32: what it does to the sums, and whether it shows at them.
    private(set) var ofSums: OfSums?

    /// A fault of operations and types that not every engine has.
    struct OfSums: Sendable {
        let spoil: @Sendable (inout FaultableSums) -> Void
        var isTriggered: @Sendable (FaultableSums) -> Bool
    }

    /// A fault of the computation.
    ///
    /// - Parameter spoil: changes a step of the convolution, or throws to refuse it.
    init(
        _ name: String, _ faultClass: FaultClass, _ summary: String, source: String? = nil,
        dependsOnLayout: Bool = false, spoil: @escaping @Sendable (inout FaultableConvolution) throws -> Void
    ) {
        self.name = name
        self.faultClass = faultClass
        self.summary = summary
        self.source = source
        self.dependsOnLayout = dependsOnLayout
        self.misread = { _ in }
        self.isTriggered = { _ in true }
        self.spoil = spoil
        ofSums = nil
    }

    /// A fault of a gradient, or of element types other than float32.
    ///
    /// - Parameters:
    ///   - trigger: where it shows.
    ///   - spoil: changes a step of the computation.
    init(
        summing name: String, _ faultClass: FaultClass, _ summary: String, source: String? = nil,
        when trigger: @escaping @Sendable (FaultableSums) -> Bool,
        spoil: @escaping @Sendable (inout FaultableSums) -> Void
    ) {
        self.name = name
        self.faultClass = faultClass
        self.summary = summary
        self.source = source
        self.dependsOnLayout = false
        self.misread = { _ in }
        self.isTriggered = { _ in false }
        self.spoil = { _ in }
        ofSums = OfSums(spoil: spoil, isTriggered: trigger)
    }

    /// A fault of the engine's idea of the problem: it computes another one, rightly.
    init(
        misreading name: String, _ faultClass: FaultClass, _ summary: String, source: String? = nil,
        misread: @escaping @Sendable (inout Problem) -> Void
    ) {
        self.name = name
        self.faultClass = faultClass
        self.summary = summary
        self.source = source
        self.dependsOnLayout = false
        self.misread = misread
        self.isTriggered = { _ in false }
        self.spoil = { _ in }
        ofSums = nil
    }

    /// The same fault, at the convolutions for which `trigger` is true.
    func when(_ trigger: @escaping @Sendable (FaultableConvolution) -> Bool) -> Fault {
        var fault = self
        fault.isTriggered = trigger
        return fault
    }

    /// The same fault of a gradient or of other types, where besides `trigger` is true.
    func showing(_ trigger: @escaping @Sendable (FaultableSums) -> Bool) -> Fault {
        var fault = self
        if let isTriggered = ofSums?.isTriggered { fault.ofSums?.isTriggered = { isTriggered($0) && trigger($0) } }
        return fault
    }

    /// Both faults in one engine, this one first.
    package func and(_ other: Fault) -> Fault {
        var both = Fault(
            both: self, other, name: "\(name)+\(other.name)", summary: "Two mistakes: \(summary) \(other.summary)")
        let ofSums = [self.ofSums, other.ofSums].compactMap(\.self)
        if !ofSums.isEmpty {
            both.ofSums = OfSums(
                spoil: { sums in
                    let asked = sums
                    for fault in ofSums where fault.isTriggered(asked) { fault.spoil(&sums) }
                },
                isTriggered: { sums in ofSums.contains { $0.isTriggered(sums) } })
        }
        return both
    }

    private init(both first: Fault, _ second: Fault, name: String, summary: String) {
        self.name = name
        self.faultClass = first.faultClass
        self.summary = summary
        self.source = nil
        dependsOnLayout = first.dependsOnLayout || second.dependsOnLayout
        misread = { problem in
            first.misread(&problem)
            second.misread(&problem)
        }
        isTriggered = { first.isTriggered($0) || second.isTriggered($0) }
        note = { convolution in
            first.note(convolution)
            second.note(convolution)
        }
        spoil = { convolution in
            let asked = convolution
            if first.isTriggered(asked) { try first.spoil(&convolution) }
            if second.isTriggered(asked) { try second.spoil(&convolution) }
        }
    }

    /// The same fault, of an engine that keeps something of every valid call: `note` puts it into the memory.
    ///
    /// It is given the convolution as it was asked for, after the answer is made.
    func noting(_ note: @escaping @Sendable (FaultableConvolution) -> Void) -> Fault {
        var fault = self
        fault.note = note
        return fault
    }
}

extension Fault {
    /// The whole bank, class by class.
    public static let all: [Fault] =
        semantics + padding + dilation + groups + tailsAndTiles + sizes + algorithmChoice + layoutAndOffsets
        + layoutSizes + numerics + precisionByShape + nonFinite + nonFiniteTails + memory + staleState + validation
        + inputGradients + filterGradients + shortTypes + wholeNumbers

    /// Those that depend on what the engine was asked before.
    package static let remembering: [Fault] = staleState + memory.filter { rememberingOfMemory.contains($0.name) }

    private static let rememberingOfMemory: Set<String> = [
        "output-not-cleared", "last-row-unwritten", "pad-only-unwritten", "stale-filter", "stale-bias",
        "bias-left-behind", "pad-border-not-cleared", "third-call-differs",
    ]

    private static let sizes =
        batchSizes + channelSizes + filterSizes + groupSizes + kernelSizes + imageSizes + stepSizes

    /// The fault of a name, or `nil` where the bank has none.
    public static func named(_ name: String) -> Fault? {
        all.first { $0.name == name }
    }
}
