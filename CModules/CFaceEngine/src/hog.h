// The HOG detector, built twice: once for every CPU and once for those with AVX2.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cface {

struct HOGFace {
    long left, top, right, bottom; // inclusive
    double confidence;
    unsigned long view;
};

class HOG {
  public:
    virtual ~HOG() = default;
    virtual std::unique_ptr<HOG> copy() const = 0;
    // `grey` holds width * height bytes, row after row. Surest first.
    virtual std::vector<HOGFace> find(const uint8_t *grey, long width, long height,
                                      double threshold) = 0;
};

// dlib's frontal face detector as it serialises itself.
std::string serialisedHOG();

std::unique_ptr<HOG> makePlainHOG(const std::string &serialised);
// Null where the compiler's target has no AVX2. To be called only where hasAVX2().
std::unique_ptr<HOG> makeAVX2HOG(const std::string &serialised);
bool hasAVX2();

} // namespace cface
