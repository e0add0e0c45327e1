// One layer of a network: a convolution, run by oneDNN or, if that is quicker, by Winograd's
// minimal filtering.
#pragma once

#include <memory>
#include <optional>

#include "onednn.h"
#include "winograd.h"

namespace clayers {

// The weights of one layer, for pictures of any size.
class LayerWeights {
  public:
    LayerWeights(Convolution convolution, Arithmetic arithmetic);

    const Convolution &convolution() const { return packed.convolution(); }

  private:
    friend class Layer;
    PackedWeights packed;
    std::shared_ptr<const WinogradConvolution> quick; // null where oneDNN runs the layer
};

// The layer for pictures of one size: immutable, usable from any thread.
class Layer {
  public:
    Layer(LayerWeights &weights, const ConvolutionShape &shape, ConvolutionStep::Finish finish);

    // Pictures in the type of numbers of the weights; `scratch` has at least scratchBytes() and
    // begins on a cache line.
    void run(dnnl::stream &stream, const void *source, void *target, void *scratch) const;
    size_t scratchBytes() const;

    long height() const { return targetHeight; } // of the output
    long width() const { return targetWidth; }

  private:
    ConvolutionShape shape;
    ConvolutionStep::Finish finish;
    long targetHeight, targetWidth;
    std::optional<ConvolutionStep> step;
    std::shared_ptr<const WinogradConvolution> quick; // where there is no step
};

} // namespace clayers
