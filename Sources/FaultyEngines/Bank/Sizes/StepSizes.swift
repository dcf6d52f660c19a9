import Convolution

extension Fault {
    /// Wrong from a stride, a dilation, a pad or a crop on, together with something else.
    static let stepSizes: [Fault] = [
        Fault("crop-counted-in-strides", .sizes, "A crop is counted in strides.") {
            if $0.pads.top < 0 { $0.pads.top *= $0.strides.height }
            if $0.pads.left < 0 { $0.pads.left *= $0.strides.width }
        }.when { $0.isCropped && $0.isStrided },
        Fault("crop-ignored-dilated", .sizes, "Dilated: a crop at the top or left is ignored.") {
            $0.pads.top = max($0.pads.top, 0)
            $0.pads.left = max($0.pads.left, 0)
        }.when { $0.isDilated && min($0.pads.top, $0.pads.left) < 0 },
        Fault(
            "crop-beside-pad", .sizes,
            "A crop on one side and a pad on the other are added up and put at the beginning."
        ) {
            $0.pads.left += $0.pads.right
        }.when { $0.pads.left * $0.pads.right < 0 },
        Fault("crop-behind-two", .sizes, "A crop of more than two rows or columns is taken for one of two.") {
            $0.pads.top = max($0.pads.top, -2)
            $0.pads.left = max($0.pads.left, -2)
        }.when { min($0.pads.top, $0.pads.left) < -2 },
        Fault(
            "crop-with-bias", .sizes,
            "Cropped with a bias: the crop is made after the convolution, by which the bias is lost."
        ) {
            $0.bias = nil
        }.when { $0.isCropped && $0.bias != nil },
        Fault("pad-in-three-bits", .sizes, "A pad is kept in three bits.") {
            if $0.pads.top > 0 { $0.pads.top %= 8 }
            if $0.pads.left > 0 { $0.pads.left %= 8 }
        }.when { max($0.pads.top, $0.pads.left) > 7 },
        Fault("pad-in-four-bits", .sizes, "A pad is kept in four bits.") {
            if $0.pads.top > 0 { $0.pads.top %= 16 }
            if $0.pads.left > 0 { $0.pads.left %= 16 }
        }.when { max($0.pads.top, $0.pads.left) > 15 },
        Fault("pad-beyond-kernel-strided", .sizes, "Strided: no pad is larger than the kernel's reach.") {
            $0.pads.top = min($0.pads.top, $0.reach.height)
            $0.pads.left = min($0.pads.left, $0.reach.width)
        }.when { $0.isStrided && ($0.pads.top > $0.reach.height || $0.pads.left > $0.reach.width) },
        Fault("unequal-pads-strided", .sizes, "Four different pads, strided both ways: the upper pad is the lower one.")
        {
            $0.pads.top = $0.pads.bottom
        }.when { $0.hasFourPads && $0.strides.height > 1 && $0.strides.width > 1 },
        Fault("unequal-pads-dilated", .sizes, "Four different pads, dilated: the left pad is the right one.") {
            $0.pads.left = $0.pads.right
        }.when { $0.hasFourPads && $0.isDilated },
        Fault(
            "unequal-pads-depthwise", .sizes, "Depthwise with four different pads: the left one is used above as well."
        ) {
            $0.pads.top = $0.pads.left
        }.when { $0.hasFourPads && $0.isDepthwise },
        Fault("stride-behind-four", .sizes, "A stride above 4 is taken for 4.") {
            $0.strides = Extent(height: min($0.strides.height, 4), width: min($0.strides.width, 4))
        }.when { max($0.strides.height, $0.strides.width) > 4 },
        Fault("stride-in-three-bits", .sizes, "A stride is kept in three bits.") {
            $0.strides = Extent(height: $0.strides.height % 8, width: $0.strides.width % 8)
        }.when { max($0.strides.height, $0.strides.width) > 7 },
        Fault("stride-three-grouped", .sizes, "Grouped with a stride above 2: the stride is taken for 2.") {
            $0.strides = Extent(height: min($0.strides.height, 2), width: min($0.strides.width, 2))
        }.when { $0.isGrouped && max($0.strides.height, $0.strides.width) > 2 },
        Fault("dilation-behind-four", .sizes, "A dilation above 4 is taken for 4.") {
            $0.dilations = Extent(height: min($0.dilations.height, 4), width: min($0.dilations.width, 4))
        }.when { max($0.dilations.height, $0.dilations.width) > 4 },
        Fault("dilation-in-three-bits", .sizes, "A dilation is kept in three bits.") {
            $0.dilations = Extent(height: $0.dilations.height % 8, width: $0.dilations.width % 8)
        }.when { max($0.dilations.height, $0.dilations.width) > 7 },
        Fault(
            "dilations-differ-biased", .sizes,
            "Different dilations and a bias: the vertical dilation is used both ways."
        ) {
            $0.dilations.width = $0.dilations.height
        }.when { $0.dilations.height != $0.dilations.width && $0.bias != nil },
        Fault(
            "strides-differ-grouped", .sizes,
            "Different strides and several groups: the smaller stride is used both ways."
        ) {
            let stride = min($0.strides.height, $0.strides.width)
            $0.strides = Extent(height: stride, width: stride)
        }.when { $0.strides.height != $0.strides.width && $0.isGrouped },
        Fault("same-dilated-strided", .sizes, "SAME, dilated and strided: the pads are those of stride 1.") {
            $0.pads = $0.samePads(strides: .one)
        }.when { $0.isSame && $0.isDilated && $0.isStrided },
        Fault("same-lower-dilated", .sizes, "SAME_LOWER with a dilation pads as SAME_UPPER.") {
            $0.pads = $0.samePads(as: .sameUpper)
        }.when { $0.padding == .sameLower && $0.isDilated },
        Fault("same-lower-from-stride-three", .sizes, "SAME_LOWER with a stride above 2 pads as SAME_UPPER.") {
            $0.pads = $0.samePads(as: .sameUpper)
        }.when { $0.padding == .sameLower && max($0.strides.height, $0.strides.width) > 2 },
    ]
}
