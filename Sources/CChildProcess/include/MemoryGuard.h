#ifndef MEMORYGUARD_H
#define MEMORYGUARD_H

#include <stddef.h>
#include <stdint.h>

// Memory between pages that nobody may touch, and a report of who does.

/// How an access was meant, as far as the processor says.
enum { cguard_touch = 0, cguard_read = 1, cguard_write = 2 };

/// Where an access went.
enum { cguard_before = 0, cguard_behind = 1, cguard_after_return = 2 };

/// How many bytes of a mapping may not be touched, on either side.
size_t cguard_margin(void);

/// Maps memory of whole pages, `pages` bytes, with a margin on either side. NULL where there is none.
///
/// `offset` and `count` say where in it the `count` bytes lie that its user knows; `name` is a number for reports.
void *cguard_map(size_t pages, size_t offset, size_t count, int name);

/// Takes the memory away from whoever still uses it: an access is a fault of the kind `cguard_after_return` from now on. Its
/// addresses are given to nobody else for a while.
void cguard_release(void *pages);

/// What is written to a descriptor where guarded memory is touched, before the process ends: 64-bit words.
///
/// `head` stands before the name, the access, the place and the distance in bytes; `identity_place` is where in it the
/// identity of the last ``cguard_watch`` stands.
void cguard_report_to(int descriptor, const int64_t *head, int head_count, int identity_place);

/// Watches from now on, whatever has been done to signal handlers since. To be called before each use.
void cguard_watch(int64_t identity);

#endif
