#ifndef CHDF5_SHIMS_H
#define CHDF5_SHIMS_H

/*
 * What Swift cannot import from <hdf5.h>: macros that open the library before they name a global variable,
 * macros with casts, and functions whose name is itself a macro because their signature changed between
 * versions (1.10, 1.12, 1.14).
 */

#include <hdf5.h>
#include <stdbool.h>
#include <string.h>

static inline hid_t chdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_whole_space(void) { return H5S_ALL; }
static inline haddr_t chdf5_no_address(void) { return HADDR_UNDEF; }
static inline hid_t chdf5_default_error_stack(void) { return H5E_DEFAULT; }

static inline hid_t chdf5_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_float64(void) { return H5T_IEEE_F64LE; }
/* IEEE 754 binary16, which libhdf5 has no name for; made once, and never closed. Must run under the lock. */
static inline hid_t chdf5_float16(void) {
    static hid_t type = H5I_INVALID_HID;
    if (type < 0) {
        type = H5Tcopy(H5T_IEEE_F32LE);
        H5Tset_fields(type, 15, 10, 5, 0, 10);
        H5Tset_size(type, 2);
        H5Tset_ebias(type, 15);
    }
    return type;
}
static inline hid_t chdf5_int8(void) { return H5T_STD_I8LE; }
static inline hid_t chdf5_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_uint64(void) { return H5T_STD_U64LE; }
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
static inline hid_t chdf5_object_reference(void) { return H5T_STD_REF_OBJ; }

static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_read_write(void) { return H5F_ACC_RDWR; }
static inline unsigned chdf5_create_new(void) { return H5F_ACC_EXCL; }

static inline hid_t chdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_file_creation(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_group_creation(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_dataset_creation(void) { return H5P_DATASET_CREATE; }

/* The bytes before the first zero of a field of `size` bytes; negative where anything but zeros follows it. */
static inline long chdf5_text_length(const void *field, size_t size) {
    const char *text = (const char *)field;
    size_t length = strnlen(text, size);
    for (size_t i = length; i < size; i++)
        if (text[i]) return -1;
    return (long)length;
}

/* Positive where `name` is a hard link: one to an object in this very file; negative where there is no such link. */
static inline int chdf5_is_hard_link(hid_t group, const char *name) {
    H5L_info_t info;
    if (H5Lget_info(group, name, &info, H5P_DEFAULT) < 0) return -1;
    return info.type == H5L_TYPE_HARD;
}

/* Receives a link's name and whether it is a hard link; anything but 0 ends the visit, which returns it. */
typedef int (*chdf5_link_visitor)(const char *name, bool is_hard, void *context);

struct chdf5_link_visit {
    chdf5_link_visitor visitor;
    void *context;
};

static inline herr_t chdf5_visit_link(hid_t group, const char *name, const H5L_info_t *info, void *data) {
    struct chdf5_link_visit *visit = (struct chdf5_link_visit *)data;
    (void)group;
    return visit->visitor(name, info->type == H5L_TYPE_HARD, visit->context);
}

/*
 * Visits the links of a group in no particular order. Any other order than the native one makes libhdf5 collect a table
 * first, and 1.10 frees that table's uninitialised rest, and crashes, where it meets a damaged heap half way.
 */
static inline herr_t chdf5_visit_links(hid_t group, chdf5_link_visitor visitor, void *context) {
    struct chdf5_link_visit visit = {visitor, context};
    return H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, chdf5_visit_link, &visit);
}

#endif
