// HOG's arithmetic, built for several instruction sets and chosen at run time; all give the same
// bits.
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

// The quickest for this processor.
const HOGKernels &hogKernels();
// Those for every processor.
const HOGKernels &plainHOGKernels();

} // namespace cface
