"""Generator of golden vectors for 2-D convolution (deep learning's cross-correlation).

One module an idea: `geometry` (the problem), `streams` and `draw` (reproducible data), `reference` (the exact
answer), `degenerate` (what a case must not be), `case` and `build` (from a description to tensors), `store` and
`compare` (HDF5), `readme`, `manifest` (SHA-256), `cli`; and `suites`, one file a suite.
"""

FORMAT = "convcheck-golden"
FORMAT_VERSION = 1
GENERATOR = "Scripts/generate_golden.py 1"
