// dlib chooses its vector width when it is compiled. Compiling this file with -mavx2 would leave
// AVX2 code in weak std:: functions, which the linker may pick for the whole program: a crash on
// older CPUs. So every standard header comes first, compiled as everywhere; then dlib's headers
// come in a namespace of their own, with AVX2 switched on by attribute.

#include "hog.h"

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

// No fma: a fused product is rounded once less, and boxes must not depend on the CPU.
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,f16c,lzcnt,movbe,popcnt"))),     \
                             apply_to = function)
#define dlib cface_dlib_avx2
#define DLIB_HAVE_SSE2
#define DLIB_HAVE_SSE3
#define DLIB_HAVE_SSE41
#define DLIB_HAVE_AVX
#define DLIB_HAVE_AVX2

#include <dlib/image_processing/object_detector.h>
#include <dlib/image_processing/scan_fhog_pyramid.h>

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
