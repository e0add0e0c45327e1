// The weights of dlib's two networks as plain numbers, with every affine layer folded into the
// convolution below it.
#pragma once

#include <vector>

#include "CNetworkLayers/convolution.h"

namespace cface {

using namespace clayers;

// dlib_face_recognition_resnet_model_v1: convolutions from the picture on, then the projection of
// the last 256 channels to the 128 numbers, [channel][number].
struct EncoderWeights {
    std::vector<Convolution> convolutions;
    std::vector<float> projection;
};

// mmod_human_face_detector: seven convolutions from the picture on, the last with one output.
struct DetectorWeights {
    std::vector<Convolution> convolutions;
};

} // namespace cface
