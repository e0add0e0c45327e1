#include "cells.h"

#include <vector>

#include "cells_layout.h"

namespace cface {

size_t cellsScratchCount(long cellsAcross) {
    return static_cast<size_t>(CellsLayout(cellsAcross).count);
}

namespace {

std::vector<uint8_t> makeDirections() {
#pragma clang fp contract(off)
    // dlib's unit vectors, in its order of comparing, which decides between equals.
    constexpr float across[] = {1.0000f,  0.9397f,  0.7660f,  0.500f,  0.1736f,
                                -0.1736f, -0.5000f, -0.7660f, -0.9397f};
    constexpr float down[] = {0.0000f, 0.3420f, 0.6428f, 0.8660f, 0.9848f,
                              0.9848f, 0.8660f, 0.6428f, 0.3420f};
    std::vector<uint8_t> table(511 * directionRow);
    for (long y = -255; y <= 255; y++)
        for (long x = -255; x <= 255; x++) {
            float best = 0;
            uint8_t direction = 0;
            for (uint8_t number = 0; number < 9; number++) {
                const float along =
                    static_cast<float>(x) * across[number] + static_cast<float>(y) * down[number];
                if (along > best) {
                    best = along;
                    direction = number;
                } else if (-along > best) {
                    best = -along;
                    direction = static_cast<uint8_t>(number + 9);
                }
            }
            table[static_cast<size_t>((y + 255) * directionRow + x + 255)] = direction;
        }
    return table;
}

} // namespace

const uint8_t *directionTable() {
    static const std::vector<uint8_t> table = makeDirections();
    return table.data();
}

} // namespace cface
