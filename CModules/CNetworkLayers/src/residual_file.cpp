#include "CNetworkLayers/residual_file.h"

#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>

#include "CNetworkLayers/kernels.h"

// Source: the functions `deserialize` of dlib's dnn/core.h, dnn/layers.h and dnn/input.h, version
// 19.24. A network is written from its output down: first the versions of all layers, each inside
// the previous, then, from the input up, the content of each.

namespace clayers {

namespace {

constexpr size_t longestName = 64;

enum class Kind { convolution, affine, relu, maximumPool, meanPool, add, tag, skip, projection };

struct LayerShape {
    Kind kind;
    long inputs, outputs; // channels
    long side, stride;    // of convolutions and pools; side 0: all of the picture
};

// All layers, from the picture on.
std::vector<LayerShape> layers(const ResidualShape &shape) {
    std::vector<LayerShape> layers;
    const auto convolution = [&](long inputs, long outputs, long side, long stride) {
        layers.push_back({Kind::convolution, inputs, outputs, side, stride});
        layers.push_back({Kind::affine, outputs, outputs, 0, 0});
    };
    const auto plain = [&](Kind kind, long side = 0, long stride = 0) {
        layers.push_back({kind, 0, 0, side, stride});
    };
    convolution(3, shape.firstChannels, 7, 2);
    plain(Kind::relu);
    plain(Kind::maximumPool, 3, 2);
    long channels = shape.firstChannels;
    for (const auto &level : shape.levels)
        for (long block = 0; block < level.blocks; block++) {
            const bool halves = level.halves && block == 0;
            plain(Kind::tag);
            convolution(channels, level.channels, 3, halves ? 2 : 1);
            plain(Kind::relu);
            convolution(level.channels, level.channels, 3, 1);
            if (halves) {
                plain(Kind::tag);
                plain(Kind::skip);
                plain(Kind::meanPool, 2, 2);
            }
            plain(Kind::add);
            plain(Kind::relu);
            channels = level.channels;
        }
    plain(Kind::meanPool, 0, 1);
    layers.push_back({Kind::projection, channels, shape.outputs, 0, 0});
    return layers;
}

[[noreturn]] void isAnother(const std::string &what) {
    throw FileProblem("it holds another network: " + what);
}

// The name at the start of each layer's details, which ends with a version.
std::string expectName(DlibFile &file, const char *name, const char *olderName) {
    const std::string found = file.text(longestName);
    if (found != name && found != olderName)
        isAnother("there is no layer '" + std::string(name) + "' where it should be");
    return found;
}

// What a layer needed in training: four factors.
void skipFactors(DlibFile &file) {
    for (int factor = 0; factor < 4; factor++)
        file.number();
}

void readInput(DlibFile &file, const ResidualShape &shape) {
    expectName(file, "input_rgb_image_sized", "input_rgb_image_sized");
    for (const float mean : {clayers::meanRed, clayers::meanGreen, clayers::meanBlue})
        if (std::abs(file.number() - static_cast<double>(mean)) > 0.001)
            isAnother("it expects other colours");
    file.expect(shape.side, "the height of its picture");
    file.expect(shape.side, "the width of its picture");
}

// Sizes and steps of a convolution or pool.
void readWindow(DlibFile &file, const LayerShape &layer) {
    // dlib pads where the step is one, so that the picture keeps its size.
    const long padding = layer.stride == 1 ? layer.side / 2 : 0;
    for (const char *what : {"the height of a window", "the width of a window"})
        file.expect(layer.side, what);
    for (const char *what : {"the step down", "the step across"})
        file.expect(layer.stride, what);
    for (const char *what : {"the padding above", "the padding beside"})
        file.expect(padding, what);
}

void expectView(const DlibFile::Shape &found, long one, long two, long three, long four) {
    const long expected[] = {one, two, three, four};
    for (int index = 0; index < 4; index++)
        if (found.sizes[index] != expected[index])
            isAnother("a layer's weights have another shape");
}

clayers::Convolution readConvolution(DlibFile &file, const LayerShape &layer) {
    const bool saysBias = expectName(file, "con_5", "con_4") == "con_5";
    const auto biases = static_cast<size_t>(layer.outputs);
    const size_t weights = biases * static_cast<size_t>(layer.inputs * layer.side * layer.side);
    std::vector<float> numbers = file.tensor(weights + biases, weights);
    file.expect(layer.outputs, "the channels of a convolution");
    readWindow(file, layer);
    expectView(file.view(), layer.outputs, layer.inputs, layer.side, layer.side);
    const auto biasView = file.view();
    skipFactors(file);
    const bool hasBias = numbers.size() > weights;
    if ((saysBias ? file.boolean() : true) != hasBias)
        isAnother("a convolution's bias is not where it should be");
    clayers::Convolution convolution;
    convolution.outputs = layer.outputs;
    convolution.inputs = layer.inputs;
    convolution.side = layer.side;
    convolution.stride = layer.stride;
    convolution.padding = layer.stride == 1 ? layer.side / 2 : 0;
    convolution.bias.assign(biases, 0);
    if (hasBias) {
        expectView(biasView, 1, layer.outputs, 1, 1);
        convolution.bias.assign(numbers.end() - layer.outputs, numbers.end());
        numbers.resize(weights);
    }
    convolution.weights = std::move(numbers);
    return convolution;
}

void fold(const Affine &affine, clayers::Convolution &convolution) {
    const size_t perOutput = convolution.weights.size() / convolution.bias.size();
    for (size_t output = 0; output < convolution.bias.size(); output++) {
        const float gamma = affine.gamma[output];
        for (size_t index = 0; index < perOutput; index++)
            convolution.weights[output * perOutput + index] *= gamma;
        convolution.bias[output] = convolution.bias[output] * gamma + affine.beta[output];
    }
}

void readProjection(DlibFile &file, const LayerShape &layer, bool hasBias,
                    ResidualWeights &result) {
    const bool saysBias = expectName(file, "fc_3", "fc_2") == "fc_3";
    file.expect(layer.outputs, "the size of its answer");
    file.expect(layer.inputs, "the channels of the last layer");
    const auto outputs = static_cast<size_t>(layer.outputs);
    const size_t weights = static_cast<size_t>(layer.inputs) * outputs;
    result.projection = file.tensor(weights + (hasBias ? outputs : 0));
    expectView(file.view(), layer.inputs, layer.outputs, 1, 1);
    const auto biasView = file.view();
    file.expect(hasBias ? 0 : 1, "the kind of the last layer");
    skipFactors(file);
    if (saysBias && !file.boolean() && hasBias)
        isAnother("its last layer has no bias");
    if (hasBias) {
        expectView(biasView, 1, layer.outputs, 1, 1);
        result.bias.assign(result.projection.end() - layer.outputs, result.projection.end());
        result.projection.resize(weights);
    }
}

// Versions of a layer on another one, of a tag or skip, and of the first layer.
void expectVersion(int64_t found, int64_t least, int64_t most) {
    if (found < least || found > most)
        isAnother("a layer has version " + std::to_string(found));
}

void readDetails(DlibFile &file, const LayerShape &layer, bool hasBias, ResidualWeights &result) {
    switch (layer.kind) {
    case Kind::convolution:
        result.convolutions.push_back(readConvolution(file, layer));
        break;
    case Kind::affine:
        fold(affine(file, layer.outputs), result.convolutions.back());
        break;
    case Kind::relu:
        expectName(file, "relu_", "relu_");
        break;
    case Kind::maximumPool:
        expectName(file, "max_pool_2", "max_pool_2");
        readWindow(file, layer);
        break;
    case Kind::meanPool:
        expectName(file, "avg_pool_2", "avg_pool_2");
        readWindow(file, layer);
        break;
    case Kind::add:
        expectName(file, "add_prev_", "add_prev_");
        break;
    case Kind::projection:
        readProjection(file, layer, hasBias, result);
        break;
    case Kind::tag:
    case Kind::skip:
        break;
    }
}

} // namespace

Affine affine(DlibFile &file, long channels) {
    const auto count = static_cast<size_t>(channels);
    const std::string name = file.text(longestName);
    const bool isNormalisation = name == "bn_con2";
    if (!isNormalisation && name != "affine_" && name != "affine_2")
        isAnother("there is no layer 'affine_' where it should be");
    const std::vector<float> numbers = file.tensor(2 * count);
    expectView(file.view(), 1, channels, 1, 1);
    expectView(file.view(), 1, channels, 1, 1);
    Affine result;
    result.gamma.assign(numbers.begin(), numbers.begin() + channels);
    result.beta.assign(numbers.begin() + channels, numbers.end());
    if (!isNormalisation) {
        file.integer(); // whether it followed a convolution in training
        if (name == "affine_2" && file.boolean())
            isAnother("an affine layer is switched off");
        return result;
    }
    file.skipTensor(); // of the last training pictures: means
    file.skipTensor(); // and deviations
    const std::vector<float> means = file.tensor(count), variances = file.tensor(count);
    file.integer(); // the number of updates
    file.integer(); // and from how many pictures
    skipFactors(file);
    const auto least = static_cast<float>(file.number());
    for (size_t channel = 0; channel < count; channel++) {
        if (!(variances[channel] + least > 0))
            throw FileProblem("it holds a variance that is none");
        result.gamma[channel] /= std::sqrt(variances[channel] + least);
        result.beta[channel] -= result.gamma[channel] * means[channel];
    }
    return result;
}

ResidualWeights residualWeights(DlibFile &file, const ResidualShape &shape) {
    const auto layers = clayers::layers(shape);
    std::vector<int64_t> versions(layers.size());
    for (size_t index = layers.size(); index-- > 0;) {
        versions[index] = file.integer();
        const Kind kind = layers[index].kind;
        if (index == 0)
            expectVersion(versions[index], 2, 3);
        else
            expectVersion(versions[index], 1, kind == Kind::tag || kind == Kind::skip ? 1 : 2);
    }
    readInput(file, shape);
    ResidualWeights result;
    for (size_t index = 0; index < layers.size(); index++) {
        const Kind kind = layers[index].kind;
        if (kind == Kind::tag || kind == Kind::skip)
            continue;
        readDetails(file, layers[index], shape.hasBias, result);
        // Left from training: three booleans, and tensors that are mostly empty.
        for (int answer = 0; answer < 3; answer++)
            file.boolean();
        const bool isFirst = index == 0;
        const int tensors = isFirst || versions[index] == 2 ? 3 : 2;
        for (int tensor = 0; tensor < tensors; tensor++)
            file.skipTensor();
        if (isFirst && versions[index] == 3)
            file.integer(); // how many pictures make one
    }
    return result;
}

} // namespace clayers
