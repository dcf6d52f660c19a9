public import Convolution

/// What an engine takes and how it computes.
public struct Capabilities: Hashable, Sendable {
    /// How an engine sums its products, which decides how it is judged.
    public enum Algorithm: String, Hashable, Sendable, CaseIterable {
        /// It adds input x filter products: exact on integer data, whatever the order.
        case direct
        /// It works in a transformed domain of a kind that it does not name: judged as the least accurate in wide use.
        case transform
        /// Winograd's minimal filtering over tiles of outputs, declared as ``Capabilities/tile``.
        case winograd
        /// It multiplies Fourier spectra.
        case fft
    }

    /// Input layouts that the engine takes; the output has the input's. The first is used unless others are asked for.
    public var inputLayouts: [ActivationLayout]
    /// Filter layouts that the engine takes.
    public var filterLayouts: [FilterLayout]
    /// Whether it takes more than one group.
    public var groups: Bool
    /// Whether it is not told the number of groups, but takes it from the channels of input and filter.
    public var infersGroups = false
    /// Whether it takes strides above 1.
    public var strides = true
    /// Whether it takes dilations above 1.
    public var dilations: Bool
    /// Whether it takes different pads at the beginning and the end of an axis.
    public var asymmetricPads: Bool
    /// Whether it takes negative pads, which crop the input; not by default.
    public var negativePads: Bool
    /// Whether it adds a bias.
    public var bias: Bool
    /// Of how many bits, beside the sign, a sum of 8-bit numbers may be; ``mostIntegerBits`` is all of an int32.
    public var integerBits = Capabilities.mostIntegerBits
    /// What it computes; the forward convolution by default.
    public var operations: [Operation]
    /// The types of the tensors that it takes and gives; float32 by default. A bias of int32 needs no mention.
    public var types: [ElementType]
    /// Whether it takes scales, and gives answers of 8 bits.
    public var quantization: Bool
    public var algorithm: Algorithm
    /// How many output rows and columns one tile of a transform has: m x m for Winograd's F(m x m, r x r). `nil` for a
    /// tile that is not known, or that is the whole image. From 1 to 1024; the limit of errors grows up to 16.
    public var tile: Extent?
    public var arithmetic: Arithmetic
    /// Of how many bytes each tensor's address is a multiple, for an engine in a shared library: a power of 2 up to
    /// ``mostAlignment``. An element's size at least.
    public var alignment: Int

    /// Whether it goes by the strides of its tensors, where these are not dense, for an engine in a shared library.
    public var views: Bool

    public static let mostAlignment = 4096
    public static let mostIntegerBits = 31

    public init(
        inputLayouts: [ActivationLayout] = [.nhwc], filterLayouts: [FilterLayout] = [.hwio], groups: Bool = true,
        dilations: Bool = true, asymmetricPads: Bool = true, negativePads: Bool = false, bias: Bool = true,
        operations: [Operation] = [.forward], types: [ElementType] = [.float32], quantization: Bool = false,
        algorithm: Algorithm = .direct, tile: Extent? = nil, arithmetic: Arithmetic = .float32,
        alignment: Int = 1, views: Bool = false
    ) {
        self.inputLayouts = inputLayouts
        self.filterLayouts = filterLayouts
        self.groups = groups
        self.dilations = dilations
        self.asymmetricPads = asymmetricPads
        self.negativePads = negativePads
        self.bias = bias
        self.operations = operations
        self.types = types
        self.quantization = quantization
        self.algorithm = algorithm
        self.tile = tile
        self.arithmetic = arithmetic
        self.alignment = alignment
        self.views = views
    }

    /// Every combination of a declared input layout and a declared filter layout, the preferred one first.
    public var layouts: [LayoutPair] {
        inputLayouts.flatMap { input in filterLayouts.map { LayoutPair(input, $0) } }
    }

    /// What a problem may ask for and an engine need not declare.
    public enum Obstacle: String, Hashable, Sendable, CaseIterable {
        case groups
        case inferredGroups = "inferred-groups"
        case strides
        case dilations
        case asymmetricPads = "asymmetric-pads"
        case negativePads = "negative-pads"
        case bias
        case operation
        case types
        case quantization
        case integerBits = "integer-bits"
    }

    /// Why a problem is beyond what is declared, or `nil` where it is not.
    public func obstacle(to problem: Problem) -> Obstacle? {
        if !operations.contains(problem.operation) { return .operation }
        let tensors = [problem.types.input, problem.types.filter, problem.types.output]
        if !tensors.allSatisfy(types.contains) { return .types }
        if !quantization, problem.types.kind == .quantized { return .quantization }
        if !groups, problem.groups > 1 { return .groups }
        if infersGroups, problem.inferredGroups != problem.groups { return .inferredGroups }
        if !strides, problem.strides != .one { return .strides }
        if !dilations, problem.dilations != .one { return .dilations }
        if !asymmetricPads, !problem.pads.areSymmetric { return .asymmetricPads }
        if !negativePads, problem.pads.list.contains(where: { $0 < 0 }) { return .negativePads }
        if !bias, problem.biasCount != nil { return .bias }
        // All of an int32 is what the goldens keep to, whatever could be added up.
        if integerBits < Capabilities.mostIntegerBits,
            problem.greatestIntegerSum.map({ $0 > power(integerBits) }) == true
        {
            return .integerBits
        }
        return nil
    }

    private func power(_ bits: Int) -> Double { Double(sign: .plus, exponent: bits, significand: 1) }
}

extension Problem {
    /// The number of groups that the channels of input and filter say by themselves: 1 where there are none, or where they
    /// do not divide, which is for an engine to refuse.
    fileprivate var inferredGroups: Int {
        let (channels, perGroup) = (input[3], filter[2])
        guard perGroup > 0 else { return 1 }
        return channels.isMultiple(of: perGroup) ? channels / perGroup : groups
    }

    /// What no sum of 8-bit numbers less their zero points is above, without its bias; `nil` for other types.
    fileprivate var greatestIntegerSum: Double? {
        guard types.kind == .integer || types.kind == .quantized, let geometry = try? geometry() else { return nil }
        return Double(geometry.productsPerAnswer(of: operation)) * 255 * 255
    }
}

extension Capabilities {
    /// Everything, directly, in the arithmetic of the operands' type, in every layout.
    public static var everything: Capabilities {
        Capabilities(
            inputLayouts: ActivationLayout.allCases, filterLayouts: FilterLayout.allCases, negativePads: true,
            operations: Operation.allCases, types: ElementType.allCases, quantization: true)
    }

    /// Every forward convolution in float32, directly, in every layout.
    public static var everyLayout: Capabilities {
        Capabilities(
            inputLayouts: ActivationLayout.allCases, filterLayouts: FilterLayout.allCases, negativePads: true)
    }
}
