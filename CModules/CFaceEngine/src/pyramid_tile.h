// How the CNN detector lays the levels of a picture's pyramid side by side, and what a place of its
// output means in the picture. The geometry is dlib's.
#pragma once

#include <cstddef>
#include <vector>

#include "networks.h"

namespace cface {

// A level of the pyramid in a tile, in pixels.
struct TileLevel {
    size_t number; // 0 is the picture itself
    long left, top, width, height;
};

// Levels side by side with gaps between them, seen by the network as one picture.
struct PyramidTile {
    long width, height;
    std::vector<TileLevel> levels;
};

// A place in the detector's output with a high enough score.
struct TileScore {
    const PyramidTile *tile;
    long column, row; // in the output, an eighth of the tile
    float score;
};

// All levels of a picture's pyramid, in one or more tiles: each level in one of them, in order.
//
// With pyramid 6 it is the one tile of dlib's own network, so every score is dlib's. With the
// others a large picture's first two levels have separate tiles, which leaves less area empty: of a
// picture's area, 2.43 instead of 2.73.
//
// levelCount: how many levels, first ones first; 0 for all.
std::vector<PyramidTile> pyramidTiles(int pyramid, long width, long height, int levelCount);

// The boxes for the scores, in pixels of the picture, surest first; of overlapping boxes the surest
// stays.
std::vector<CNNFace> facesOf(int pyramid, std::vector<TileScore> scores);

} // namespace cface
