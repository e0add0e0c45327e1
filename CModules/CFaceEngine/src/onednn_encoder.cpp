#include "onednn_encoder.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "CFaceEngine.h"
#include "CNetworkLayers/residual_network.h"

namespace cface {

namespace {

constexpr long chipSide = CFACE_CHIP_SIDE;
constexpr size_t chipBytes = chipSide * chipSide * 3;

// How many chips go through the network together: the more, the less often the weights are read;
// the remaining chips of a photo go in smaller groups. Always even: a chip and its mirror image.
constexpr long groupSizes[] = {16, 4, 2};

template <typename T> class Plan final : public EncoderPlan {
  public:
    Plan(const EncoderWeights &weights, Arithmetic arithmetic) : projection(weights.projection) {
        auto layers = residualWeights(weights.convolutions, arithmetic);
        for (const long size : groupSizes)
            groups.emplace_back(layers, size, chipSide);
        if (groups.front().channels() * CFACE_ENCODING_SIZE != static_cast<long>(projection.size()))
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
        // Largest groups first, so each is used as often as it fits.
        size_t done = 0;
        for (const auto &group : groups)
            for (const auto together = static_cast<size_t>(group.count); done + together <= count;
                 done += together) {
                const T *last = group.run(stream, chips + done * chipBytes, workspace);
                for (long index = 0; index < group.count; index++)
                    project(group.means(last, index),
                            encodings + (done + static_cast<size_t>(index)) * CFACE_ENCODING_SIZE);
            }
        if (done < count)
            throw std::invalid_argument("chips come in pairs");
    }

  private:
    std::vector<float> projection; // [channel][number]
    std::vector<ResidualNetwork<T>> groups;

    // 128 sums of the channels' means.
    void project(const std::vector<float> &means, float *encoding) const {
        std::fill_n(encoding, CFACE_ENCODING_SIZE, 0.0f);
        for (size_t channel = 0; channel < means.size(); channel++) {
            const float *weights = &projection[channel * CFACE_ENCODING_SIZE];
            for (size_t number = 0; number < CFACE_ENCODING_SIZE; number++)
                encoding[number] += means[channel] * weights[number];
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
