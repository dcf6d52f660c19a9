internal import CConvcheckEngine
internal import Convolution

extension Operation {
    /// Its number in `convcheck_engine.h`.
    var number: Int {
        switch self {
        case .forward: CONVCHECK_FORWARD
        case .inputGradient: CONVCHECK_INPUT_GRADIENT
        case .filterGradient: CONVCHECK_FILTER_GRADIENT
        case .biasGradient: CONVCHECK_BIAS_GRADIENT
        }
    }
}

extension ElementType {
    /// Its number in `convcheck_engine.h`.
    var number: Int {
        switch self {
        case .float64: CONVCHECK_FLOAT64
        case .float32: CONVCHECK_FLOAT32
        case .float16: CONVCHECK_FLOAT16
        case .bfloat16: CONVCHECK_BFLOAT16
        case .int8: CONVCHECK_INT8
        case .uint8: CONVCHECK_UINT8
        case .int32: CONVCHECK_INT32
        }
    }
}

extension Padding {
    /// Its number in `convcheck_engine.h`.
    var number: Int {
        switch self {
        case .valid: CONVCHECK_VALID
        case .sameUpper: CONVCHECK_SAME_UPPER
        case .sameLower: CONVCHECK_SAME_LOWER
        case .explicit: CONVCHECK_EXPLICIT
        }
    }
}

extension Role {
    /// Its number in `convcheck_engine.h`.
    var number: Int {
        switch self {
        case .input: CONVCHECK_INPUT
        case .filter: CONVCHECK_FILTER
        case .bias: CONVCHECK_BIAS
        case .output: CONVCHECK_OUTPUT
        }
    }

    /// The number of its layout in `convcheck_engine.h`.
    func layoutNumber(in layouts: LayoutPair) -> Int {
        switch self {
        case .input, .output:
            switch layouts.activation {
            case .nhwc: CONVCHECK_NHWC
            case .nchw: CONVCHECK_NCHW
            }
        case .filter:
            switch layouts.filter {
            case .hwio: CONVCHECK_HWIO
            case .oihw: CONVCHECK_OIHW
            case .ohwi: CONVCHECK_OHWI
            case .hwoi: CONVCHECK_HWOI
            }
        case .bias: CONVCHECK_DENSE
        }
    }
}
