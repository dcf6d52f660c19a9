#ifndef CHDF5_SHIMS_H
#define CHDF5_SHIMS_H
#include <hdf5.h>
#endif
