extension Problem {
    /// The numbers of this problem, checked.
    ///
    /// Output extent along an axis: (in + pad before + pad after - ((kernel - 1) * dilation + 1)) / stride + 1, rounded
    /// down; for SAME ceil(in / stride).
    ///
    /// - Throws: ``InvalidProblem`` where a stride, dilation, group count or kernel extent is below 1, channels,
    ///   filters or biases do not fit each other, the kernel is larger than the padded input, or a size leaves `Int`.
    public func geometry() throws(InvalidProblem) -> Geometry {
        try checkExtents()
        try checkChannels()
        if types.kind == nil { throw InvalidProblem("no convolution is of \(types)") }
        if types.output.format == nil, operation != .forward {
            throw InvalidProblem("there is no \(operation.rawValue) of \(types)")
        }
        guard let pads = resolvedPads else { throw InvalidProblem("the pads of \(padding.name) leave 64 bits") }
        let output = try outputShape(pads)
        return Geometry(
            batch: input[0], height: input[1], width: input[2], channels: input[3], kernelHeight: filter[0],
            kernelWidth: filter[1], filters: filter[3], groups: groups, strides: strides, dilations: dilations,
            pads: pads, outputHeight: output[1], outputWidth: output[2])
    }

    /// The shape that the output has by the rule output extent = max(0, ...), where the kernel is larger than the padded
    /// input and nothing else is wrong with the problem; `nil` for every other problem, valid or not.
    ///
    /// TensorFlow and JAX answer such a problem with a tensor without elements, other libraries refuse it.
    public var emptyOutputShape: Shape? {
        guard operation == .forward, (try? checkExtents()) != nil, (try? checkChannels()) != nil,
            let pads = resolvedPads,
            let rows = try? axis("height", pads), let columns = try? axis("width", pads)
        else { return nil }
        guard rows.padded >= 0, columns.padded >= 0, rows.output == nil || columns.output == nil else { return nil }
        let shape: Shape = [input[0], rows.output ?? 0, columns.output ?? 0, filter[3]]
        return shape.checkedCount == nil ? nil : shape
    }

    private func checkExtents() throws(InvalidProblem) {
        for (name, value, least) in [
            ("groups", groups, 1),
            ("stride (height)", strides.height, 1), ("stride (width)", strides.width, 1),
            ("dilation (height)", dilations.height, 1), ("dilation (width)", dilations.width, 1),
            ("kernel height", filter[0], 1), ("kernel width", filter[1], 1),
            ("batch", input[0], 0), ("height", input[1], 0), ("width", input[2], 0), ("channels", input[3], 0),
            ("filter channels", filter[2], 0), ("filters", filter[3], 0),
        ] where value < least {
            throw InvalidProblem("\(name) is \(value), expected at least \(least)")
        }
        if input.checkedCount == nil { throw InvalidProblem("input \(input) has more elements than 64 bits count") }
        if filter.checkedCount == nil { throw InvalidProblem("filter \(filter) has more elements than 64 bits count") }
    }

    private func checkChannels() throws(InvalidProblem) {
        if input[3] % groups != 0 {
            throw InvalidProblem("\(input[3]) channels do not divide into \(groups) groups")
        }
        if filter[3] % groups != 0 {
            throw InvalidProblem("\(filter[3]) filters do not divide into \(groups) groups")
        }
        if filter[2] != input[3] / groups {
            throw InvalidProblem(
                "the filter has \(filter[2]) channels, expected \(input[3]) / \(groups) groups = \(input[3] / groups)")
        }
        guard let biasCount else { return }
        let (count, what) = operation == .inputGradient ? (input[3], "channels") : (filter[3], "filters")
        if !operation.takesBias {
            throw InvalidProblem("there are \(biasCount) biases, and a \(operation.rawValue) adds none")
        }
        if biasCount != count {
            throw InvalidProblem("there are \(biasCount) biases, expected one for each of \(count) \(what)")
        }
    }

    private func outputShape(_ pads: Pads) throws(InvalidProblem) -> Shape {
        let rows = try outputExtent("height", pads)
        let columns = try outputExtent("width", pads)
        let shape: Shape = [input[0], rows, columns, filter[3]]
        if shape.checkedCount == nil { throw InvalidProblem("output \(shape) has more elements than 64 bits count") }
        return shape
    }

    private func outputExtent(_ name: String, _ pads: Pads) throws(InvalidProblem) -> Int {
        let (padded, reach, output) = try axis(name, pads)
        guard let output else {
            throw InvalidProblem("the dilated kernel spans \(reach), larger than the padded \(name) \(padded)")
        }
        return output
    }

    /// Height or width: the padded input, what the dilated kernel spans of it, and the output's extent, or `nil` where
    /// the kernel is larger.
    private func axis(
        _ name: String, _ pads: Pads
    ) throws(InvalidProblem) -> (padded: Int, reach: Int, output: Int?) {
        let isHeight = name == "height"
        let (before, after) = isHeight ? pads.vertical : pads.horizontal
        let (input, kernel) = isHeight ? (input[1], filter[0]) : (input[2], filter[1])
        let stride = isHeight ? strides.height : strides.width
        let (half, first) = input.addingReportingOverflow(before)
        let (padded, second) = half.addingReportingOverflow(after)
        // The last padded index seen from the input's origin: what a kernel's loops compute.
        let (_, third) = padded.subtractingReportingOverflow(before)
        guard !first, !second, !third,
            let reach = effectiveKernel(kernel, dilation: isHeight ? dilations.height : dilations.width)
        else {
            throw InvalidProblem("the padded \(name) or the dilated kernel leaves 64 bits")
        }
        if padding == .sameUpper || padding == .sameLower, input == 0 { return (padded, reach, 0) }
        return (padded, reach, padded < reach ? nil : (padded - reach) / stride + 1)
    }
}

/// Why a problem has no output.
public struct InvalidProblem: Error, Hashable, CustomStringConvertible {
    /// One sentence that names the value and what was expected.
    public let reason: String

    public init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { reason }
}
