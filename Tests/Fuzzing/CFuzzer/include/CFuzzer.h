/// libFuzzer's entry for programs with a main function of their own.
#ifndef CFUZZER_H
#define CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// Feeds mutated inputs to `run`, which returns 0, as the arguments say; see `-help=1`.
/// Returns the exit status; a crash ends the process.
int LLVMFuzzerRunDriver(int *count, char ***arguments,
                        int (*run)(const uint8_t *bytes, size_t count));

#endif
