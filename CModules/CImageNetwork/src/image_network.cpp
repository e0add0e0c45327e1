#include "CImageNetwork.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "CNetworkLayers/buffer.h"
#include "CNetworkLayers/onednn.h"
#include "CNetworkLayers/residual_file.h"
#include "CNetworkLayers/residual_network.h"
#include "crops.h"

namespace {

constexpr size_t classCount = CIMAGENET_CLASS_COUNT;
constexpr size_t featureCount = CIMAGENET_FEATURE_COUNT;
constexpr size_t cropCount = CIMAGENET_CROP_COUNT;

// ResNet-34. Source: K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image
// Recognition", CVPR 2016; dlib's examples/dnn_imagenet_ex.cpp.
clayers::ResidualShape architecture() {
    return {CIMAGENET_CROP_SIDE,
            64,
            {{64, 3, false}, {128, 4, true}, {256, 6, true}, {512, 3, true}},
            CIMAGENET_CLASS_COUNT,
            true};
}

struct Failure : std::runtime_error {
    Failure(int32_t status, const std::string &message)
        : std::runtime_error(message), status(status) {}
    int32_t status;
};

int32_t report(cimagenet_error *error, int32_t status, const char *message) {
    if (error) {
        error->status = status;
        std::snprintf(error->message, sizeof error->message, "%s", message);
    }
    return status;
}

constexpr const char *tooLittleMemory = "there is too little memory";

// The edge: no exception leaves.
template <typename Body> int32_t guarded(cimagenet_error *error, Body body) {
    try {
        body();
        return report(error, CIMAGENET_OK, "");
    } catch (const Failure &failure) {
        return report(error, failure.status, failure.what());
    } catch (const clayers::FileProblem &problem) {
        return report(error, CIMAGENET_BAD_FILE, problem.what());
    } catch (const std::bad_alloc &) {
        return report(error, CIMAGENET_OUT_OF_MEMORY, tooLittleMemory);
    } catch (const dnnl::error &failure) {
        return failure.status == dnnl_out_of_memory
                   ? report(error, CIMAGENET_OUT_OF_MEMORY, tooLittleMemory)
                   : report(error, CIMAGENET_FAILED, failure.what());
    } catch (const std::exception &failure) {
        return report(error, CIMAGENET_FAILED, failure.what());
    } catch (...) {
        return report(error, CIMAGENET_FAILED, "an unknown failure");
    }
}

void require(bool condition, const char *what) {
    if (!condition)
        throw Failure(CIMAGENET_BAD_ARGUMENT, what);
}

// What dlib's example reads after the network.
std::vector<std::string> readLabels(clayers::DlibFile &file) {
    file.expect(static_cast<int64_t>(classCount), "the count of its labels");
    std::vector<std::string> labels(classCount);
    for (auto &label : labels) {
        label = file.text(CIMAGENET_LABEL_CAPACITY - 1);
        if (label.empty() || label.find('\0') != std::string::npos)
            throw clayers::FileProblem("it holds a label without a name");
    }
    return labels;
}

} // namespace

struct cimagenet_network {
    std::vector<std::string> labels;
    std::vector<float> projection; // [channel][class]
    std::vector<float> bias;
    std::unique_ptr<const clayers::ResidualNetwork<float>> layers;
};

struct cimagenet_worker {
    explicit cimagenet_worker(const cimagenet_network *network)
        : network(network), stream(clayers::cpu()) {}

    const cimagenet_network *network;
    dnnl::stream stream;
    clayers::Buffer<uint8_t> workspace;
};

namespace {

std::unique_ptr<cimagenet_network> loaded(const char *path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        throw Failure(CIMAGENET_NO_FILE, "it cannot be opened");
    clayers::DlibFile file(stream);
    file.expect(1, "its version");
    if (file.text(64) != "loss_multiclass_log_")
        throw clayers::FileProblem("it holds another network: it does not tell classes apart");
    const auto shape = architecture();
    auto weights = clayers::residualWeights(file, shape);
    auto network = std::make_unique<cimagenet_network>();
    network->labels = readLabels(file);
    network->projection = std::move(weights.projection);
    network->bias = std::move(weights.bias);
    clayers::holdToThisThread();
    auto packed =
        clayers::residualWeights(std::move(weights.convolutions), clayers::Arithmetic::f32);
    network->layers = std::make_unique<const clayers::ResidualNetwork<float>>(
        packed, static_cast<long>(cropCount), shape.side);
    return network;
}

// Adds the probabilities of the classes to `sums`.
void addProbabilities(const cimagenet_network &network, const std::vector<float> &features,
                      float *sums) {
    std::vector<float> scores = network.bias;
    for (size_t channel = 0; channel < features.size(); channel++) {
        const float *weights = &network.projection[channel * classCount];
        for (size_t number = 0; number < classCount; number++)
            scores[number] += features[channel] * weights[number];
    }
    // The largest becomes 1, so none overflows.
    const float largest = *std::max_element(scores.begin(), scores.end());
    float sum = 0;
    for (float &score : scores) {
        score = std::exp(score - largest);
        sum += score;
    }
    for (size_t number = 0; number < classCount; number++)
        sums[number] += scores[number] / sum;
}

} // namespace

int32_t cimagenet_network_create(const char *path, cimagenet_network **network,
                                 cimagenet_error *error) {
    return guarded(error, [&] {
        require(path != nullptr && network != nullptr, "the path or network is NULL");
        *network = loaded(path).release();
    });
}

void cimagenet_network_destroy(cimagenet_network *network) { delete network; }

int32_t cimagenet_label(const cimagenet_network *network, int32_t number,
                        char label[CIMAGENET_LABEL_CAPACITY], cimagenet_error *error) {
    return guarded(error, [&] {
        require(network != nullptr && label != nullptr, "the network or label is NULL");
        require(number >= 0 && number < CIMAGENET_CLASS_COUNT, "there is no such class");
        const std::string &text = network->labels[static_cast<size_t>(number)];
        std::memcpy(label, text.c_str(), text.size() + 1);
    });
}

int32_t cimagenet_worker_create(const cimagenet_network *network, cimagenet_worker **worker,
                                cimagenet_error *error) {
    return guarded(error, [&] {
        require(network != nullptr && worker != nullptr, "the network or worker is NULL");
        *worker = new cimagenet_worker(network);
    });
}

void cimagenet_worker_destroy(cimagenet_worker *worker) { delete worker; }

int32_t cimagenet_crops(const void *rgb, int32_t width, int32_t height, size_t stride,
                        uint8_t *crops, cimagenet_error *error) {
    return guarded(error, [&] {
        require(rgb != nullptr && crops != nullptr, "the picture or crops are NULL");
        require(width > 0 && height > 0, "the picture has no pixels");
        require(width <= CIMAGENET_MAXIMUM_SIDE && height <= CIMAGENET_MAXIMUM_SIDE,
                "the picture is too long or too wide");
        require(stride >= 3 * static_cast<size_t>(width), "the stride is below the width");
        cimagenet::cutCrops({static_cast<const uint8_t *>(rgb), width, height, stride}, crops);
    });
}

int32_t cimagenet_classify(cimagenet_worker *worker, const uint8_t *crops, float *features,
                           float *probabilities, cimagenet_error *error) {
    return guarded(error, [&] {
        require(worker != nullptr && crops != nullptr, "the worker or crops are NULL");
        require(features != nullptr && probabilities != nullptr, "the numbers are NULL");
        const cimagenet_network &network = *worker->network;
        const auto &layers = *network.layers;
        clayers::holdToThisThread();
        const float *last =
            layers.run(worker->stream, crops, worker->workspace.atLeast(layers.workspaceBytes()));
        std::vector<float> sums(featureCount), shares(classCount);
        for (size_t crop = 0; crop < cropCount; crop++) {
            const auto means = layers.means(last, static_cast<long>(crop));
            addProbabilities(network, means, shares.data());
            for (size_t channel = 0; channel < featureCount; channel++)
                sums[channel] += means[channel];
        }
        for (auto *numbers : {&sums, &shares})
            for (float &number : *numbers) {
                number /= static_cast<float>(cropCount);
                if (!std::isfinite(number))
                    throw Failure(CIMAGENET_FAILED, "its weights give no finite numbers");
            }
        std::copy(sums.begin(), sums.end(), features);
        std::copy(shares.begin(), shares.end(), probabilities);
    });
}
