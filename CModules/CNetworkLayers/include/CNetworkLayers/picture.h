#pragma once

#include <cstddef>
#include <cstdint>

namespace clayers {

// A picture in the caller's memory: RGB, 8 bits each, rows `stride` bytes apart.
struct PictureView {
    const uint8_t *rgb;
    long width, height;
    size_t stride;

    const uint8_t *row(long number) const { return rgb + static_cast<size_t>(number) * stride; }
};

} // namespace clayers
