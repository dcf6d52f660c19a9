/// What a fault has to do with: what a report about an engine with it should speak of, where the fault is not known.
package enum Parameter: String, Sendable, CaseIterable {
    case stride, kernel, dilation, pad, group, channel, filter, batch, bias
    /// Rows and columns of the input or the output.
    case image
    /// How many products an element of the output is the sum of.
    case product
    /// Significant bits that are lost.
    case precision
    /// Which number is right, or is met: NaN, infinities, signs, what is beyond a range.
    case value
    /// In which order tensors lie in memory.
    case layout
    case type
    case operation
    /// What the engine was asked before.
    case order
    /// Whether the problem is valid.
    case validity
}

extension Fault {
    /// Every one of these is responsible; of several in one, any.
    ///
    /// What an engineer who reads the fault's summary would look for. Of faults that show wherever there is a float32
    /// convolution that is nothing but their trigger.
    package var responsible: [Set<Parameter>] { Self.responsibleByName[name] ?? [] }

    private static let responsibleByName: [String: [Set<Parameter>]] = Dictionary(
        uniqueKeysWithValues: table.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            return (
                String(words[0]),
                words.dropFirst().map { Set($0.split(separator: "|").compactMap { Parameter(rawValue: String($0)) }) }
            )
        })

    /// Of each fault its name, and what is responsible: all words of a line, of those with `|` between them any.
    private static let table = """
        flipped-kernel                              kernel
        flipped-kernel-rows                         kernel
        flipped-kernel-columns                      kernel
        transposed-kernel                           kernel
        transposed-filter-channels                  channel|filter
        last-kernel-row-dropped                     kernel
        last-channel-dropped                        channel
        channels-reversed                           channel
        swapped-strides                             stride
        square-stride                               stride
        ignored-stride                              stride
        rounded-up-output                           stride|image
        first-image-for-all                         batch
        missing-bias                                bias
        doubled-bias                                bias
        bias-of-first-filter                        bias
        bias-by-column                              bias
        fused-relu                                  value
        same-upper-and-lower-swapped                pad
        same-odd-pad-beyond-kernel                  pad stride
        same-ignores-stride                         pad stride
        same-half-kernel                            pad
        same-even-kernel                            pad kernel
        same-negative-total                         pad stride
        swapped-pad-axes                            pad
        swapped-pad-ends                            pad
        averaged-pads                               pad
        square-pads                                 pad
        pads-cut-to-kernel                          pad
        pads-scaled-by-stride                       pad stride
        negative-pads-as-none                       pad
        end-pads-moved-to-beginning                 pad
        even-kernel-end-pads-unchecked              pad kernel
        boundary-columns-replicated                 pad
        last-element-one-channel                    stride pad
        image-smaller-than-pad                      pad group
        clipped-rows-ignore-stride                  pad stride
        right-pad-checked-in-last-tile              pad
        replicated-edge                             pad
        circular-padding                            pad
        negative-index-wraps                        pad
        ignored-dilation                            dilation
        swapped-dilations                           dilation
        square-dilation                             dilation
        dilation-cut-to-two                         dilation
        dilation-for-stride                         dilation|stride
        dilation-scaled-by-stride                   stride|dilation
        strided-dilation-ignored                    dilation stride
        depthwise-dilation-ignored                  dilation group
        depthwise-dilated-never-computed            dilation group
        wide-dilated-last-column                    dilation filter
        dilated-pad-value                           dilation pad
        same-ignores-dilation                       pad dilation
        pads-scaled-by-dilation                     pad dilation
        dilated-kernel-one-longer                   dilation
        right-edge-checked-undilated                dilation pad
        group-offset-missing                        group
        group-offset-missing-in-pad-rows            group pad
        interleaved-channels                        group
        interleaved-filters                         group
        shuffled-output                             group
        group-by-channel-count                      group
        groups-beyond-two                           group
        group-weights-restart                       group
        group-bias-restarts                         group bias
        grouped-pointwise-zero                      group kernel
        grouped-pointwise-last-filter               group kernel
        depthwise-multiples-of-24                   group
        grouped-block-of-128                        group filter|product
        depth-multiplier-interleaved                group filter
        last-channel-of-sixteen-and-one             group channel
        channels-beyond-fours                       channel
        overlapping-channel-tail                    channel
        six-channels                                channel
        five-or-seven-channels                      channel
        odd-k-stages                                kernel channel
        odd-product-dropped                         product
        product-blocks-overwrite                    product
        filters-beyond-fours                        filter
        filters-beyond-eights                       filter
        bias-block-restarts                         bias filter
        shifted-column-tail                         image
        right-edge-of-last-tile                     image
        missing-halo                                image
        odd-column-repeated                         image
        fifth-row-missing                           image
        odd-image-missing                           batch
        winograd-tile-tail                          kernel|image
        kernel-beyond-image                         kernel
        kernel-equal-to-image                       kernel
        batch-behind-sixteen-without-bias           batch bias
        batch-behind-four-dilated                   batch dilation
        batch-behind-eight-grouped                  batch group
        batch-in-four-bits-strided                  batch stride
        batched-three-by-three-beyond-six           batch channel
        batch-pairs-depthwise                       batch group
        batch-behind-two-cropped                    batch pad
        batch-behind-thirty-two                     batch
        batch-behind-eight-same                     batch pad
        batch-behind-four-wide-kernel               batch kernel
        batch-times-filters-beyond-512              batch|filter
        channels-behind-64-dilated                  channel|product dilation
        channels-behind-twelve-dilated-strided      channel|product dilation stride
        bias-for-each-channel-block                 bias channel|product
        grouped-products-behind-512                 group product|channel
        grouped-products-behind-128                 group product|channel
        odd-channels-behind-32-same                 channel|product pad
        pointwise-strided-behind-32                 kernel stride channel|product
        five-by-five-weight-tile                    kernel channel|product
        one-column-behind-sixteen                   kernel channel|product
        unequal-pads-behind-sixteen                 pad channel|product
        channels-behind-255                         channel|product
        products-behind-1024-biased                 bias product|channel
        cropped-behind-eight                        pad channel|product
        channels-between-vectors-dilated            dilation channel
        filters-behind-64-dilated                   filter dilation
        filters-behind-sixteen-unequal-pads         filter pad
        filters-behind-48-strided                   filter stride
        bias-in-seven-bits                          bias filter
        filters-behind-32-same-lower                filter pad
        filters-of-a-group-behind-sixteen           filter group
        depth-multiplier-behind-two                 group filter
        depth-multiplier-strided                    group stride
        filters-behind-twelve-batched               filter batch
        filters-behind-255                          filter
        filters-odd-behind-hundred-pointwise        filter kernel
        filter-tile-of-eight-by-eight               kernel filter
        many-groups-of-four-channels                group channel
        groups-behind-sixteen-biased                group bias
        groups-in-three-bits-dilated                group dilation
        groups-behind-four-strided                  group stride
        groups-behind-63                            group
        grouped-channels-behind-sixteen             group channel
        grouped-same-odd-pad                        group pad
        grouped-unequal-pads                        group pad
        grouped-crop                                group pad
        depthwise-from-seven                        group kernel
        depthwise-wide-from-seven                   group kernel
        depthwise-behind-64-strided                 group stride
        depthwise-behind-32-dilated-biased          group dilation bias
        depthwise-strided-dilated                   group stride dilation
        kernel-height-nine                          kernel
        kernel-width-nine                           kernel
        kernel-height-ten                           kernel
        kernel-width-ten                            kernel
        kernel-height-eleven                        kernel
        kernel-width-eleven                         kernel
        kernel-from-twelve                          kernel
        kernel-columns-behind-twelve                kernel
        kernel-columns-behind-sixteen               kernel
        kernel-rows-behind-sixteen                  kernel
        wide-kernel-strided                         kernel stride
        wide-kernel-dilated                         kernel dilation
        one-row-from-nine                           kernel
        one-column-from-nine                        kernel
        even-kernel-from-six-same                   kernel pad
        wide-kernel-grouped                         kernel group
        wide-kernel-biased                          kernel bias
        rows-behind-128-strided                     image stride
        columns-behind-128-dilated                  image dilation
        columns-behind-64-without-bias              image bias
        rows-behind-64-without-bias                 image bias
        columns-behind-32-grouped                   image group
        rows-behind-255                             image
        columns-behind-255                          image
        columns-behind-128-same                     image pad
        rows-behind-64-depthwise                    image group
        rows-behind-32-batched                      image batch
        column-tile-of-64-dilated-strided           image dilation stride
        causal-pad-undilated                        pad dilation
        one-row-dilated                             image dilation
        one-column-dilated                          image dilation
        one-row-grouped                             image group
        one-output-column-strided                   image stride
        crop-counted-in-strides                     pad stride
        crop-ignored-dilated                        pad dilation
        crop-beside-pad                             pad
        crop-behind-two                             pad
        crop-with-bias                              pad bias
        pad-in-three-bits                           pad
        pad-in-four-bits                            pad
        pad-beyond-kernel-strided                   pad stride
        unequal-pads-strided                        pad stride
        unequal-pads-dilated                        pad dilation
        unequal-pads-depthwise                      pad group
        stride-behind-four                          stride
        stride-in-three-bits                        stride
        stride-three-grouped                        stride group
        dilation-behind-four                        dilation
        dilation-in-three-bits                      dilation
        dilations-differ-biased                     dilation bias
        strides-differ-grouped                      stride group
        same-dilated-strided                        pad dilation stride
        same-lower-dilated                          pad dilation
        same-lower-from-stride-three                pad stride
        winograd-ignores-pads                       kernel pad
        winograd-pads-one                           kernel pad
        winograd-ignores-groups                     kernel group
        winograd-square-tiles                       kernel image
        winograd-pads-other-axis                    kernel image
        winograd-tile-step                          kernel
        pointwise-ignores-stride                    kernel stride
        pointwise-ignores-pads                      kernel pad
        pointwise-ignores-groups                    kernel group
        pointwise-pixel-tail                        kernel image
        depthwise-without-multiplier                group
        depthwise-by-filters                        group
        one-pixel-without-bias                      image|kernel bias
        dense-channels-first                        kernel|image
        fft-wraps                                   pad kernel
        im2col-square-kernel                        kernel
        one-row-ignores-dilation                    kernel dilation
        stride-two-on-odd-width                     kernel stride
        stride-cut-to-kernel                        stride
        nchw-read-as-nhwc                           layout
        nchw-returned-as-nhwc                       layout
        nchw-channel-stride-of-output               layout
        oihw-read-as-hwio                           layout
        ohwi-read-as-oihw                           layout
        hwoi-read-as-hwio                           layout
        single-channel-channels-last                layout channel
        depthwise-strides-ignored                   group layout
        group-filter-start                          group
        batch-stride-of-output                      batch
        row-pitch-aligned                           image
        odd-channels-filter-pitch                   channel
        depth-multiplier-transposed                 group filter
        nchw-channel-tail-of-sixteen                layout channel
        nchw-later-images-strided                   layout batch|stride
        nchw-groups-dilated                         layout dilation|group
        ohwi-channels-behind-eight                  layout channel|kernel
        oihw-wide-kernel-pitch                      layout kernel
        hwoi-grouped-filters                        layout group
        tf32-factors                                precision
        tf32-weights                                precision
        tf32-beyond-256-products                    precision product|channel
        tf32-aligned-channels                       precision channel|filter
        bfloat16-factors                            precision
        bfloat16-pairs                              precision
        float16-factors                             precision
        cut-factors                                 precision
        bfloat16-products                           precision
        float16-accumulator                         precision
        bfloat16-accumulator                        precision
        float16-partial-sums                        precision
        chopped-accumulator                         precision
        float16-output                              precision
        bfloat16-output                             precision
        bfloat16-bias                               precision bias
        saturated-output                            value
        lost-last-block                             product|channel
        tf32-from-batch-eight                       precision batch
        bfloat16-behind-image-sixteen               precision batch
        bfloat16-dilated                            precision dilation
        tf32-dilated-grouped                        precision dilation group
        float16-sums-behind-64-channels             precision channel|product
        tf32-same-three-by-three                    precision pad|channel|kernel
        bfloat16-grouped-behind-128-products        precision group product|channel
        tf32-depthwise-from-seven                   precision group kernel
        tf32-strided-behind-sixteen-filters         precision stride filter
        bfloat16-bias-from-32-filters               precision bias filter
        float16-columns-behind-64                   precision image
        bfloat16-rows-behind-sixteen                precision image
        tf32-filters-behind-64                      precision filter
        tf32-wide-kernel                            precision kernel
        float16-partial-sums-pointwise              precision kernel channel|product
        bfloat16-strided-dilated                    precision stride dilation
        tf32-cropped                                precision pad
        tf32-many-groups                            precision group
        tf32-unequal-pads                           precision pad
        bfloat16-pairs-behind-512-products          precision product|channel
        chopped-sums-batched                        precision batch
        nan-input-as-zero                           value
        nan-weight-as-zero                          value
        zero-weight-skipped                         value
        zero-input-skipped                          value
        nan-output-lost                             value
        infinite-output-saturates                   value
        negative-infinity-lost                      value
        accumulator-cleared-by-zero                 value
        nan-in-channel-pad                          channel
        nan-from-next-pixel                         value
        infinity-through-transform                  value
        padding-multiplied-from-five-channels       value
        large-kernel-nan                            kernel
        nan-lost-behind-column-sixteen              value image
        nan-lost-from-row-twelve                    value image
        nan-lost-from-filter-twenty                 value filter
        infinity-lost-behind-column-sixteen         value image
        infinity-lost-from-row-twelve               value image
        infinity-lost-from-filter-twenty            value filter
        nan-lost-in-column-tail                     value image
        nan-lost-in-filter-tail                     value filter
        nan-lost-in-channel-tail                    value channel
        infinity-cut-in-channel-tail                value channel
        all-zero-filter-skipped                     value
        all-zero-tap-skipped                        value
        nan-lost-strided-biased                     value stride|bias
        infinity-lost-strided-biased                value stride|bias
        nan-lost-dilated                            value dilation
        nan-lost-depthwise                          value group
        nan-lost-grouped                            value group
        nan-lost-in-later-images                    value batch
        nan-lost-behind-32-products                 value product|channel
        nan-bias-lost                               value
        nan-lost-by-same                            value pad|image
        output-not-cleared                          order
        last-row-unwritten                          image
        pad-only-unwritten                          pad
        stale-filter                                order
        stale-bias                                  order|bias
        bias-left-behind                            order|bias
        pad-border-not-cleared                      pad
        third-call-differs                          order
        right-pad-reads-next-row                    pad
        left-pad-reads-row-before                   pad
        bottom-pad-reads-next-image                 pad batch
        input-index-overflow                        image|channel|batch
        filter-index-overflow                       filter|kernel|channel
        channel-index-in-eight-bits                 channel
        batch-beyond-grid                           batch
        filters-beyond-grid                         filter
        positions-beyond-grid                       image
        first-call-zero                             order
        first-call-of-a-shape-zero                  order
        first-grouped-call-loses-filters            order
        second-call-of-a-filter-shape-stale         order
        filter-cached-by-address                    order
        input-cached-by-address                     order
        bias-cached-by-address                      order|bias
        geometry-cached-by-input                    order
        pads-cached-by-input                        order
        groups-cached-by-input                      order
        bias-fused-by-shape                         order
        answer-cached-by-problem                    order
        workspace-of-first-call                     order
        race-on-last-row-of-half                    order
        race-on-split-sum                           order
        race-on-images                              order
        race-on-group-sums                          order
        input-gradient-filter-not-turned            operation kernel
        input-gradient-stride-ignored               operation stride
        input-gradient-strides-swapped              operation stride
        input-gradient-dilation-ignored             operation dilation
        input-gradient-same-pads-swapped            operation pad
        input-gradient-pads-not-cropped             operation pad
        input-gradient-grouped-and-strided          operation group stride
        input-gradient-groups-ignored               operation group
        input-gradient-pad-beyond-kernel            operation pad
        input-gradient-overlaps-overwritten         operation kernel|stride
        input-gradient-leftover-rows-missing        operation stride|image|bias
        input-gradient-last-row-lost                operation stride|image
        input-gradient-narrow-strided-tail          operation stride|channel
        input-gradient-last-image-lost              operation batch
        input-gradient-bias-of-filters              operation bias
        input-gradient-bias-ignored                 operation bias
        input-gradient-bias-at-each-tap             operation bias
        input-gradient-channels-filters-swapped     operation channel|filter
        input-gradient-gemm-path-for-all-1x1        operation kernel
        input-gradient-kernel-transposed            operation kernel
        input-gradient-averaged                     operation batch
        filter-gradient-turned                      operation kernel
        filter-gradient-dilation-ignored            operation dilation
        filter-gradient-stride-and-dilation-swapped operation stride|dilation
        filter-gradient-last-image-lost             operation batch
        filter-gradient-first-image-only            operation batch
        filter-gradient-averaged                    operation batch
        filter-gradient-last-column-lost            operation image
        filter-gradient-width-tail                  operation image
        filter-gradient-padding-ignored             operation pad
        filter-gradient-same-pads-swapped           operation pad
        filter-gradient-groups-read-the-first       operation group
        filter-gradient-grouped-1x1-pairs           operation group|kernel|channel
        filter-gradient-1x1-strided-small-block     operation kernel|stride
        filter-gradient-depthwise-24                operation group|channel
        filter-gradient-of-batch-zero-uninitialised operation batch
        filter-gradient-summed-in-16-bits           operation precision
        filter-gradient-atomics-lost                operation
        bias-gradient-averaged                      operation batch
        bias-gradient-last-image-lost               operation batch
        bias-gradient-last-row-lost                 operation image
        bias-gradient-width-tail                    operation image
        bias-gradient-first-image-only              operation batch
        bias-gradient-last-column-lost              operation image
        bias-gradient-of-the-next-filter            operation
        bias-gradient-last-filter-of-odd-lost       operation filter
        bias-gradient-of-magnitudes                 operation
        bias-gradient-mean-over-pixels              operation
        float16-sums                                type precision
        float16-products-rounded                    type precision
        float16-through-bfloat16                    type precision
        float16-toward-zero                         type precision
        float16-subnormal-operands-misread          type value
        float16-saturates                           type value
        float16-infinity-at-65504                   type value
        float16-intermediate-cast                   type precision
        float16-nan-lost                            type value
        float16-bias-in-bfloat16                    type precision|bias
        float16-odd-channel-tail                    type channel
        bfloat16-sums                               type precision
        bfloat16-truncated                          type precision
        bfloat16-rounded-up                         type precision
        bfloat16-factors-of-7-bits                  type precision
        bfloat16-float16-range                      type value
        bfloat16-nan-to-infinity                    type value
        bfloat16-halves-swapped-filters             type filter
        bfloat16-2x2-counts-once                    type kernel
        bfloat16-odd-channel-tail                   type channel
        bfloat16-bias-left-out                      type bias
        float64-in-float32                          type precision
        float64-operands-of-float32                 type precision
        float64-answer-of-float32                   type precision
        float64-filter-of-float32                   type precision
        float64-sum-of-float32                      type precision
        float64-products-of-float32                 type precision
        float64-bias-of-float32                     type precision|bias
        float64-of-30-bits                          type precision
        float64-of-40-bits                          type precision
        float64-vector-tail                         type filter
        int8-padding-is-zero                        type pad
        int8-input-zero-point-ignored               type
        int8-filter-zero-point-ignored              type
        int8-filter-zero-points-take-the-first      type
        int8-input-sign-confused                    type
        int8-input-read-unsigned                    type
        int8-filter-sign-confused                   type
        int8-filter-read-unsigned                   type
        int8-saturating-16-bit-sums                 type
        int8-wrapping-16-bit-sums                   type
        int8-accumulator-of-24-bits                 type
        int8-differences-of-8-bits                  type
        int8-differences-saturate                   type
        int8-minus-128-clipped                      type
        int8-group-zero-points                      type group
        int8-channel-fours                          type channel
        int8-two-groups-last-channel                type group
        quantized-scales-by-channel                 type
        quantized-scales-take-the-first             type
        quantized-scales-by-group                   type group
        quantized-output-zero-point-ignored         type
        quantized-output-zero-point-subtracted      type
        quantized-zero-point-before-rounding-scaled type
        quantized-truncates                         type
        quantized-floors                            type
        quantized-input-scale-ignored               type
        quantized-output-scale-multiplied           type
        quantized-wraps-around                      type
        quantized-clamped-to-int8                   type
        quantized-relu                              type
        quantized-bias-scaled-again                 type bias
        quantized-bias-ignored                      type bias
        quantized-multiplier-of-8-bits              type
        quantized-multiplier-a-power-of-two         type
        groups-below-one-as-one                     group
        stride-zero-as-one                          stride
        dilation-zero-as-one                        dilation
        dilation-in-32-bits                         dilation
        pads-in-32-bits                             pad
        empty-kernel-accepted                       kernel
        undivided-channels-accepted                 channel
        undivided-filters-accepted                  filter
        channels-disagree-accepted                  channel
        bias-length-accepted                        bias
        phantom-output                              kernel|image|validity
        empty-batch-as-one                          batch
        kernel-as-large-refused                     kernel
        wide-pad-refused                            pad
        wide-stride-refused                         stride
        """
}
