/* Reads every dataset of every case of the given golden files with plain libhdf5 calls: what the harness's own cost is
 * measured against. Prints: cases, bytes, seconds. */
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *const names[] = {"input", "filter", "bias", "expected", "magnitude"};
static unsigned long long cases, bytes;

static void fail(const char *what, const char *name) {
    fprintf(stderr, "read_golden: cannot read %s '%s'\n", what, name);
    exit(1);
}

static void read_dataset(hid_t group, const char *name) {
    hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
    hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
    hssize_t count = H5Sget_simple_extent_npoints(space);
    size_t size = (size_t)count * H5Tget_size(type);
    void *buffer = malloc(size ? size : 1);
    if (count < 0 || H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer) < 0) fail("dataset", name);
    bytes += size;
    free(buffer);
    H5Sclose(space);
    H5Tclose(type);
    H5Dclose(dataset);
}

static herr_t read_case(hid_t parent, const char *name, const H5L_info_t *info, void *context) {
    (void)info;
    (void)context;
    hid_t group = H5Gopen2(parent, name, H5P_DEFAULT);
    if (group < 0) fail("case", name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (H5Lexists(group, names[i], H5P_DEFAULT) > 0) read_dataset(group, names[i]);
    H5Gclose(group);
    cases++;
    return 0;
}

int main(int count, char **paths) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 1; i < count; i++) {
        hid_t file = H5Fopen(paths[i], H5F_ACC_RDONLY, H5P_DEFAULT);
        if (file < 0) fail("file", paths[i]);
        if (H5Literate_by_name(file, "cases", H5_INDEX_NAME, H5_ITER_INC, NULL, read_case, NULL, H5P_DEFAULT) < 0)
            fail("cases of", paths[i]);
        H5Fclose(file);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%llu %llu %.9f\n", cases, bytes, (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) * 1e-9);
    return 0;
}
