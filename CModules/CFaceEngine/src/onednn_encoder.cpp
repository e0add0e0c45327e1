#include "onednn_encoder.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "CFaceEngine.h"
#include "layer.h"

namespace cface {

namespace {

constexpr long chipSide = CFACE_CHIP_SIDE;
constexpr size_t chipBytes = chipSide * chipSide * 3;

// How many chips go through the network together: the more, the less often the weights are read;
// the rest of a photo's chips goes in smaller groups. Always even: a chip and its mirror image.
constexpr long groupSizes[] = {16, 4, 2};

constexpr size_t roundedUp(size_t bytes) { return (bytes + 63) / 64 * 64; }

// A block of two convolutions and what they are added to: their own input, or, where the picture is
// halved, the mean of 2x2 of it.
struct Block {
    Layer first, second;
    long side, channels;             // of the input
    long targetSide, targetChannels; // of the output
    // In two of the halving blocks the convolutions end up one pixel smaller than the mean; dlib
    // adds them where they reach.
    long convolvedSide;
    bool halves;

    bool isSmaller() const { return convolvedSide != targetSide; }
};

// The network for groups of one size.
template <typename T> class Group {
  public:
    Group(std::vector<LayerWeights> &weights, long count)
        : count(count), first(weights[0],
                              {count, chipSide, chipSide, weights[0].convolution().padding,
                               weights[0].convolution().padding},
                              ConvolutionStep::Finish::positive) {
        const Convolution &entry = weights[0].convolution();
        firstSide = (chipSide - entry.side) / entry.stride + 1;
        firstChannels = entry.outputs;
        long side = (firstSide - 3) / 2 + 1, channels = entry.outputs;
        largest =
            std::max(chipSide * chipSide * inputChannels, firstSide * firstSide * firstChannels);
        scratchBytes = first.scratchBytes();
        for (size_t index = 1; index + 1 < weights.size(); index += 2) {
            const Convolution &one = weights[index].convolution();
            const Convolution &other = weights[index + 1].convolution();
            const bool halves = one.stride == 2;
            const ConvolutionShape shape{count, side, side, one.padding, one.padding};
            const long convolved = shape.outputHeight(one);
            const long targetSide = halves ? (side - 2) / 2 + 1 : side;
            const bool isSmaller = convolved != targetSide;
            Block block{
                {weights[index], shape, ConvolutionStep::Finish::positive},
                {weights[index + 1],
                 {count, convolved, convolved, other.padding, other.padding},
                 isSmaller ? ConvolutionStep::Finish::store : ConvolutionStep::Finish::addPositive},
                side,
                channels,
                targetSide,
                other.outputs,
                convolved,
                halves};
            scratchBytes =
                std::max({scratchBytes, block.first.scratchBytes(), block.second.scratchBytes()});
            largest = std::max({largest, convolved * convolved * other.outputs,
                                targetSide * targetSide * other.outputs});
            side = targetSide;
            channels = other.outputs;
            blocks.push_back(std::move(block));
        }
        lastSide = side;
        lastChannels = channels;
    }

    const long count;

    size_t workspaceBytes() const { return 4 * planeBytes() + scratchBytes; }

    // Leaves the last activations, lastSide * lastSide * lastChannels for each chip.
    const T *run(dnnl::stream &stream, const TypedKernels<T> &kernels, const uint8_t *chips,
                 uint8_t *workspace) const {
        T *current = plane(workspace, 0), *other = plane(workspace, 1);
        T *middle = plane(workspace, 2), *spare = plane(workspace, 3);
        void *scratch = workspace + 4 * planeBytes();
        kernels.inputFromBytes(chips, count * chipSide * chipSide, other);
        first.run(stream, other, middle, scratch);
        const long pooledSide = (firstSide - 3) / 2 + 1;
        for (long chip = 0; chip < count; chip++)
            kernels.maximumPool(middle + chip * firstSide * firstSide * firstChannels, firstSide,
                                firstChannels,
                                current + chip * pooledSide * pooledSide * firstChannels);
        for (const Block &block : blocks) {
            block.first.run(stream, current, middle, scratch);
            if (!block.halves) {
                block.second.run(stream, middle, current, scratch);
                continue;
            }
            const long sourceSize = block.side * block.side * block.channels;
            const long targetSize = block.targetSide * block.targetSide * block.targetChannels;
            for (long chip = 0; chip < count; chip++)
                kernels.meanPool(current + chip * sourceSize, block.side, block.channels,
                                 other + chip * targetSize, block.targetChannels);
            if (!block.isSmaller()) {
                block.second.run(stream, middle, other, scratch);
            } else {
                block.second.run(stream, middle, spare, scratch);
                const long smallSize =
                    block.convolvedSide * block.convolvedSide * block.targetChannels;
                for (long chip = 0; chip < count; chip++)
                    kernels.addSmaller(spare + chip * smallSize, block.convolvedSide,
                                       other + chip * targetSize, block.targetSide,
                                       block.targetChannels);
            }
            std::swap(current, other);
        }
        return current;
    }

    long lastSide, lastChannels;

  private:
    Layer first;
    std::vector<Block> blocks;
    long firstSide, firstChannels;
    long largest = 0; // numbers of one chip
    size_t scratchBytes = 0;

    size_t planeBytes() const {
        return roundedUp(static_cast<size_t>(largest * count) * sizeof(T));
    }
    T *plane(uint8_t *workspace, size_t number) const {
        return reinterpret_cast<T *>(workspace + number * planeBytes());
    }
};

template <typename T> class Plan final : public EncoderPlan {
  public:
    Plan(const EncoderWeights &weights, Arithmetic arithmetic) : projection(weights.projection) {
        std::vector<LayerWeights> layers;
        for (size_t index = 0; index < weights.convolutions.size(); index++) {
            const Convolution &convolution = weights.convolutions[index];
            layers.emplace_back(index == 0 ? padded(convolution, inputChannels, convolution.outputs)
                                           : convolution,
                                arithmetic);
        }
        for (const long size : groupSizes)
            groups.emplace_back(layers, size);
        if (groups.front().lastChannels * CFACE_ENCODING_SIZE !=
            static_cast<long>(projection.size()))
            throw std::invalid_argument("the encoder's last layer has another size");
    }

    size_t workspaceBytes() const override {
        size_t bytes = 0;
        for (const auto &group : groups)
            bytes = std::max(bytes, group.workspaceBytes());
        return bytes;
    }

    void encode(dnnl::stream &stream, const uint8_t *chips, size_t count, float *encodings,
                uint8_t *workspace) const override {
        // The groups are from the largest on, so each is used as often as it fits.
        size_t done = 0;
        for (const auto &group : groups)
            for (const auto together = static_cast<size_t>(group.count); done + together <= count;
                 done += together) {
                const T *last =
                    group.run(stream, typedKernels<T>(), chips + done * chipBytes, workspace);
                for (size_t index = 0; index < together; index++)
                    project(last, index, group, encodings + (done + index) * CFACE_ENCODING_SIZE);
            }
        if (done < count)
            throw std::invalid_argument("chips come in pairs");
    }

  private:
    std::vector<float> projection; // [channel][number]
    std::vector<Group<T>> groups;

    // The mean of each channel over the last few places, then 128 sums of them.
    void project(const T *last, size_t index, const Group<T> &group, float *encoding) const {
        const long places = group.lastSide * group.lastSide, channels = group.lastChannels;
        std::vector<float> values(static_cast<size_t>(places * channels));
        typedKernels<T>().toFloats(last + static_cast<long>(index) * places * channels,
                                   places * channels, values.data());
        std::fill_n(encoding, CFACE_ENCODING_SIZE, 0.0f);
        for (long channel = 0; channel < channels; channel++) {
            float mean = 0;
            for (long place = 0; place < places; place++)
                mean += values[static_cast<size_t>(place * channels + channel)];
            mean /= static_cast<float>(places);
            const float *weights = &projection[static_cast<size_t>(channel * CFACE_ENCODING_SIZE)];
            for (long number = 0; number < CFACE_ENCODING_SIZE; number++)
                encoding[number] += mean * weights[number];
        }
    }
};

} // namespace

std::unique_ptr<EncoderPlan> encoderPlan(const EncoderWeights &weights, Arithmetic arithmetic) {
    if (arithmetic == Arithmetic::bf16)
        return std::make_unique<Plan<BFloat>>(weights, arithmetic);
    return std::make_unique<Plan<float>>(weights, arithmetic);
}

} // namespace cface
