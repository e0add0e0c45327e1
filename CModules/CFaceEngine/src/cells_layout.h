// How kernels_cells.inc divides its scratch.
#pragma once

namespace cface {

// All in floats. Rows of cells have one extra cell on the left and two on the right, then room for
// the widest register.
struct CellsLayout {
    static constexpr long directions = 18;
    long row;        // one row of cells
    long votes;      // [direction][cell][4], after room for one cell
    long carried;    // [direction][cell]: what the cells below have so far
    long histograms; // [2][direction][cell]
    long energies;   // [3][cell]
    long count;

    explicit CellsLayout(long cellsAcross) {
        row = (cellsAcross + 3 + 16 + 15) / 16 * 16;
        votes = 16;
        carried = votes + directions * row * 4;
        histograms = carried + directions * row;
        energies = histograms + 2 * directions * row;
        count = energies + 3 * row;
    }
};

} // namespace cface
