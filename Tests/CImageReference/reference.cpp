#include "CImageReference.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <dlib/dnn.h>

#include "CNetworkLayers/residual_file.h"

// OpenBLAS declares it in cblas.h, which dlib's headers shadow.
extern "C" void openblas_set_num_threads(int);

using namespace dlib;

namespace {

// The network types are written down again, as in dlib's examples: shared ones would prove less.
template <template <int, template <typename> class, int, typename> class B, int N,
          template <typename> class BN, typename S>
using residual = add_prev1<B<N, BN, 1, tag1<S>>>;
template <template <int, template <typename> class, int, typename> class B, int N,
          template <typename> class BN, typename S>
using residual_down = add_prev2<avg_pool<2, 2, 2, 2, skip1<tag2<B<N, BN, 2, tag1<S>>>>>>;
template <int N, template <typename> class BN, int stride, typename S>
using block = BN<con<N, 3, 3, 1, 1, relu<BN<con<N, 3, 3, stride, stride, S>>>>>;
template <int N, typename S> using ares = relu<residual<block, N, affine, S>>;
template <int N, typename S> using ares_down = relu<residual_down<block, N, affine, S>>;

template <typename S> using level1 = ares<512, ares<512, ares_down<512, S>>>;
template <typename S>
using level2 = ares<256, ares<256, ares<256, ares<256, ares<256, ares_down<256, S>>>>>>;
template <typename S> using level3 = ares<128, ares<128, ares<128, ares_down<128, S>>>>;
template <typename S> using level4 = ares<64, ares<64, ares<64, S>>>;
using classifier = loss_multiclass_log<
    fc<1000, avg_pool_everything<level1<level2<level3<level4<max_pool<
                 3, 3, 2, 2, relu<affine<con<64, 7, 7, 2, 2, input_rgb_image_sized<227>>>>>>>>>>>>;

template <typename S> using alevel0 = ares_down<256, S>;
template <typename S> using alevel1 = ares<256, ares<256, ares_down<256, S>>>;
template <typename S> using alevel2 = ares<128, ares<128, ares_down<128, S>>>;
template <typename S> using alevel3 = ares<64, ares<64, ares<64, ares_down<64, S>>>>;
template <typename S> using alevel4 = ares<32, ares<32, ares<32, S>>>;
using face_encoder = loss_metric<fc_no_bias<
    128, avg_pool_everything<alevel0<alevel1<alevel2<alevel3<alevel4<max_pool<
             3, 3, 2, 2, relu<affine<con<32, 7, 7, 2, 2, input_rgb_image_sized<150>>>>>>>>>>>>>;

constexpr long side = 227;

std::vector<matrix<rgb_pixel>> pictures(const uint8_t *crops, int32_t count) {
    std::vector<matrix<rgb_pixel>> pictures(static_cast<size_t>(count));
    for (auto &picture : pictures) {
        picture.set_size(side, side);
        std::memcpy(static_cast<void *>(&picture(0, 0)), crops, side * side * 3);
        crops += side * side * 3;
    }
    return pictures;
}

// Makes every affine layer one of a number for each channel, as those are that come of training;
// by itself it would have one for each place of the picture.
class Channelwise {
  public:
    template <typename S> void operator()(size_t, add_layer<affine_, S> &layer) {
        layer.layer_details() = affine_(CONV_MODE);
    }
    template <typename Other> void operator()(size_t, Other &) {}
};

// Gives every layer weights with which the activations neither vanish nor explode: those of a
// convolution keep the size of what comes in, and a block adds a part of it.
class Seeder {
  public:
    explicit Seeder(uint64_t seed) : random(seed) {}

    template <long N, long R, long C, int SY, int SX, int PY, int PX, typename S>
    void operator()(size_t, add_layer<con_<N, R, C, SY, SX, PY, PX>, S> &layer) {
        tensor &numbers = layer.layer_details().get_layer_params();
        const size_t weights = numbers.size() - N;
        fill(numbers, 0, weights, std::sqrt(2.0f * N / static_cast<float>(weights)));
        fill(numbers, weights, numbers.size(), 0.05f);
    }

    template <typename S> void operator()(size_t, add_layer<affine_, S> &layer) {
        std::uniform_real_distribution<float> factor(0.3f, 0.9f), summand(-0.2f, 0.2f);
        auto gamma = layer.layer_details().get_gamma();
        auto beta = layer.layer_details().get_beta();
        for (auto &number : gamma)
            number = factor(random);
        for (auto &number : beta)
            number = summand(random);
    }

    template <unsigned long N, fc_bias_mode M, typename S>
    void operator()(size_t, add_layer<fc_<N, M>, S> &layer) {
        fill(layer.layer_details().get_layer_params(), 0,
             layer.layer_details().get_layer_params().size(), 0.05f);
    }

    template <typename Other> void operator()(size_t, Other &) {}

  private:
    std::mt19937_64 random;

    void fill(tensor &numbers, size_t first, size_t last, float deviation) {
        std::normal_distribution<float> normal(0, deviation);
        for (size_t index = first; index < last; index++)
            numbers.host()[index] = normal(random);
    }
};

// The convolutions of a network as dlib holds them, with their affine layers, from the picture on.
class Collector {
  public:
    struct Layer {
        std::vector<float> numbers, gamma, beta;
        size_t outputs;
    };
    std::vector<Layer> layers;
    std::vector<float> projection;

    template <long N, long R, long C, int SY, int SX, int PY, int PX, typename S>
    void operator()(size_t, add_layer<con_<N, R, C, SY, SX, PY, PX>, S> &layer) {
        const tensor &numbers = layer.layer_details().get_layer_params();
        next.numbers.assign(numbers.begin(), numbers.end());
        next.outputs = N;
        layers.insert(layers.begin(), next);
    }
    template <typename S> void operator()(size_t, add_layer<affine_, S> &layer) {
        const tensor &gamma = layer.layer_details().get_gamma();
        const tensor &beta = layer.layer_details().get_beta();
        next.gamma.assign(gamma.begin(), gamma.end());
        next.beta.assign(beta.begin(), beta.end());
    }
    template <unsigned long N, fc_bias_mode M, typename S>
    void operator()(size_t, add_layer<fc_<N, M>, S> &layer) {
        const tensor &numbers = layer.layer_details().get_layer_params();
        projection.assign(numbers.begin(), numbers.end());
    }
    template <typename Other> void operator()(size_t, Other &) {}

  private:
    Layer next;
};

double largestDifference(const std::vector<float> &one, const std::vector<double> &other) {
    if (one.size() != other.size())
        return 1e30;
    double largest = 0, difference = 0;
    for (size_t index = 0; index < one.size(); index++) {
        largest = std::max(largest, std::abs(other[index]));
        difference = std::max(difference, std::abs(static_cast<double>(one[index]) - other[index]));
    }
    return largest > 0 ? difference / largest : difference;
}

double difference(const clayers::ResidualWeights &found, const Collector &expected) {
    if (found.convolutions.size() != expected.layers.size())
        return 1e30;
    double largest = largestDifference(found.projection,
                                       {expected.projection.begin(), expected.projection.end()});
    for (size_t index = 0; index < expected.layers.size(); index++) {
        const auto &layer = expected.layers[index];
        const size_t count = layer.numbers.size() - layer.outputs;
        std::vector<double> weights(count), bias(layer.outputs);
        for (size_t number = 0; number < count; number++)
            weights[number] = static_cast<double>(layer.numbers[number]) *
                              static_cast<double>(layer.gamma[number / (count / layer.outputs)]);
        for (size_t output = 0; output < layer.outputs; output++)
            bias[output] = static_cast<double>(layer.numbers[count + output]) *
                               static_cast<double>(layer.gamma[output]) +
                           static_cast<double>(layer.beta[output]);
        largest = std::max({largest, largestDifference(found.convolutions[index].weights, weights),
                            largestDifference(found.convolutions[index].bias, bias)});
    }
    return largest;
}

} // namespace

int32_t cimref_write(const char *path, uint64_t seed, int32_t labels) {
    try {
        openblas_set_num_threads(1);
        classifier network;
        Channelwise channelwise;
        visit_layers(network, [&](size_t index, auto &layer) { channelwise(index, layer); });
        // Its layers have their sizes after the first picture.
        const std::vector<uint8_t> grey(side * side * 3, 128);
        network(pictures(grey.data(), 1));
        Seeder seeder(seed);
        visit_layers(network, [&](size_t index, auto &layer) { seeder(index, layer); });
        network.clean();
        std::vector<std::string> names;
        for (int32_t number = 0; number < labels; number++)
            names.push_back("thing " + std::to_string(number) + ", object " +
                            std::to_string(number));
        serialize(path) << network << names;
        return 0;
    } catch (...) {
        return -1;
    }
}

int32_t cimref_classify(const char *path, const uint8_t *crops, int32_t count, float *features,
                        float *probabilities) {
    try {
        openblas_set_num_threads(1);
        classifier network;
        std::vector<std::string> labels;
        deserialize(path) >> network >> labels;
        softmax<classifier::subnet_type> answer;
        answer.subnet() = network.subnet();
        const auto images = pictures(crops, count);
        const matrix<float, 1, 1000> shares =
            sum_rows(mat(answer(images.begin(), images.end()))) / count;
        std::copy(shares.begin(), shares.end(), probabilities);
        const tensor &pooled = layer<2>(answer).get_output();
        if (pooled.size() != static_cast<size_t>(count) * 512)
            return -1;
        for (size_t number = 0; number < 512; number++) {
            double sum = 0;
            for (size_t crop = 0; crop < static_cast<size_t>(count); crop++)
                sum += static_cast<double>(pooled.host()[crop * 512 + number]);
            features[number] = static_cast<float>(sum / count);
        }
        return 0;
    } catch (...) {
        return -1;
    }
}

double cimref_encoder_difference(const char *path) {
    try {
        face_encoder network;
        deserialize(path) >> network;
        Collector collector;
        visit_layers(network, [&](size_t index, auto &layer) { collector(index, layer); });

        std::ifstream stream(path, std::ios::binary);
        clayers::DlibFile file(stream);
        file.expect(1, "its version");
        if (file.text(64) != "loss_metric_2")
            return -1;
        file.number();
        file.number();
        const auto found = clayers::residualWeights(
            file, {150,
                   32,
                   {{32, 3, false}, {64, 4, true}, {128, 3, true}, {256, 3, true}, {256, 1, true}},
                   128,
                   false});
        // Nothing but its end is left.
        if (stream.peek() != std::char_traits<char>::eof())
            return -1;
        return difference(found, collector);
    } catch (...) {
        return -1;
    }
}

double cimref_normalisation_difference(uint64_t seed) {
    try {
        constexpr long channels = 16;
        std::mt19937_64 random(seed);
        std::normal_distribution<float> normal(0, 1);
        const auto numbers = [&](long count, bool isPositive) {
            resizable_tensor values(1, count);
            for (auto &value : values)
                value = isPositive ? std::abs(normal(random)) : normal(random);
            return values;
        };
        // As bn_ is serialised; its own members cannot be set from outside.
        std::ostringstream out;
        const alias_tensor view(1, channels);
        serialize("bn_con2", out);
        serialize(numbers(2 * channels, false), out);
        for (int time = 0; time < 2; time++)
            serialize(view, out);
        serialize(numbers(channels, false), out);
        serialize(resizable_tensor(), out);
        serialize(numbers(channels, false), out);
        serialize(numbers(channels, true), out);
        for (const unsigned long count : {100ul, 1000ul})
            serialize(count, out);
        for (const double factor : {1.0, 0.0, 1.0, 0.1, 1e-4})
            serialize(factor, out);

        std::istringstream one(out.str()), other(out.str());
        affine_ expected;
        deserialize(expected, one);
        clayers::DlibFile file(other);
        const auto found = clayers::affine(file, channels);
        if (other.peek() != std::char_traits<char>::eof())
            return -1;
        const tensor &gamma = expected.get_gamma();
        const tensor &beta = expected.get_beta();
        return std::max(largestDifference(found.gamma, {gamma.begin(), gamma.end()}),
                        largestDifference(found.beta, {beta.begin(), beta.end()}));
    } catch (...) {
        return -1;
    }
}
