// The two networks for a worker. There are two kinds: dlib's own execution, the reference, and
// oneDNN's, which facesort normally uses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "CNetworkLayers/convolution.h"
#include "CNetworkLayers/picture.h"

namespace cface {

using namespace clayers;

// Corners are inclusive, in pixels of the searched picture.
struct CNNFace {
    long left, top, right, bottom;
    double confidence;
};

// How the detector searches.
struct CNNSearch {
    int pyramid;      // each level is (pyramid - 1) / pyramid of the previous: 6, 4 or 3
    int levelCount;   // from the full size on; 0 for all
    double threshold; // scores above it count; 0 is the network's own
};

// One worker's view of the networks: one thread at a time.
class Networks {
  public:
    virtual ~Networks() = default;

    // chips: `count` squares of CFACE_CHIP_SIDE pixels, RGB, without gaps; an even number, since
    //        each comes with its mirror image.
    // encodings: CFACE_ENCODING_SIZE numbers for each.
    virtual void encode(const uint8_t *chips, size_t count, float *encodings) = 0;

    // Surest first; no two overlap by more than the network's own limit.
    virtual std::vector<CNNFace> detect(const PictureView &picture, const CNNSearch &search) = 0;
};

// The loaded networks: immutable, shared by all workers; outlive them.
class NetworkModels {
  public:
    virtual ~NetworkModels() = default;
    virtual std::unique_ptr<Networks> forWorker() const = 0;
};

} // namespace cface
