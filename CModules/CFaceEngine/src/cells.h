// The features for the HOG detector: for each cell of a grey picture, how strongly its pixels'
// brightness rises in each direction.
//
// Source: P. Felzenszwalb, R. Girshick, D. McAllester, D. Ramanan, "Object Detection with
// Discriminatively Trained Part Based Models", PAMI 32 (9), 2010; with the constants that dlib's
// detector was trained with. dlib's own function takes three times as long and adds in another
// order: its numbers differ from these in the seventh digit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cface {

// 18 directions, 9 without their sign, 4 of texture.
constexpr long cellPlanes = 31;

struct CellsTask {
    const uint8_t *picture; // grey
    long rows, columns;     // of the picture
    long stride;            // bytes from one row to the next
    long cell;              // side of a cell in pixels: even, at most 16

    // The place of the first cell's number in the first plane; floats from row to row, and from
    // plane to plane. Up to 16 floats after the last number of each row are overwritten.
    float *planes;
    long rowStride, planeStride;

    // Cells that touch the picture, down and across; all but the outermost get numbers.
    long cellsDown() const { return (2 * rows + cell) / (2 * cell); }
    long cellsAcross() const { return (2 * columns + cell) / (2 * cell); }
};

// Floats of scratch that a picture needs; scratch begins on a cache line.
size_t cellsScratchCount(long cellsAcross);

// [down + 255][across + 255]: the direction, 0..<18, of a gradient in grey levels.
constexpr long directionRow = 512;
const uint8_t *directionTable();

} // namespace cface
