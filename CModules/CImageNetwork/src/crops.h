// The squares of a picture that the network sees.
#pragma once

#include <cstdint>

#include "CNetworkLayers/picture.h"

namespace cimagenet {

// Writes CIMAGENET_CROP_COUNT squares of CIMAGENET_CROP_SIDE pixels, RGB, one after the other.
void cutCrops(const clayers::PictureView &picture, uint8_t *crops);

} // namespace cimagenet
