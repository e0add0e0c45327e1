// The arithmetic besides oneDNN's: resampling, pooling, layers with few outputs. Each is built for
// several instruction sets and chosen at run time; the results differ only by rounding.
#pragma once

#include <cstddef>
#include <cstdint>

#include "winograd.h"

namespace clayers {

// 16-bit numbers: the upper half of a float.
using BFloat = uint16_t;

// A network's input has four channels for each pixel: red, green, blue and zero, because oneDNN
// is quicker with four than with three.
constexpr long inputChannels = 4;

// The pixel values that mean "nothing" to dlib's networks, from their training set. Source: dlib's
// input_rgb_image.
constexpr float meanRed = 122.782f, meanGreen = 117.001f, meanBlue = 104.298f;

// Levels of a pyramid below the picture itself hold their pixels as 8.8 fixed point in four
// channels: a 512th of a grey level is far too little to change a score, at half a float's memory.
using Level = uint16_t;

// The kernels for one type of the networks' numbers, T = float or BFloat.
template <typename T> struct TypedKernels {
    // `count` pixels, of three bytes or of a level, as network input.
    void (*inputFromBytes)(const uint8_t *rgb, long count, T *input);
    void (*inputFromLevel)(const Level *level, long count, T *input);

    // Largest of 3x3 at every second place, for values not below 0. `side` is the input's; (side -
    // 3) / 2 + 1 the output's.
    void (*maximumPool)(const T *source, long side, long channels, T *target);

    // Mean of 2x2 at every second place; target channels beyond the source's become 0.
    void (*meanPool)(const T *source, long side, long channels, T *target, long targetChannels);

    // target = max(0, target + source) where the smaller source reaches, max(0, target) elsewhere.
    void (*addSmaller)(const T *source, long sourceSide, T *target, long targetSide, long channels);

    void (*toFloats)(const T *source, long count, float *target);
};

struct Kernels {
    TypedKernels<float> f32;
    TypedKernels<BFloat> bf16;

    // One row of a level, `width` pixels, resampled between two rows: upper + (lower - upper) *
    // share. `blended` is scratch of 3 * (sourceWidth + 2), or 4 * (sourceWidth + 1), floats;
    // lefts[x] is the source column left of column x, rights[x] the part of the next one.
    void (*levelFromBytes)(const uint8_t *upper, const uint8_t *lower, float share,
                           long sourceWidth, const int32_t *lefts, const float *rights, long width,
                           float *blended, Level *target);
    void (*levelFromLevel)(const Level *upper, const Level *lower, float share, long sourceWidth,
                           const int32_t *lefts, const float *rights, long width, float *blended,
                           Level *target);
    // The same from bytes to bytes, to enlarge or reduce a picture.
    void (*bytesFromBytes)(const uint8_t *upper, const uint8_t *lower, float share,
                           long sourceWidth, const int32_t *lefts, const float *rights, long width,
                           float *blended, uint8_t *target);

    // A convolution of `taps` x `taps` with one output. rows[tap] is where the window of the first
    // of `count` places begins in that row; windows are `channels` floats apart, weights
    // [row][column][channel]. channels * taps must be a multiple of 16.
    void (*scores)(const float *const *rows, const float *weights, long taps, long channels,
                   float bias, long count, float *scores);

    // See WinogradConvolution::run.
    void (*winograd)(const WinogradLayer &layer, const WinogradPlanes &planes, float *scratch);
};

// The quickest for this processor.
const Kernels &kernels();

// The same for one type of numbers.
template <typename T> const TypedKernels<T> &typedKernels();
template <> inline const TypedKernels<float> &typedKernels() { return kernels().f32; }
template <> inline const TypedKernels<BFloat> &typedKernels() { return kernels().bf16; }

} // namespace clayers
