// A face encoder that a user brings: a file in dlib's format whose bytes are not known beforehand.
#pragma once

#include <string>

#include "network_weights.h"

namespace cface {

// Reads the encoder without dlib, whose loader believes what a file says about its sizes.
//
// Throws clayers::FileProblem unless the file holds the network of
// dlib_face_recognition_resnet_model_v1, whole and with nothing behind it, all its numbers are
// finite, and so are those that it makes of a picture. What passes is safe for dlib's own loader,
// too.
EncoderWeights broughtEncoderWeights(const std::string &file);

} // namespace cface
