// dlib chooses its vector width when it is compiled. Compiling this file with -mavx2 would leave
// AVX2 code in weak std:: functions, which the linker may pick for the whole program: a crash on
// older CPUs. So every standard header comes first, compiled as everywhere; then dlib's headers
// come in a namespace of their own, with AVX2 switched on by attribute.

#include "hog.h"
#include "hog_cells.h"
#include "hog_cells_layout.h"
#include "processor.h"

#if defined(__x86_64__) && defined(__clang__)

#include <algorithm>
#include <array>
#include <atomic>
#include <bitset>
#include <chrono>
#include <cmath>
#include <complex>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <exception>
#include <fstream>
#include <functional>
#include <future>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <limits>
#include <list>
#include <locale>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <numeric>
#include <queue>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <vector>

#include <errno.h>
#include <float.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

#include <cpuid.h>
#include <immintrin.h>

#define FILTER_NAME filterWithAVX512
#define FILTER_LANES 16
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw"))),        \
                             apply_to = function)
#include "hog_filter.inc"
#undef FILTER_NAME
#undef FILTER_LANES
#define CELLS_NAME cellFeaturesWithAVX512
#define CELLS_SPACE sixteen
#define CELLS_LANES 16
#include "hog_cells.inc"
#undef CELLS_NAME
#undef CELLS_SPACE
#undef CELLS_LANES
#pragma clang attribute pop

// No fma: a fused product is rounded once less, and boxes must not depend on the CPU.
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,f16c,lzcnt,movbe,popcnt"))),     \
                             apply_to = function)
#define dlib cface_dlib_avx2
#define DLIB_HAVE_SSE2
#define DLIB_HAVE_SSE3
#define DLIB_HAVE_SSE41
#define DLIB_HAVE_AVX
#define DLIB_HAVE_AVX2

#define FILTER_NAME filterWithAVX2
#define FILTER_LANES 8
#include "hog_filter.inc"

#define CELLS_NAME cellFeaturesWithAVX2
#define CELLS_SPACE eight
#define CELLS_LANES 8
#include "hog_cells.inc"

#include <dlib/array2d.h>
#include <dlib/image_transforms.h>

namespace dlib {

/// What scan_fhog_pyramid calls instead of dlib's own function of the other name.
template <typename Across, typename Down>
rectangle cface_filter_image(const array2d<float> &in, array2d<float> &out,
                             const matrix_exp<Across> &across, const matrix_exp<Down> &down,
                             array2d<float> &scratch, bool adds) {
    constexpr long taps = 10;
    if (across.size() != taps || down.size() != taps || in.nr() < taps || in.nc() < taps)
        return float_spatially_filter_image_separable(in, out, across, down, scratch, adds);
    out.set_size(in.nr(), in.nc());
    const rectangle inside(taps / 2, taps / 2, in.nc() - taps / 2, in.nr() - taps / 2);
    if (!adds)
        zero_border_pixels(out, inside);
    const long line = 64 / sizeof(float);
    const long ringStride = (in.nc() + line - 1) / line * line;
    scratch.set_size(taps + 1, ringStride);
    const auto start = reinterpret_cast<uintptr_t>(&scratch[0][0]);
    float *const ring = &scratch[0][0] + (64 - start % 64) % 64 / sizeof(float);
    float acrossTaps[taps], downTaps[taps];
    for (long tap = 0; tap < taps; ++tap) {
        acrossTaps[tap] = across(tap);
        downTaps[tap] = down(tap);
    }
    const bool isWide = cface::widestInstructions() == cface::Instructions::avx512;
    (isWide ? filterWithAVX512 : filterWithAVX2)(&in[0][0], in.nc(), &out[0][0], out.nc(), in.nr(),
                                                 in.nc(), acrossTaps, downTaps, adds, ring,
                                                 ringStride);
    return inside;
}

} // namespace dlib

// The one caller is found by name; dlib offers no other way in.
#define float_spatially_filter_image_separable cface_filter_image
#include <dlib/image_processing/scan_fhog_pyramid.h>
#undef float_spatially_filter_image_separable
#include <dlib/image_processing/object_detector.h>

namespace {

bool hasAVX512() { return cface::widestInstructions() == cface::Instructions::avx512; }

void cellFeatures(const cface::CellsTask &task, float *scratch) {
    (hasAVX512() ? cellFeaturesWithAVX512 : cellFeaturesWithAVX2)(task, scratch);
}

} // namespace

#include "hog_detector.inc"

#undef dlib
#pragma clang attribute pop

namespace cface {

std::unique_ptr<HOG> makeAVX2HOG(const std::string &serialised) {
    return std::make_unique<Built>(serialised);
}

bool hasAVX2() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("f16c") &&
           __builtin_cpu_supports("lzcnt") && __builtin_cpu_supports("movbe") &&
           __builtin_cpu_supports("popcnt");
}

} // namespace cface

#else

namespace cface {

std::unique_ptr<HOG> makeAVX2HOG(const std::string &) { return nullptr; }

bool hasAVX2() { return false; }

} // namespace cface

#endif
