// dlib's model files, read by dlib.
#pragma once

#include <memory>
#include <string>

#include "network_weights.h"
#include "networks.h"

namespace cface {

// Both throw dlib::serialization_error for any other file.
EncoderWeights encoderWeights(const std::string &file);
DetectorWeights detectorWeights(const std::string &file);

// dlib's own execution of both: the reference. The detector takes about 1.1 GB per megapixel while
// it runs, so workers wait for one another; its pyramid is always 6.
std::unique_ptr<NetworkModels> dlibModels(const std::string &encoder, const std::string &detector);

} // namespace cface
