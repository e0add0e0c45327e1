#include "CNetworkLayers/kernels.h"

#include "CNetworkLayers/processor.h"

namespace clayers {

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
    switch (widestInstructions()) {
    case Instructions::avx512:
        return avx512::all;
    case Instructions::avx2:
        return avx2::all;
    case Instructions::plain:
        break;
    }
#endif
    return plain::all;
}

} // namespace clayers
