"""The pages: README.md beside the golden files."""
