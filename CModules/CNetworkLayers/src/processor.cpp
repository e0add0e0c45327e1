#include "CNetworkLayers/processor.h"

#include <algorithm>

#include "CNetworkLayers/onednn.h"

namespace clayers {

#if defined(__x86_64__)

namespace {

Instructions processorHas() {
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        return Instructions::plain;
    const bool isWide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
    return isWide ? Instructions::avx512 : Instructions::avx2;
}

Instructions isAllowed() {
    return runs(dnnl::cpu_isa::avx512_core) ? Instructions::avx512
           : runs(dnnl::cpu_isa::avx2)      ? Instructions::avx2
                                            : Instructions::plain;
}

} // namespace

Instructions widestInstructions() {
    static const Instructions widest = std::min(processorHas(), isAllowed());
    return widest;
}

#else

Instructions widestInstructions() { return Instructions::plain; }

#endif

} // namespace clayers
