#include "brought_encoder.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <sstream>
#include <utility>
#include <vector>

#include "CFaceEngine.h"
#include "CNetworkLayers/buffer.h"
#include "CNetworkLayers/onednn.h"
#include "CNetworkLayers/residual_file.h"
#include "onednn_encoder.h"

namespace cface {

namespace {

// The same as the type EncoderNetwork.
ResidualShape architecture() {
    return {CFACE_CHIP_SIDE,
            32,
            {{32, 3, false}, {64, 4, true}, {128, 3, true}, {256, 3, true}, {256, 1, true}},
            CFACE_ENCODING_SIZE,
            false};
}

// What dlib keeps of the loss in front of the network itself.
void readLoss(DlibFile &file) {
    file.expect(1, "its version");
    const std::string name = file.text(64);
    if (name == "loss_metric_2") {
        file.number(); // the margin
        file.number(); // and the distance that training aimed at
    } else if (name != "loss_metric_") {
        throw FileProblem("it holds another network: it does not encode faces");
    }
}

// The largest size of a number of a sensible encoding; those of dlib's own encoder lie below 1.
constexpr float mostOfNumber = 1000;

// Finite weights may still give infinite or useless sums.
bool encodesSensibly(const EncoderWeights &weights) {
    holdToThisThread();
    const auto plan = encoderPlan(weights, Arithmetic::f32);
    dnnl::stream stream(cpu());
    Buffer<uint8_t> workspace;
    // Two chips with every grey level.
    std::vector<uint8_t> chips(size_t(2) * CFACE_CHIP_SIDE * CFACE_CHIP_SIDE * 3);
    for (size_t index = 0; index < chips.size(); index++)
        chips[index] = static_cast<uint8_t>(index * 7 / 3);
    std::vector<float> encodings(size_t(2) * CFACE_ENCODING_SIZE);
    plan->encode(stream, chips.data(), 2, encodings.data(),
                 workspace.atLeast(plan->workspaceBytes()));
    // Written so that NaN fails.
    return std::all_of(encodings.begin(), encodings.end(),
                       [](float number) { return std::fabs(number) <= mostOfNumber; });
}

} // namespace

EncoderWeights broughtEncoderWeights(const std::string &file) {
    std::istringstream stream(file);
    DlibFile reader(stream);
    readLoss(reader);
    auto found = residualWeights(reader, architecture());
    if (stream.peek() != std::istringstream::traits_type::eof())
        throw FileProblem("it goes on behind the end of its network");
    EncoderWeights weights{std::move(found.convolutions), std::move(found.projection)};
    if (!encodesSensibly(weights))
        throw FileProblem("what it makes of a picture is no encoding");
    return weights;
}

} // namespace cface
