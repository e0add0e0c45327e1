#ifndef CFLUSHES_H
#define CFLUSHES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Called after each successful fsync or fdatasync of this process, by whatever library, with the
/// descriptor that was flushed.
///
/// Thread: whichever flushes.
typedef void (*cflushes_observer)(int32_t fd);

/// Sets who is told; NULL for nobody.
///
/// The program that links this has its own fsync and fdatasync, which take the place of the C
/// library's for every library that is loaded: SQLite's flushes are seen as well as ours. Linux
/// only: elsewhere nobody is ever told.
void cflushes_observe(cflushes_observer observer);

#ifdef __cplusplus
}
#endif

#endif
