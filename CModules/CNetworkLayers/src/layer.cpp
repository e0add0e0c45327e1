#include "CNetworkLayers/layer.h"

#include <utility>

namespace clayers {

namespace {

// Winograd's way is quicker if the transformed weights, four times as many, still fit the
// processor's cache.
constexpr long mostWinogradChannels = 64;

bool isQuick(const Convolution &convolution, Arithmetic arithmetic) {
    // bf16 has too few digits for the transforms.
    return arithmetic == Arithmetic::f32 && WinogradConvolution::fits(convolution) &&
           convolution.outputs <= mostWinogradChannels;
}

} // namespace

LayerWeights::LayerWeights(Convolution convolution, Arithmetic arithmetic)
    : packed(std::move(convolution), arithmetic) {
    if (isQuick(packed.convolution(), arithmetic))
        quick = std::make_shared<const WinogradConvolution>(packed.convolution());
}

Layer::Layer(LayerWeights &weights, const ConvolutionShape &shape, ConvolutionStep::Finish finish)
    : shape(shape), finish(finish), targetHeight(shape.outputHeight(weights.convolution())),
      targetWidth(shape.outputWidth(weights.convolution())) {
    if (weights.quick && finish != ConvolutionStep::Finish::store)
        quick = weights.quick;
    else
        step.emplace(weights.packed, shape, finish);
}

void Layer::run(dnnl::stream &stream, const void *source, void *target, void *scratch) const {
    if (step) {
        step->run(stream, source, target, scratch);
        return;
    }
    quick->run({shape.batch, static_cast<const float *>(source), shape.width, shape.height,
                shape.paddingDown, shape.paddingAcross, static_cast<float *>(target), targetWidth,
                targetHeight, finish == ConvolutionStep::Finish::addPositive},
               static_cast<float *>(scratch));
}

size_t Layer::scratchBytes() const {
    return step ? step->scratchBytes() : quick->scratchCount() * sizeof(float);
}

} // namespace clayers
