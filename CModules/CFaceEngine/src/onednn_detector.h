// The CNN detector on oneDNN.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "CNetworkLayers/layer.h"
#include "CNetworkLayers/onednn.h"
#include "network_weights.h"
#include "pyramid_tile.h"

namespace cface {

// What the detector keeps per width of tile; immutable, usable from any thread.
struct DetectorSteps;

// The detector's layers for recently used widths of tiles; usable from any thread.
class DetectorPlan {
  public:
    DetectorPlan(const DetectorWeights &weights, Arithmetic arithmetic);
    ~DetectorPlan();

    std::shared_ptr<const DetectorSteps> steps(long tileWidth) const;
    Arithmetic arithmetic() const { return kind; }

    // The last layer, not run by oneDNN: [row][column][channel], and its bias.
    std::vector<float> headWeights;
    float headBias;

  private:
    Arithmetic kind;
    mutable std::mutex making;
    // Of the layers before the last, in every order needed so far.
    mutable std::vector<LayerWeights> layers;
    // Newest last.
    mutable std::vector<std::pair<long, std::shared_ptr<const DetectorSteps>>> made;
};

// One worker's detector; its memory grows to what the largest picture needed.
class DetectorRun {
  public:
    explicit DetectorRun(const DetectorPlan &plan);
    ~DetectorRun();

    std::vector<CNNFace> detect(dnnl::stream &stream, const PictureView &picture,
                                const CNNSearch &search);

  private:
    class Memory;
    const DetectorPlan &plan;
    std::unique_ptr<Memory> memory;
};

} // namespace cface
