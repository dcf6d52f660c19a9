"""The vectors: a case with its tensors and answers, as it is stored."""
