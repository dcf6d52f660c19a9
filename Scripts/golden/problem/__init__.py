"""The problem: shapes, strides, dilations, pads, groups; what it is called, and whether it has an output."""
