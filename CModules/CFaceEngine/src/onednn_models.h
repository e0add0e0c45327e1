// Both networks on oneDNN.
#pragma once

#include <memory>

#include "network_weights.h"
#include "networks.h"

namespace cface {

std::unique_ptr<NetworkModels> oneDNNModels(EncoderWeights encoder, DetectorWeights detector,
                                            Arithmetic arithmetic);

} // namespace cface
