// How to resize a picture: bilinear, corners on corners, as dlib's resize_bilinear.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace clayers {

// One direction: where a place of the target lies in the source.
class Resampling {
  public:
    Resampling(long source, long target)
        : source(source),
          step(static_cast<double>(source - 1) / static_cast<double>(std::max(target - 1, 1L))) {}

    struct Place {
        long first;  // the pixel before it
        long second; // the pixel after it; the same at the edge
        float share; // of the second, 0...1
    };

    Place place(long target) const {
        const double exact = static_cast<double>(target) * step;
        const long first = std::min(static_cast<long>(exact), source - 1);
        return {first, std::min(first + 1, source - 1),
                static_cast<float>(exact - static_cast<double>(first))};
    }

  private:
    long source;
    double step;
};

// The places of all columns of a row, in the kernels' form.
struct ResampledColumns {
    std::vector<int32_t> lefts;
    std::vector<float> rights;

    void set(long source, long target) {
        const Resampling across(source, target);
        lefts.resize(static_cast<size_t>(target));
        rights.resize(static_cast<size_t>(target));
        for (long column = 0; column < target; column++) {
            const auto place = across.place(column);
            lefts[static_cast<size_t>(column)] = static_cast<int32_t>(place.first);
            rights[static_cast<size_t>(column)] = place.share;
        }
    }
};

} // namespace clayers
