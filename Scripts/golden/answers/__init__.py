"""The answers: exact sums, by two formulations, and what IEEE 754 leaves open."""
