// Golden files to cases and back: the only importer of HDF5.
