"""The part of `README.md` about operations, element types, zero points and scales."""

OPERATIONS_TEXT = """\
## Operations

All operations are sums over one relation between a place of the output, a tap of the kernel and a place of the input,
and the problem that a case tells is always that of the forward convolution:

    input row = output row * stride_h + kernel row * dilation_h - top          (columns likewise)

| `operation` | operands | answer | products K to an element, at most |
|---|---|---|---|
| `forward` | `input`, `filter`, perhaps `bias` | the output | kernel height * kernel width * channels / groups |
| `input-gradient` | `output`, `filter`, perhaps `bias` | as the input | the same with filters for channels |
| `filter-gradient` | `input`, `output` | as the filter | batch * output height * output width |
| `bias-gradient` | `output` | one number to each filter | batch * output height * output width |

The operand `output` is the gradient with respect to the output. An `input-gradient` has exactly the shape
`input_shape`, also where two sizes share one size of the output; what no window meets gets 0. It is what
`tf.nn.conv2d_transpose` and `ConvTranspose2d` compute: `input_shape` is then their output's, so that the output padding
is what the padded input, less the extent of the dilated kernel, leaves over of the stride; their bias, one number to
each channel, is added. Such cases have the tag `transposed`.

Each answer was computed by scattering, tap by tap, and by gathering, element by element; with integer data,

    <conv(x, w), g> = <x, input-gradient(g, w)> = <w, filter-gradient(x, g)>

was proven in whole numbers, with a third tensor drawn for it.

## Element types

| types of input, filter and output | what |
|---|---|
| all `float64`, `float32`, `float16` or `bfloat16` | any operation; the bias has the same type |
| each of input and filter `int8` or `uint8`; `int32` | `forward` without a bias: ONNX's ConvInteger |
| each of the three `int8` or `uint8` | `forward`, perhaps with a bias in `int32`: ONNX's QLinearConv, TFLite |

| dataset | type | shape |
|---|---|---|
| `input_zero_point`, `output_zero_point` | int32 | 1; that of the output where there are scales |
| `filter_zero_point` | int32 | 1, or filters |
| `input_scale`, `output_scale` | float32 | 1 |
| `filter_scale` | float32 | 1, or filters; as `filter_zero_point` independently of it |

With the sum s over (input - its zero point) * (filter - its zero point), and the bias, a sum in `int32` is s itself. It
fits. With scales,

    v = s * input_scale * filter_scale / output_scale        answer = saturate(round(v) + output_zero_point)

in real numbers, halves to even. Padding is the zero point, and contributes nothing. `expected` is the integer, as
float64. In all cases but those with the tag `ties`, v lies 2^-8 + 2^-20 * abs(v) or more from the middle between two
whole numbers, which was proven: float32 multipliers and fixed-point ones then give the same, and answers have to be
equal. Answers were computed by division of whole numbers, and by thresholds: the least sum that reaches each value.
"""
