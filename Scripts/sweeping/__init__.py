"""convcheck on many workers: tasks, the cluster that performs them, and what their results add up to."""
