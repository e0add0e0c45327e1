#include "crops.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "CImageNetwork.h"
#include "CNetworkLayers/kernels.h"
#include "CNetworkLayers/resampling.h"

namespace cimagenet {

namespace {

constexpr long cropSide = CIMAGENET_CROP_SIDE;

// One square: its size, as a fraction of the picture's shorter side; its place along the longer
// side; and whether it is mirrored, as every second one was in training.
struct Crop {
    double size;
    enum class Place { start, middle, end } place;
    bool isMirrored;
};

// The largest and the middle size used in training; see CImageNetwork.h.
constexpr Crop cropsOfAPicture[CIMAGENET_CROP_COUNT] = {
    {0.875, Crop::Place::start, false},
    {0.875, Crop::Place::middle, true},
    {0.875, Crop::Place::end, false},
    {2.0 / 3, Crop::Place::middle, false},
};

// The part of the picture that a crop shows. Those at the ends keep the same margin as on the
// longer sides.
clayers::PictureView part(const clayers::PictureView &picture, const Crop &crop) {
    const long shorter = std::min(picture.width, picture.height);
    const long size = std::max(1L, std::lround(static_cast<double>(shorter) * crop.size));
    const long margin = (shorter - size) / 2;
    const auto along = [&](long length) {
        switch (crop.place) {
        case Crop::Place::start:
            return margin;
        case Crop::Place::middle:
            return (length - size) / 2;
        case Crop::Place::end:
            return length - size - margin;
        }
        return margin;
    };
    const long left = along(picture.width), top = along(picture.height);
    return {picture.row(top) + left * 3, size, size, picture.stride};
}

void resize(const clayers::PictureView &picture, bool isMirrored, uint8_t *crop) {
    clayers::ResampledColumns columns;
    columns.set(picture.width, cropSide);
    const clayers::Resampling down(picture.height, cropSide);
    std::vector<float> blended(static_cast<size_t>(picture.width + 2) * 3);
    for (long row = 0; row < cropSide; row++, crop += cropSide * 3) {
        const auto place = down.place(row);
        clayers::kernels().bytesFromBytes(picture.row(place.first), picture.row(place.second),
                                          place.share, picture.width, columns.lefts.data(),
                                          columns.rights.data(), cropSide, blended.data(), crop);
        if (isMirrored)
            for (long left = 0, right = cropSide - 1; left < right; left++, right--)
                std::swap_ranges(crop + left * 3, crop + left * 3 + 3, crop + right * 3);
    }
}

} // namespace

void cutCrops(const clayers::PictureView &picture, uint8_t *crops) {
    for (const Crop &crop : cropsOfAPicture) {
        resize(part(picture, crop), crop.isMirrored, crops);
        crops += cropSide * cropSide * 3;
    }
}

} // namespace cimagenet
