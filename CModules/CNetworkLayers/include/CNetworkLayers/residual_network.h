// A residual network as in dlib's examples, up to its last activations: a convolution and a maximum
// pool, then blocks of two convolutions, some of which halve the picture.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels.h"
#include "layer.h"

namespace clayers {

// The weights in the order in which the picture meets them; consumes its arguments. The first layer
// gets the channel of zeros of a network's input.
std::vector<LayerWeights> residualWeights(std::vector<Convolution> convolutions,
                                          Arithmetic arithmetic);

// The network for `count` square pictures at a time; immutable, usable from any thread. T is float
// or BFloat, like the packed weights.
template <typename T> class ResidualNetwork {
  public:
    // The weights may then be destroyed.
    ResidualNetwork(std::vector<LayerWeights> &weights, long count, long side);

    const long count;

    size_t workspaceBytes() const { return 4 * planeBytes() + scratchBytes; }
    long channels() const { return lastChannels; }

    // rgb: `count` pictures, RGB, without gaps. workspace: workspaceBytes(), beginning on a cache
    // line. Returns the last activations, which lie in it.
    const T *run(dnnl::stream &stream, const uint8_t *rgb, uint8_t *workspace) const;

    // The mean of each channel over the places of one picture's last activations.
    std::vector<float> means(const T *last, long picture) const;

  private:
    // A block: two convolutions, added to their own input or, where the picture is halved, to the
    // mean of 2x2 of it.
    struct Block {
        Layer first, second;
        long side, channels;             // of the input
        long targetSide, targetChannels; // of the output
        // In some halving blocks the convolutions end up one pixel smaller than the mean; dlib
        // adds them where they reach.
        long convolvedSide;
        bool halves;

        bool isSmaller() const { return convolvedSide != targetSide; }
    };

    long side;
    Layer first;
    std::vector<Block> blocks;
    long firstSide, firstChannels;
    long lastSide, lastChannels;
    long largest = 0; // numbers of one picture
    size_t scratchBytes = 0;

    size_t planeBytes() const;
    T *plane(uint8_t *workspace, size_t number) const {
        return reinterpret_cast<T *>(workspace + number * planeBytes());
    }
};

extern template class ResidualNetwork<float>;
extern template class ResidualNetwork<BFloat>;

} // namespace clayers
