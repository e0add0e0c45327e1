#include "pyramid_tile.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <dlib/image_processing/box_overlap_testing.h>
#include <dlib/image_transforms/image_pyramid.h>

namespace cface {

namespace {

// Gaps between levels and around them, in pixels; what the detector was trained with.
constexpr unsigned long gap = 10, border = 11;

// Side, in pixels of a level, of the box that the detector's window stands for.
constexpr unsigned long windowSide = 80;

// What the detector's file says of overlapping boxes: intersection over union, and covered part.
const dlib::test_box_overlap overlaps(0.338276, 1.0);

// Calls `body` with the pyramid as the type that dlib wants.
template <typename Body> auto withPyramid(int pyramid, Body body) {
    switch (pyramid) {
    case 6:
        return body(dlib::pyramid_down<6>());
    case 4:
        return body(dlib::pyramid_down<4>());
    case 3:
        return body(dlib::pyramid_down<3>());
    default:
        throw std::invalid_argument("there is no such pyramid");
    }
}

std::vector<dlib::rectangle> rectangles(const PyramidTile &tile) {
    std::vector<dlib::rectangle> result;
    for (const auto &level : tile.levels)
        result.emplace_back(level.left, level.top, level.left + level.width - 1,
                            level.top + level.height - 1);
    return result;
}

} // namespace

PyramidTile pyramidTile(int pyramid, long width, long height, int levelCount) {
    PyramidTile tile{};
    std::vector<dlib::rectangle> levels;
    withPyramid(pyramid, [&](auto down) {
        dlib::impl::compute_tiled_image_pyramid_details(down, height, width, gap, border, levels,
                                                        tile.height, tile.width);
        return 0;
    });
    if (levelCount > 0 && static_cast<size_t>(levelCount) < levels.size()) {
        levels.resize(static_cast<size_t>(levelCount));
        long bottom = 0;
        for (const auto &level : levels)
            bottom = std::max(bottom, level.bottom());
        tile.height = bottom + 1 + static_cast<long>(border);
    }
    for (const auto &level : levels)
        tile.levels.push_back({level.left(), level.top(), static_cast<long>(level.width()),
                               static_cast<long>(level.height())});
    return tile;
}

std::vector<CNNFace> facesOf(const PyramidTile &tile, int pyramid, std::vector<TileScore> scores) {
    std::sort(scores.begin(), scores.end(), [](const TileScore &one, const TileScore &other) {
        return std::make_tuple(-one.score, one.row, one.column) <
               std::make_tuple(-other.score, other.row, other.column);
    });
    const auto levels = rectangles(tile);
    std::vector<CNNFace> faces;
    std::vector<dlib::rectangle> kept;
    for (const auto &found : scores) {
        // Three convolutions of 5 taps and stride 2 without padding: the centre of a place lies at
        // twice the place and 2 more, three times over.
        const double x = found.column * 8.0 + 14, y = found.row * 8.0 + 14;
        const auto inTile = dlib::centered_drect(dlib::dpoint(x, y), windowSide, windowSide);
        const auto inPicture = withPyramid(pyramid, [&](auto down) {
            return dlib::tiled_pyramid_to_image<decltype(down)>(levels, inTile);
        });
        const dlib::rectangle box(inPicture);
        if (std::any_of(kept.begin(), kept.end(),
                        [&](const dlib::rectangle &other) { return overlaps(other, box); }))
            continue;
        kept.push_back(box);
        faces.push_back({box.left(), box.top(), box.right(), box.bottom(), found.score});
    }
    return faces;
}

} // namespace cface
