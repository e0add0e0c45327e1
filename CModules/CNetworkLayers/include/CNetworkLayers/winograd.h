// Convolutions by Winograd's minimal filtering: a third of the multiplications of the plain sum.
//
// Source: A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016. Tiles
// of 6x6 inputs are transformed, multiplied with the transformed kernel place by place, which sums
// over the channels, and transformed back to m x m outputs. With the points 0, 1, -1, 2, -2 and
// infinity a side of six serves three kinds of kernels:
//   3 taps, step 1: m = 4
//   5 taps, step 1: m = 2
//   5 taps, step 2: m = 4; the even and the odd inputs are convolved with the even and the odd
//                   taps, three and two of them, and the products of all four such parts are summed
// In each kind a quarter to a third of the products remain. The sums round differently from plain
// ones: scores of the detector differ by less than 1e-5.
#pragma once

#include <cstddef>
#include <vector>

#include "convolution.h"

namespace clayers {

// Side of a tile of inputs, in all kinds.
constexpr long winogradSide = 6;
constexpr long winogradPlaces = winogradSide * winogradSide;
// How many tiles go through together: their products lie in the processor's cache.
constexpr long winogradTiles = 32;
// The step from one place's numbers for those tiles to the next place's: a cache line more than
// needed, since lines a power of two apart push each other out of the cache.
constexpr long winogradStride(long channels) { return winogradTiles * channels + 16; }

// What the arithmetic needs to know about a convolution.
struct WinogradLayer {
    long inputs, outputs; // channels, multiples of 16
    long step;            // between windows, in inputs
    long outputSide;      // m
    const float *weights; // [place][part][input][output]
    const float *bias;

    // How many numbers of a tile are summed at each place.
    long depth() const { return inputs * step * step; }
};

// Planes of activations, [row][column][channel], of as many pictures one after the other; zeros
// beyond each source.
struct WinogradPlanes {
    long pictures;
    const float *source;
    long sourceWidth, sourceHeight;
    long paddingDown, paddingAcross; // of the first window, in rows and columns
    float *target;
    long targetWidth, targetHeight;
    bool adds; // to what is in the target
};

// A convolution, then an addition if there is one, then max(0, ...); immutable, usable from any
// thread.
class WinogradConvolution {
  public:
    // Whether there is a transform for this kind of convolution.
    static bool fits(const Convolution &convolution);

    explicit WinogradConvolution(const Convolution &convolution);
    WinogradConvolution(WinogradConvolution &&) = default;

    // `scratch` has at least scratchCount() floats and begins on a cache line.
    void run(const WinogradPlanes &planes, float *scratch) const;
    size_t scratchCount() const;

  private:
    WinogradLayer layer;
    std::vector<float> weights, bias;
};

} // namespace clayers
