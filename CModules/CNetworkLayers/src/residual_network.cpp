#include "CNetworkLayers/residual_network.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace clayers {

namespace {

constexpr size_t roundedUp(size_t bytes) { return (bytes + 63) / 64 * 64; }

} // namespace

std::vector<LayerWeights> residualWeights(std::vector<Convolution> convolutions,
                                          Arithmetic arithmetic) {
    if (convolutions.size() % 2 == 0)
        throw std::invalid_argument("a residual network has pairs of convolutions after the first");
    std::vector<LayerWeights> weights;
    weights.reserve(convolutions.size());
    convolutions.front() =
        padded(convolutions.front(), inputChannels, convolutions.front().outputs);
    for (Convolution &convolution : convolutions)
        weights.emplace_back(std::move(convolution), arithmetic);
    return weights;
}

template <typename T>
ResidualNetwork<T>::ResidualNetwork(std::vector<LayerWeights> &weights, long count, long side)
    : count(count), side(side),
      first(weights[0],
            {count, side, side, weights[0].convolution().padding, weights[0].convolution().padding},
            ConvolutionStep::Finish::positive) {
    firstSide = first.height();
    firstChannels = weights[0].convolution().outputs;
    long current = (firstSide - 3) / 2 + 1, channels = firstChannels;
    largest = std::max(side * side * inputChannels, firstSide * firstSide * firstChannels);
    scratchBytes = first.scratchBytes();
    for (size_t index = 1; index + 1 < weights.size(); index += 2) {
        const Convolution &one = weights[index].convolution();
        const Convolution &other = weights[index + 1].convolution();
        const bool halves = one.stride == 2;
        const ConvolutionShape shape{count, current, current, one.padding, one.padding};
        const long convolved = shape.outputHeight(one);
        const long targetSide = halves ? (current - 2) / 2 + 1 : current;
        const bool isSmaller = convolved != targetSide;
        Block block{
            {weights[index], shape, ConvolutionStep::Finish::positive},
            {weights[index + 1],
             {count, convolved, convolved, other.padding, other.padding},
             isSmaller ? ConvolutionStep::Finish::store : ConvolutionStep::Finish::addPositive},
            current,
            channels,
            targetSide,
            other.outputs,
            convolved,
            halves};
        scratchBytes =
            std::max({scratchBytes, block.first.scratchBytes(), block.second.scratchBytes()});
        largest = std::max({largest, convolved * convolved * other.outputs,
                            targetSide * targetSide * other.outputs});
        current = targetSide;
        channels = other.outputs;
        blocks.push_back(std::move(block));
    }
    lastSide = current;
    lastChannels = channels;
}

template <typename T>
const T *ResidualNetwork<T>::run(dnnl::stream &stream, const uint8_t *rgb,
                                 uint8_t *workspace) const {
    const TypedKernels<T> &kernels = typedKernels<T>();
    T *current = plane(workspace, 0), *other = plane(workspace, 1);
    T *middle = plane(workspace, 2), *spare = plane(workspace, 3);
    void *scratch = workspace + 4 * planeBytes();
    kernels.inputFromBytes(rgb, count * side * side, other);
    first.run(stream, other, middle, scratch);
    const long pooledSide = (firstSide - 3) / 2 + 1;
    for (long picture = 0; picture < count; picture++)
        kernels.maximumPool(middle + picture * firstSide * firstSide * firstChannels, firstSide,
                            firstChannels,
                            current + picture * pooledSide * pooledSide * firstChannels);
    for (const Block &block : blocks) {
        block.first.run(stream, current, middle, scratch);
        if (!block.halves) {
            block.second.run(stream, middle, current, scratch);
            continue;
        }
        const long sourceSize = block.side * block.side * block.channels;
        const long targetSize = block.targetSide * block.targetSide * block.targetChannels;
        for (long picture = 0; picture < count; picture++)
            kernels.meanPool(current + picture * sourceSize, block.side, block.channels,
                             other + picture * targetSize, block.targetChannels);
        if (!block.isSmaller()) {
            block.second.run(stream, middle, other, scratch);
        } else {
            block.second.run(stream, middle, spare, scratch);
            const long smallSize = block.convolvedSide * block.convolvedSide * block.targetChannels;
            for (long picture = 0; picture < count; picture++)
                kernels.addSmaller(spare + picture * smallSize, block.convolvedSide,
                                   other + picture * targetSize, block.targetSide,
                                   block.targetChannels);
        }
        std::swap(current, other);
    }
    return current;
}

template <typename T>
std::vector<float> ResidualNetwork<T>::means(const T *last, long picture) const {
    const long places = lastSide * lastSide;
    std::vector<float> values(static_cast<size_t>(places * lastChannels));
    typedKernels<T>().toFloats(last + picture * places * lastChannels, places * lastChannels,
                               values.data());
    std::vector<float> means(static_cast<size_t>(lastChannels));
    for (long channel = 0; channel < lastChannels; channel++) {
        float mean = 0;
        for (long place = 0; place < places; place++)
            mean += values[static_cast<size_t>(place * lastChannels + channel)];
        means[static_cast<size_t>(channel)] = mean / static_cast<float>(places);
    }
    return means;
}

template <typename T> size_t ResidualNetwork<T>::planeBytes() const {
    return roundedUp(static_cast<size_t>(largest * count) * sizeof(T));
}

template class ResidualNetwork<float>;
template class ResidualNetwork<BFloat>;

} // namespace clayers
