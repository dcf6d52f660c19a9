// A thin, safe wrapper of libhdf5.
