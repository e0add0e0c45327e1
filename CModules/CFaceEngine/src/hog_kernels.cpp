#include "hog_kernels.h"

#include "CNetworkLayers/processor.h"
#include "cells_layout.h"

namespace cface {

#define KERNEL_SPACE plain
#define LANES 4
#include "hog_kernels.inc"
#undef KERNEL_SPACE
#undef LANES

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define KERNEL_SPACE avx2
#define LANES 8
#include "hog_kernels.inc"
#undef KERNEL_SPACE
#undef LANES
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512vl,avx512dq,"           \
                                                   "avx512bw"))),                                  \
                             apply_to = function)
#define KERNEL_SPACE avx512
#define LANES 16
#include "hog_kernels.inc"
#undef KERNEL_SPACE
#undef LANES
#pragma clang attribute pop

#endif

const HOGKernels &plainHOGKernels() { return plain::all; }

const HOGKernels &hogKernels() {
#if defined(__x86_64__)
    switch (clayers::widestInstructions()) {
    case clayers::Instructions::avx512:
        return avx512::all;
    case clayers::Instructions::avx2:
        return avx2::all;
    case clayers::Instructions::plain:
        break;
    }
#endif
    return plain::all;
}

} // namespace cface
