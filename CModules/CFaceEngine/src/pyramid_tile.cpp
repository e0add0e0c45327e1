#include "pyramid_tile.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <dlib/image_processing/box_overlap_testing.h>
#include <dlib/image_transforms/image_pyramid.h>

namespace cface {

namespace {

// Gaps between levels and around them, in pixels, as in the detector's training.
constexpr unsigned long gap = 10, border = 11;

// Side, in pixels of a level, of the box that the detector's window represents.
constexpr unsigned long windowSide = 80;

// From the detector's file, on overlapping boxes: intersection over union, and covered part.
const dlib::test_box_overlap overlaps(0.338276, 1.0);

// Calls `body` with the pyramid as dlib's type.
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

// Pictures at least this high, in pixels, have their first levels in separate tiles; for lower ones
// the rows at the start and end of every tile cost more than the empty area.
constexpr long leastOwnTile = 800;

// The tile of all levels from `number` on; that level has the given size.
template <typename Pyramid>
PyramidTile tileFrom(size_t number, const Pyramid &down, long width, long height) {
    PyramidTile tile{};
    std::vector<dlib::rectangle> levels;
    dlib::impl::compute_tiled_image_pyramid_details(down, height, width, gap, border, levels,
                                                    tile.height, tile.width);
    for (const auto &level : levels)
        tile.levels.push_back({number++, level.left(), level.top(),
                               static_cast<long>(level.width()),
                               static_cast<long>(level.height())});
    return tile;
}

void keepFirst(size_t count, PyramidTile &tile) {
    if (count >= tile.levels.size())
        return;
    tile.levels.resize(count);
    tile.height = 0;
    for (const auto &level : tile.levels)
        tile.height = std::max(tile.height, level.top + level.height + static_cast<long>(border));
}

// The level that contains a point of the tile, or the nearest.
const TileLevel &levelAt(const dlib::dpoint &point, const PyramidTile &tile) {
    std::vector<dlib::rectangle> rectangles;
    for (const auto &level : tile.levels)
        rectangles.emplace_back(level.left, level.top, level.left + level.width - 1,
                                level.top + level.height - 1);
    return tile.levels[dlib::nearest_rect(rectangles, dlib::point(point))];
}

} // namespace

std::vector<PyramidTile> pyramidTiles(int pyramid, long width, long height, int levelCount) {
    std::vector<PyramidTile> tiles;
    withPyramid(pyramid, [&](auto down) {
        size_t number = 0;
        size_t left = levelCount > 0 ? static_cast<size_t>(levelCount) : SIZE_MAX;
        while (left > 0) {
            PyramidTile tile = tileFrom(number, down, width, height);
            const bool isAlone = pyramid != 6 && height >= leastOwnTile && number < 2;
            keepFirst(isAlone ? 1 : left, tile);
            left -= std::min(left, tile.levels.size());
            number += tile.levels.size();
            tiles.push_back(std::move(tile));
            if (!isAlone)
                break;
            dlib::find_pyramid_down_output_image_size(down, height, width);
        }
        return 0;
    });
    return tiles;
}

std::vector<CNNFace> facesOf(int pyramid, std::vector<TileScore> scores) {
    std::sort(scores.begin(), scores.end(), [](const TileScore &one, const TileScore &other) {
        return std::make_tuple(-one.score, one.tile->levels[0].number, one.row, one.column) <
               std::make_tuple(-other.score, other.tile->levels[0].number, other.row, other.column);
    });
    std::vector<CNNFace> faces;
    std::vector<dlib::rectangle> kept;
    for (const auto &found : scores) {
        // Three convolutions of 5 taps and stride 2 without padding: the centre of a place lies at
        // twice the place plus 2, three times over.
        const dlib::dpoint centre(found.column * 8.0 + 14, found.row * 8.0 + 14);
        const TileLevel &level = levelAt(centre, *found.tile);
        const dlib::dpoint origin(static_cast<double>(level.left), static_cast<double>(level.top));
        const auto inLevel = dlib::centered_drect(centre - origin, windowSide, windowSide);
        const dlib::rectangle box(withPyramid(pyramid, [&](auto down) {
            return down.rect_up(inLevel, static_cast<unsigned int>(level.number));
        }));
        if (std::any_of(kept.begin(), kept.end(),
                        [&](const dlib::rectangle &other) { return overlaps(other, box); }))
            continue;
        kept.push_back(box);
        faces.push_back({box.left(), box.top(), box.right(), box.bottom(), found.score});
    }
    return faces;
}

} // namespace cface
