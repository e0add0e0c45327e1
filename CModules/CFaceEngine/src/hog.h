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

// How a picture is searched.
struct HOGSearch {
    // Side, in pixels, of the smallest box: 80, or 40. The detector sees cells of a tenth of it, so
    // 40 finds what 80 finds in a picture enlarged twice, at a quarter of the pixels.
    long window;
    // How many sizes of box, each 6/5 of the one before; 0 for all.
    long levelCount;
    bool frontalOnly; // one of the five views
    double threshold;
};

class HOG {
  public:
    virtual ~HOG() = default;
    virtual std::unique_ptr<HOG> copy() const = 0;
    // `grey` holds width * height bytes, row after row. Surest first.
    virtual std::vector<HOGFace> find(const uint8_t *grey, long width, long height,
                                      const HOGSearch &search) = 0;
};

// dlib's frontal face detector as it serialises itself.
std::string serialisedHOG();

std::unique_ptr<HOG> makePlainHOG(const std::string &serialised);
// Null where the compiler's target has no AVX2. To be called only where hasAVX2().
std::unique_ptr<HOG> makeAVX2HOG(const std::string &serialised);
bool hasAVX2();

} // namespace cface
