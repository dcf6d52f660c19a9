"""The files: vectors to HDF5, and files compared with what would be made."""
