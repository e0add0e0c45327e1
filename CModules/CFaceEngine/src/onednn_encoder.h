// The face encoder on oneDNN.
#pragma once

#include <memory>
#include <vector>

#include "CNetworkLayers/onednn.h"
#include "network_weights.h"

namespace cface {

// Immutable, usable from any thread.
class EncoderPlan {
  public:
    virtual ~EncoderPlan() = default;

    // Bytes of scratch memory that `encode` needs.
    virtual size_t workspaceBytes() const = 0;

    // As Networks::encode, for an even count. An encoding depends only on its chip.
    virtual void encode(dnnl::stream &stream, const uint8_t *chips, size_t count, float *encodings,
                        uint8_t *workspace) const = 0;
};

std::unique_ptr<EncoderPlan> encoderPlan(const EncoderWeights &weights, Arithmetic arithmetic);

} // namespace cface
