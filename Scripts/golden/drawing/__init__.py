"""The data: tensors drawn from a seed."""
