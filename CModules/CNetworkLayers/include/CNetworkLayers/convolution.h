// A convolution as plain numbers, with the affine layer above it folded into it.
#pragma once

#include <vector>

namespace clayers {

// What a network calculates with.
enum class Arithmetic { f32, bf16 };

struct Convolution {
    long outputs, inputs; // channels
    long side;            // of the square kernel, in taps
    long stride, padding; // the same across and down
    // [output][input][row][column], which oneDNN calls oihw.
    std::vector<float> weights;
    std::vector<float> bias; // one for each output
};

} // namespace clayers
