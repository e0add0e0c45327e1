// Where the CNN detector lays the levels of a picture's pyramid side by side, and what a place of
// its output means in the picture. The geometry is dlib's.
#pragma once

#include <vector>

#include "networks.h"

namespace cface {

// A level of the pyramid in the tile, in pixels.
struct TileLevel {
    long left, top, width, height;
};

struct PyramidTile {
    long width, height;
    std::vector<TileLevel> levels; // the first is the picture itself
};

// A place of the detector's output whose score is high enough.
struct TileScore {
    long column, row; // in the output, an eighth of the tile
    float score;
};

// levelCount: how many levels from the first on; 0 for all.
PyramidTile pyramidTile(int pyramid, long width, long height, int levelCount);

// The boxes that the scores stand for, in pixels of the picture, surest first; of boxes that
// overlap, the surest stays.
std::vector<CNNFace> facesOf(const PyramidTile &tile, int pyramid, std::vector<TileScore> scores);

} // namespace cface
