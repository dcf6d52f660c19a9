"""Generator of golden vectors for 2-D convolution (deep learning's cross-correlation) and its gradients.

The folders are the way of the data, each built on those before it: `problem` (geometry, and what has no output),
`drawing` (reproducible data), `answers` (exact sums), `vectors` (a case with its tensors and answers), `suites` (which
cases there are, one module a suite), `files` (HDF5) and `pages` (README.md); `cli` is the command line.
"""

FORMAT = "convcheck-golden"
FORMAT_VERSION = 5
GENERATOR = "Scripts/generate_golden.py 4"
