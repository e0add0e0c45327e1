// HOG's arithmetic, built for several instruction sets and chosen at run time: the same bits for
// each of them.
#pragma once

#include "cells.h"

namespace cface {

struct HOGKernels {
    void (*cells)(const CellsTask &task, float *scratch);
    // One separable filter over one plane of cells; see kernels_filter.inc.
    void (*filter)(const float *in, float *out, long stride, long rows, long columns,
                   const float *across, const float *down, bool adds, float *ring);
};

constexpr long filterTaps = 10;

// The quickest that this processor runs.
const HOGKernels &hogKernels();
// Those for every processor.
const HOGKernels &plainHOGKernels();

} // namespace cface
