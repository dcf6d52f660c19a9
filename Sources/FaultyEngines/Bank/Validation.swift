import Convolution

extension Fault {
    static let validation: [Fault] = [
        Fault(
            misreading: "groups-below-one-as-one", .validation, "Fewer groups than one are taken for one.",
            source: "pytorch#91558"
        ) { problem in
            problem.groups = max(problem.groups, 1)
        },
        Fault(misreading: "stride-zero-as-one", .validation, "A stride of 0 is taken for 1.") { problem in
            problem.strides.height = max(problem.strides.height, 1)
            problem.strides.width = max(problem.strides.width, 1)
        },
        Fault(
            misreading: "dilation-zero-as-one", .validation, "A dilation of 0 is taken for 1.", source: "tinygrad#14115"
        ) { problem in
            problem.dilations.height = max(problem.dilations.height, 1)
            problem.dilations.width = max(problem.dilations.width, 1)
        },
        Fault(misreading: "dilation-in-32-bits", .validation, "Dilations are cut to 32 bits.") { problem in
            problem.dilations.height = Int(Int32(truncatingIfNeeded: problem.dilations.height))
            problem.dilations.width = Int(Int32(truncatingIfNeeded: problem.dilations.width))
        },
        Fault(misreading: "pads-in-32-bits", .validation, "Explicit pads are cut to 32 bits.") { problem in
            guard case .explicit(let pads) = problem.padding else { return }
            let cut = pads.list.map { Int(Int32(truncatingIfNeeded: $0)) }
            problem.padding = .explicit(Pads(top: cut[0], bottom: cut[1], left: cut[2], right: cut[3]))
        },
        Fault(
            misreading: "empty-kernel-accepted", .validation, "A kernel without rows or columns is taken to have one."
        ) { problem in
            problem.filter[0] = max(problem.filter[0], 1)
            problem.filter[1] = max(problem.filter[1], 1)
        },
        Fault(
            misreading: "undivided-channels-accepted", .validation,
            "Channels that do not divide into the groups are left over."
        ) { problem in
            guard problem.groups > 0 else { return }
            problem.input[3] -= problem.input[3] % problem.groups
        },
        Fault(
            misreading: "undivided-filters-accepted", .validation,
            "Filters that do not divide into the groups are left over."
        ) { problem in
            guard problem.groups > 0, problem.filter[3] % problem.groups != 0 else { return }
            problem.filter[3] -= problem.filter[3] % problem.groups
            if problem.biasCount != nil { problem.biasCount = problem.filter[3] }
        },
        Fault(
            misreading: "channels-disagree-accepted", .validation,
            "The filter is read as if it had the input's channels.", source: "XNNPACK#11118"
        ) { problem in
            guard problem.groups > 0 else { return }
            problem.filter[2] = problem.input[3] / problem.groups
        },
        Fault(misreading: "bias-length-accepted", .validation, "Biases that are missing count as zero.") { problem in
            if problem.biasCount != nil { problem.biasCount = problem.filter[3] }
        },
        Fault(
            misreading: "phantom-output", .validation,
            "A kernel larger than the padded input has an output of width 1.", source: "XNNPACK#10453"
        ) { problem in
            guard let missing = problem.missingPads else { return }
            problem.padding = .explicit(missing)
        },
        Fault(
            misreading: "empty-batch-as-one", .validation,
            "An empty batch is taken for one image.", source: "tensorflow#238"
        ) { problem in
            if problem.input[0] == 0 { problem.input[0] = 1 }
        },
        Fault("kernel-as-large-refused", .validation, "A kernel as large as the padded input is refused.") { _ in
            throw InvalidProblem("the kernel must be smaller than the padded input")
        }.when { $0.reach.height == $0.height + $0.pads.top + $0.pads.bottom },
        Fault("wide-pad-refused", .validation, "A pad as large as the kernel is refused.") { _ in
            throw InvalidProblem("a pad must be smaller than the kernel")
        }.when { $0.pads.top >= $0.kernelHeight || $0.pads.left >= $0.kernelWidth },
        Fault("wide-stride-refused", .validation, "A stride larger than the input is refused.") { _ in
            throw InvalidProblem("a stride must not be larger than the input")
        }.when { $0.strides.height > $0.height || $0.strides.width > $0.width },
    ]
}

extension Problem {
    /// Pads with which a kernel larger than the padded input just fits, or `nil` where it fits as it is.
    fileprivate var missingPads: Pads? {
        let numbers = input.list + filter.list + pads.list + [dilations.height, dilations.width]
        guard numbers.allSatisfy({ $0.magnitude < 1 << 24 }), dilations.height > 0, dilations.width > 0 else {
            return nil
        }
        if padding == .sameUpper || padding == .sameLower { return nil }
        var pads = pads
        let rows = (filter[0] - 1) * dilations.height + 1 - input[1] - pads.top - pads.bottom
        let columns = (filter[1] - 1) * dilations.width + 1 - input[2] - pads.left - pads.right
        guard rows > 0 || columns > 0 else { return nil }
        pads.bottom += max(rows, 0)
        pads.right += max(columns, 0)
        return pads
    }
}
