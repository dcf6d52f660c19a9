internal import Conformance
internal import Convolution

/// The first line: what was run, and what repeats it.
struct HeaderLine: Codable {
    struct Tool: Codable {
        var program: String
        var version: String
    }

    struct Suite: Codable {
        var name: String
        var cases: Int
        var digest: String?
    }

    /// Which part of the chosen cases it is, of how many, and how many cases all parts have together.
    struct Shard: Codable {
        var index: Int
        var count: Int
        var cases: Int
    }

    var type = "header"
    var format = RecordFormat.version
    var tool: Tool
    var suiteDigest: String
    var engines: [EngineLine]
    var suites: [Suite]
    var planned: Int
    var tolerance: String
    var layouts: String
    /// Arguments that choose the cases, but for the shard.
    var selection: [String]
    var shard: Shard?
    /// How many problems of lists are not ours, by the reason, where there are some.
    var leftOut: [String: Int]?
    /// What the order followed from in which engines met the cases.
    var orderSeed: UInt64?
    /// How often each case was asked, where that is more than once.
    var repeats: Int?
    var baseline: BaselineLine?
    /// Further arguments that repeat the run's circumstances.
    var circumstances: [String]

    enum CodingKeys: String, CodingKey {
        case type, format, tool, engines, suites, planned, tolerance, layouts, selection, shard, baseline
        case orderSeed = "order_seed"
        case repeats = "asked"
        case suiteDigest = "suite_digest"
        case leftOut = "left_out"
        case circumstances = "repeat"
    }

    init(_ header: RunHeader) {
        tool = Tool(program: header.tool.program, version: header.tool.version)
        suiteDigest = header.suiteDigest
        engines = header.engines.map(EngineLine.init)
        suites = header.suites.map { Suite(name: $0.name, cases: $0.cases, digest: $0.digest) }
        planned = header.planned
        tolerance = header.tolerance.description
        layouts = header.layouts.rawValue
        selection = header.selection
        leftOut = header.leftOut.isEmpty ? nil : header.leftOut
        shard = header.shard.map { Shard(index: $0.index, count: $0.count, cases: $0.cases) }
        baseline = header.baseline.map(BaselineLine.init)
        circumstances = header.repeatArguments
        orderSeed = header.orderSeed
        repeats = header.repeats == 1 ? nil : header.repeats
    }

    /// - Throws: ``InvalidLine``.
    func header() throws -> RunHeader {
        guard let tolerance = Tolerance(tolerance) else { throw InvalidLine("there is no tolerance '\(tolerance)'") }
        guard planned >= 0, suites.allSatisfy({ $0.cases >= 1 }) else {
            throw InvalidLine("a count is below what it can be")
        }
        var header = RunHeader(
            engines: try engines.map { try $0.identity() },
            suites: suites.map { .init(name: $0.name, cases: $0.cases, digest: $0.digest) }, planned: planned,
            suiteDigest: suiteDigest, tolerance: tolerance, repeatArguments: circumstances)
        for (kind, names) in [("engine", engines.map(\.name)), ("suite", suites.map(\.name))] {
            if let name = names.firstRepeated { throw InvalidLine("the \(kind) '\(name)' is there twice") }
        }
        header.tool = .init(program: tool.program, version: tool.version)
        header.layouts = try choice(LayoutSelection.self, layouts, "layouts")
        header.selection = selection
        header.orderSeed = orderSeed
        header.repeats = repeats ?? 1
        if let leftOut {
            guard !leftOut.isEmpty, leftOut.allSatisfy({ !$0.key.isEmpty && $0.value >= 1 }) else {
                throw InvalidLine("'left_out' has no reason, or a count below 1")
            }
            header.leftOut = leftOut
        }
        if let shard {
            guard shard.count >= 1, (1...shard.count).contains(shard.index), shard.cases >= shard.index else {
                throw InvalidLine(
                    "'shard' is \(shard.index) of \(shard.count) with \(shard.cases) cases in all, which is none")
            }
            header.shard = .init(index: shard.index, count: shard.count, cases: shard.cases)
        }
        header.baseline = try baseline?.baseline()
        return header
    }
}

/// An engine of the run, and what it declares.
struct EngineLine: Codable {
    var name: String
    var version: String
    var specification: String
    var algorithm: String
    /// Output rows and columns of a tile of `algorithm`.
    var tile: [Int]?
    var arithmetic: String
    var inputLayouts: [String]
    var filterLayouts: [String]
    var groups: Bool
    var dilations: Bool
    var asymmetricPads: Bool
    var negativePads: Bool
    var bias: Bool
    var operations: [String]
    var types: [String]
    var quantization: Bool
    /// None where it is an element's size.
    var alignment: Int?
    /// None where it takes dense tensors only.
    var views: Bool?
    /// None where they are as usual.
    var infersGroups: Bool?
    var strides: Bool?
    var integerBits: Int?
    var configuration: [String: String]?

    enum CodingKeys: String, CodingKey {
        case name, version, specification, algorithm, tile, arithmetic, groups, dilations, bias, operations, types
        case quantization, alignment, views, strides, configuration
        case infersGroups = "infers_groups"
        case integerBits = "integer_bits"
        case inputLayouts = "input_layouts"
        case filterLayouts = "filter_layouts"
        case asymmetricPads = "asymmetric_pads"
        case negativePads = "negative_pads"
    }

    init(_ identity: RunHeader.EngineIdentity) {
        let capabilities = identity.capabilities
        name = identity.name
        version = identity.version
        specification = identity.specification
        algorithm = capabilities.algorithm.rawValue
        tile = capabilities.tile.map { [$0.height, $0.width] }
        arithmetic = capabilities.arithmetic.rawValue
        inputLayouts = capabilities.inputLayouts.map(\.rawValue)
        filterLayouts = capabilities.filterLayouts.map(\.rawValue)
        groups = capabilities.groups
        dilations = capabilities.dilations
        asymmetricPads = capabilities.asymmetricPads
        negativePads = capabilities.negativePads
        bias = capabilities.bias
        operations = capabilities.operations.map(\.rawValue)
        types = capabilities.types.map(\.rawValue)
        quantization = capabilities.quantization
        alignment = capabilities.alignment == 1 ? nil : capabilities.alignment
        views = capabilities.views ? true : nil
        infersGroups = capabilities.infersGroups ? true : nil
        strides = capabilities.strides ? nil : false
        integerBits = capabilities.integerBits == Capabilities.mostIntegerBits ? nil : capabilities.integerBits
        configuration = identity.configuration.isEmpty ? nil : identity.configuration
    }

    /// - Throws: ``InvalidLine``.
    func identity() throws -> RunHeader.EngineIdentity {
        guard !inputLayouts.isEmpty, !filterLayouts.isEmpty else {
            throw InvalidLine("the engine '\(name)' has no input layout or no filter layout")
        }
        var capabilities = Capabilities(
            inputLayouts: try inputLayouts.map { try choice(ActivationLayout.self, $0, "input_layouts") },
            filterLayouts: try filterLayouts.map { try choice(FilterLayout.self, $0, "filter_layouts") },
            groups: groups, dilations: dilations, asymmetricPads: asymmetricPads, negativePads: negativePads,
            bias: bias, operations: try operations.map { try choice(Operation.self, $0, "operations") },
            types: try types.map { try choice(ElementType.self, $0, "types") }, quantization: quantization,
            algorithm: try choice(Capabilities.Algorithm.self, algorithm, "algorithm"),
            tile: try tile.map { try extent($0, "tile") },
            arithmetic: try choice(Arithmetic.self, arithmetic, "arithmetic"), alignment: alignment ?? 1,
            views: views ?? false)
        capabilities.infersGroups = infersGroups ?? false
        capabilities.strides = strides ?? true
        capabilities.integerBits = integerBits ?? Capabilities.mostIntegerBits
        guard 1...Capabilities.mostIntegerBits ~= capabilities.integerBits else {
            throw InvalidLine("'integer_bits' of '\(name)' is \(capabilities.integerBits)")
        }
        var identity = RunHeader.EngineIdentity(
            name: name, version: version, specification: specification, capabilities: capabilities)
        identity.configuration = configuration ?? [:]
        return identity
    }
}
