#include "kernels.h"

namespace cface {

#define KERNEL_SPACE plain
#define LANES 4
#include "kernels.inc"
#undef KERNEL_SPACE
#undef LANES

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define KERNEL_SPACE avx2
#define LANES 8
#include "kernels.inc"
#undef KERNEL_SPACE
#undef LANES
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512vl,avx512dq,"           \
                                                   "avx512bw"))),                                  \
                             apply_to = function)
#define KERNEL_SPACE avx512
#define LANES 16
#include "kernels.inc"
#undef KERNEL_SPACE
#undef LANES
#pragma clang attribute pop

#endif

const Kernels &kernels() {
#if defined(__x86_64__)
    static const Kernels &chosen =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
            ? avx512::all
        : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? avx2::all
                                                                          : plain::all;
    return chosen;
#else
    return plain::all;
#endif
}

} // namespace cface
