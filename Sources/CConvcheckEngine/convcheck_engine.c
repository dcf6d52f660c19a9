#include "convcheck_engine.h"

#include <stddef.h>

// ABI version 1 on machines with pointers of 64 bits, for good: libraries that were compiled long ago rely on it. Fields
// are added behind these.
_Static_assert(sizeof(void *) == 8, "other machines have not been looked at");
_Static_assert(offsetof(convcheck_tensor, shape) == 24, "convcheck_tensor has changed");
_Static_assert(offsetof(convcheck_tensor, strides) == 56, "convcheck_tensor has changed");
_Static_assert(offsetof(convcheck_tensor, data) == 88, "convcheck_tensor has changed");
_Static_assert(sizeof(convcheck_tensor) >= 96, "convcheck_tensor has lost a field");
_Static_assert(offsetof(convcheck_request, strides) == 24, "convcheck_request has changed");
_Static_assert(offsetof(convcheck_request, groups) == 88, "convcheck_request has changed");
_Static_assert(offsetof(convcheck_request, input) == 96, "convcheck_request has changed");
_Static_assert(offsetof(convcheck_request, answer) == 128, "convcheck_request has changed");
_Static_assert(offsetof(convcheck_request, message_size) == 144, "convcheck_request has changed");
_Static_assert(offsetof(convcheck_request, input_quantization) == 152, "convcheck_request has changed");
_Static_assert(offsetof(convcheck_request, output_quantization) == 216, "convcheck_request has changed");
_Static_assert(sizeof(convcheck_request) >= 248, "convcheck_request has lost a field");
_Static_assert(sizeof(convcheck_quantization) == 32, "convcheck_quantization has changed");
