internal import CConvcheckEngine
internal import Convolution

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

extension ActivationLayout {
    init?(order: AxisOrder) {
        guard let layout = ActivationLayout.allCases.first(where: { $0.order == order }) else { return nil }
        self = layout
    }

    /// Its number in `convcheck_engine.h`.
    var number: Int {
        switch self {
        case .nhwc: CONVCHECK_NHWC
        case .nchw: CONVCHECK_NCHW
        }
    }
}

extension FilterLayout {
    init?(order: AxisOrder) {
        guard let layout = FilterLayout.allCases.first(where: { $0.order == order }) else { return nil }
        self = layout
    }

    /// Its number in `convcheck_engine.h`.
    var number: Int {
        switch self {
        case .hwio: CONVCHECK_HWIO
        case .oihw: CONVCHECK_OIHW
        case .ohwi: CONVCHECK_OHWI
        case .hwoi: CONVCHECK_HWOI
        }
    }
}
