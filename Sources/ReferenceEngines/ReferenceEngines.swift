// The exact reference and the direct and im2col engines.
