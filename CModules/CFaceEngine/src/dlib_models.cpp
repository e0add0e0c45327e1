#include "dlib_models.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <sstream>
#include <utility>

#include "CFaceEngine.h"
#include "dlib_networks.h"

namespace cface {

namespace {

template <typename Network> Network loaded(const std::string &file) {
    Network network;
    std::istringstream stream(file);
    deserialize(network, stream);
    return network;
}

// Collects a network's convolutions. dlib visits layers from the output to the input, so an affine
// layer comes just before the convolution that it scales.
class Collector {
  public:
    std::vector<Convolution> convolutions;
    std::vector<float> projection;

    template <long outputs, long rows, long columns, int strideY, int strideX, int paddingY,
              int paddingX, typename Below>
    void operator()(
        size_t,
        dlib::add_layer<dlib::con_<outputs, rows, columns, strideY, strideX, paddingY, paddingX>,
                        Below> &layer) {
        static_assert(rows == columns && strideY == strideX, "the kernels are square");
        // The file decides the padding, not the type.
        const auto &details = layer.layer_details();
        const auto &parameters = details.get_layer_params();
        const long taps = rows * columns;
        const long count = static_cast<long>(parameters.size());
        const bool hasBias = !details.bias_is_disabled();
        Convolution convolution;
        convolution.outputs = outputs;
        convolution.side = rows;
        convolution.stride = strideY;
        convolution.padding = details.padding_y();
        convolution.inputs = (count - (hasBias ? outputs : 0)) / (outputs * taps);
        const float *values = parameters.host();
        const long weightCount = outputs * convolution.inputs * taps;
        convolution.weights.assign(values, values + weightCount);
        convolution.bias.assign(outputs, 0);
        if (hasBias)
            convolution.bias.assign(values + weightCount, values + weightCount + outputs);
        scale(convolution);
        convolutions.push_back(std::move(convolution));
    }

    // get_layer_params() of an affine layer is empty.
    template <typename Below>
    void operator()(size_t, dlib::add_layer<dlib::affine_, Below> &layer) {
        const dlib::tensor &gammas = layer.layer_details().get_gamma();
        const dlib::tensor &betas = layer.layer_details().get_beta();
        gamma.assign(gammas.host(), gammas.host() + gammas.size());
        beta.assign(betas.host(), betas.host() + betas.size());
    }

    template <unsigned long outputs, dlib::fc_bias_mode mode, typename Below>
    void operator()(size_t, dlib::add_layer<dlib::fc_<outputs, mode>, Below> &layer) {
        const auto &parameters = layer.layer_details().get_layer_params();
        projection.assign(parameters.host(), parameters.host() + parameters.size());
    }

    template <typename Other> void operator()(size_t, Other &) {}

  private:
    std::vector<float> gamma, beta;

    void scale(Convolution &convolution) {
        if (gamma.empty())
            return;
        const size_t perOutput = convolution.weights.size() / convolution.bias.size();
        for (size_t output = 0; output < convolution.bias.size(); output++) {
            for (size_t index = 0; index < perOutput; index++)
                convolution.weights[output * perOutput + index] *= gamma[output];
            convolution.bias[output] = convolution.bias[output] * gamma[output] + beta[output];
        }
        gamma.clear();
    }
};

template <typename Network> Collector collected(Network &network) {
    Collector collector;
    dlib::visit_layers(network, [&](size_t index, auto &layer) { collector(index, layer); });
    std::reverse(collector.convolutions.begin(), collector.convolutions.end());
    return collector;
}

class DlibModels;

class DlibNetworks final : public Networks {
  public:
    explicit DlibNetworks(const DlibModels &models);
    void encode(const uint8_t *chips, size_t count, float *encodings) override;
    std::vector<CNNFace> detect(const PictureView &picture, const CNNSearch &search) override;

  private:
    const DlibModels &models;
    // A copy: dlib's networks keep their activations in themselves.
    EncoderNetwork encoder;
};

class DlibModels final : public NetworkModels {
  public:
    DlibModels(const std::string &encoderFile, const std::string &detectorFile)
        : encoder(loaded<EncoderNetwork>(encoderFile)),
          detector(loaded<DetectorNetwork>(detectorFile)) {}

    std::unique_ptr<Networks> forWorker() const override {
        return std::make_unique<DlibNetworks>(*this);
    }

    const EncoderNetwork encoder;
    const DetectorNetwork detector;
    mutable std::mutex detecting;
};

DlibNetworks::DlibNetworks(const DlibModels &models) : models(models), encoder(models.encoder) {}

void DlibNetworks::encode(const uint8_t *chips, size_t count, float *encodings) {
    constexpr long side = CFACE_CHIP_SIDE;
    constexpr size_t chipBytes = side * side * 3;
    static_assert(sizeof(dlib::rgb_pixel) == 3, "chips are copied whole");
    for (size_t index = 0; index < count; index++) {
        // One at a time, so that an encoding does not depend on its neighbours.
        dlib::matrix<dlib::rgb_pixel> chip(side, side);
        std::memcpy(static_cast<void *>(&chip(0, 0)), chips + index * chipBytes, chipBytes);
        const auto encoding = encoder(chip);
        std::copy(encoding.begin(), encoding.end(), encodings + index * CFACE_ENCODING_SIZE);
    }
}

std::vector<CNNFace> DlibNetworks::detect(const PictureView &picture, const CNNSearch &search) {
    dlib::matrix<dlib::rgb_pixel> copy(picture.height, picture.width);
    for (long row = 0; row < picture.height; row++)
        std::memcpy(static_cast<void *>(&copy(row, 0)), picture.row(row),
                    static_cast<size_t>(picture.width) * 3);
    const std::lock_guard<std::mutex> turn(models.detecting);
    auto detector = std::make_unique<DetectorNetwork>(models.detector);
    std::vector<CNNFace> faces;
    for (const auto &face : detector->process(copy, search.threshold))
        faces.push_back({face.rect.left(), face.rect.top(), face.rect.right(), face.rect.bottom(),
                         face.detection_confidence});
    return faces;
}

} // namespace

EncoderWeights encoderWeights(const std::string &file) {
    auto network = loaded<EncoderNetwork>(file);
    Collector collector = collected(network);
    return {std::move(collector.convolutions), std::move(collector.projection)};
}

DetectorWeights detectorWeights(const std::string &file) {
    auto network = loaded<DetectorNetwork>(file);
    return {collected(network).convolutions};
}

std::unique_ptr<NetworkModels> dlibModels(const std::string &encoder, const std::string &detector) {
    return std::make_unique<DlibModels>(encoder, detector);
}

} // namespace cface
