#include "CFaceEngine.h"
#include "CNetworkLayers/kernels.h"
#include "CNetworkLayers/onednn.h"
#include "CNetworkLayers/processor.h"
#include "CNetworkLayers/resampling.h"
#include "CNetworkLayers/residual_file.h"
#include "brought_encoder.h"
#include "dlib_models.h"
#include "hog.h"
#include "networks.h"
#include "onednn_models.h"
#include "picture_view.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include <dlib/image_processing.h>
#include <dlib/image_transforms.h>

// OpenBLAS declares these in cblas.h, which dlib's headers shadow.
extern "C" void openblas_set_num_threads(int);
extern "C" char *openblas_get_corename(void);

using Chip = dlib::matrix<dlib::rgb_pixel>;
using Picture = dlib::cface_picture_view<dlib::rgb_pixel>;

struct cface_models {
    dlib::shape_predictor aligner;
    std::unique_ptr<cface::NetworkModels> networks;
    cface::HOGModel hog;
};

struct cface_engine {
    const cface_models *models;
    std::unique_ptr<cface::HOG> hog;
    std::unique_ptr<cface::Networks> networks;
    std::vector<uint8_t> resized; // a picture resized for the CNN, kept for the next
};

namespace {

// Margin around the face in its chip, as a fraction of the face, as in the encoder's training.
constexpr double chipPadding = 0.25;

// Shorter side, in pixels, of the smallest picture for the CNN; its smallest face has 65.
constexpr int32_t leastCNNSide = 40;

struct Failure : std::runtime_error {
    Failure(int32_t status, const std::string &message)
        : std::runtime_error(message), status(status) {}
    int32_t status;
};

int32_t report(cface_error *error, int32_t status, const char *message) {
    if (error) {
        error->status = status;
        std::snprintf(error->message, sizeof error->message, "%s", message);
    }
    return status;
}

constexpr const char *tooLittleMemory = "there is too little memory";

// The edge: no exception leaves.
template <typename Body> int32_t guarded(cface_error *error, Body body) {
    try {
        body();
        return report(error, CFACE_OK, "");
    } catch (const Failure &failure) {
        return report(error, failure.status, failure.what());
    } catch (const cface::FileProblem &problem) {
        return report(error, CFACE_BAD_ENCODER, problem.what());
    } catch (const std::bad_alloc &) {
        return report(error, CFACE_OUT_OF_MEMORY, tooLittleMemory);
    } catch (const dnnl::error &failure) {
        return failure.status == dnnl_out_of_memory
                   ? report(error, CFACE_OUT_OF_MEMORY, tooLittleMemory)
                   : report(error, CFACE_FAILED, failure.what());
    } catch (const std::exception &failure) {
        return report(error, CFACE_FAILED, failure.what());
    } catch (...) {
        return report(error, CFACE_FAILED, "an unknown failure");
    }
}

void require(bool condition, const char *what) {
    if (!condition)
        throw Failure(CFACE_BAD_ARGUMENT, what);
}

void requirePicture(const void *pixels, int32_t width, int32_t height, size_t stride,
                    size_t bytesPerPixel) {
    require(pixels != nullptr, "the picture is NULL");
    require(width > 0 && height > 0, "the picture has no pixels");
    require(width <= CFACE_MAXIMUM_SIDE && height <= CFACE_MAXIMUM_SIDE,
            "the picture is too long or too wide");
    require(stride >= bytesPerPixel * static_cast<size_t>(width), "the stride is below the width");
}

// What both detectors' searches share.
template <typename Search> void requireSearch(const Search &search, int32_t width, int32_t height) {
    require(search.resize > 0 && search.resize <= 4, "resize is not in 0...4");
    require(std::max(width, height) * search.resize <= CFACE_MAXIMUM_SIDE,
            "the enlarged picture is too long or too wide");
    require(search.level_count >= 0, "the number of levels is negative");
    require(std::isfinite(search.threshold), "the threshold is not a number");
}

constexpr cface_model_file knownFiles[CFACE_MODEL_FILE_COUNT] = {
    {"shape_predictor_5_face_landmarks.dat", "aligner",
     "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888", 9150489,
     0xa43388254eff559a},
    {"dlib_face_recognition_resnet_model_v1.dat", "encoder",
     "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30", 22466066,
     0x56a666ac4a9446c7},
    {"mmod_human_face_detector.dat", "detector",
     "4cb19393e2fbaf2b1609a9319ad5386618c886a6234ec1b971f3e87c85d87fe6", 729940,
     0x93b038835134b989},
};

// FNV-1a over words of 8 bytes instead of bytes: 30 MB in 20 ms, where SHA-256 takes 100. Each
// step is a bijection of the state, so a single changed word always shows.
uint64_t checksum(const std::string &bytes) {
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t start = 0; start < bytes.size(); start += 8) {
        uint64_t word = 0;
        std::memcpy(&word, bytes.data() + start, std::min<size_t>(8, bytes.size() - start));
        hash = (hash ^ word) * 0x100000001b3;
        hash ^= hash >> 29;
    }
    return hash;
}

std::string readModel(const std::string &folder, const cface_model_file &known) {
    const std::string role = std::string("the ") + known.role;
    std::ifstream file(folder + "/" + known.name, std::ios::binary | std::ios::ate);
    if (!file)
        throw Failure(CFACE_NO_MODEL, role + " cannot be opened");
    const std::streamoff size = file.tellg();
    if (size != known.size)
        throw Failure(CFACE_BAD_MODEL, role + " has " + std::to_string(size) +
                                           " bytes instead of " + std::to_string(known.size));
    std::string bytes(static_cast<size_t>(known.size), '\0');
    file.seekg(0);
    file.read(&bytes[0], static_cast<std::streamsize>(bytes.size()));
    if (!file)
        throw Failure(CFACE_BAD_MODEL, role + " cannot be read to its end");
    if (checksum(bytes) != known.checksum)
        throw Failure(CFACE_BAD_MODEL, role + " is damaged or another one");
    return bytes;
}

// Calls `body`, in which dlib reads what `role` names.
template <typename Body> auto understood(const char *role, Body body) {
    try {
        return body();
    } catch (const dlib::serialization_error &) {
        throw Failure(CFACE_BAD_MODEL, std::string("the ") + role + " cannot be understood");
    }
}

// The networks to run if the caller leaves it to this processor.
int32_t networksFor(int32_t wanted) {
    if (wanted == CFACE_NETWORKS_FASTEST)
        return cface::quickestArithmetic() == cface::Arithmetic::bf16 ? CFACE_NETWORKS_BF16
                                                                      : CFACE_NETWORKS_F32;
    require(wanted == CFACE_NETWORKS_F32 || wanted == CFACE_NETWORKS_BF16 ||
                wanted == CFACE_NETWORKS_DLIB,
            "there are no such networks");
    if (wanted == CFACE_NETWORKS_BF16 && !cface::hasArithmetic(cface::Arithmetic::bf16))
        throw Failure(CFACE_UNSUPPORTED, "this processor does not calculate with bf16");
    return wanted;
}

std::unique_ptr<cface::NetworkModels> oneDNNNetworks(cface::EncoderWeights encoder,
                                                     const std::string &detector, int32_t kind) {
    return cface::oneDNNModels(
        std::move(encoder),
        understood("detector", [&] { return cface::detectorWeights(detector); }),
        kind == CFACE_NETWORKS_BF16 ? cface::Arithmetic::bf16 : cface::Arithmetic::f32);
}

std::unique_ptr<cface::NetworkModels> dlibNetworks(const std::string &encoder,
                                                   const std::string &detector) {
    return understood("networks", [&] { return cface::dlibModels(encoder, detector); });
}

std::unique_ptr<cface::NetworkModels> loadNetworks(const std::string &encoder,
                                                   const std::string &detector, int32_t kind) {
    if (kind == CFACE_NETWORKS_DLIB)
        return dlibNetworks(encoder, detector);
    return oneDNNNetworks(understood("encoder", [&] { return cface::encoderWeights(encoder); }),
                          detector, kind);
}

std::unique_ptr<cface::NetworkModels>
loadBroughtNetworks(const std::string &encoder, const std::string &detector, int32_t kind) {
    auto weights = cface::broughtEncoderWeights(encoder);
    if (kind == CFACE_NETWORKS_DLIB)
        return dlibNetworks(encoder, detector);
    return oneDNNNetworks(std::move(weights), detector, kind);
}

// The file of an encoder that the user brings.
std::string encoderFile(const void *bytes, size_t size) {
    require(bytes != nullptr || size == 0, "the encoder is NULL");
    require(size <= CFACE_MAXIMUM_ENCODER_BYTES, "the encoder is too large");
    return size == 0 ? std::string() : std::string(static_cast<const char *>(bytes), size);
}

// Reads the models in `folder`; `load` makes the networks of the detector's file.
template <typename Load>
std::unique_ptr<cface_models> loadModels(const char *folder, int32_t networks, Load load) {
    // More threads than workers fight for the cores; split sums round differently.
    openblas_set_num_threads(1);
    auto made = std::make_unique<cface_models>();
    const int32_t kind = networksFor(networks);
    std::istringstream aligner(readModel(folder, knownFiles[CFACE_ALIGNER]));
    understood("aligner", [&] { deserialize(made->aligner, aligner); });
    made->networks = load(readModel(folder, knownFiles[CFACE_DETECTOR]), kind);
    return made;
}

// The grey picture, resized by `factor`, without gaps between its rows.
dlib::matrix<unsigned char> greyPicture(const void *rgb, int32_t width, int32_t height,
                                        size_t stride, double factor) {
    dlib::matrix<unsigned char> picture(height, width);
    for (int32_t row = 0; row < height; row++) {
        const uint8_t *source = static_cast<const uint8_t *>(rgb) + row * stride;
        uint8_t *target = &picture(row, 0);
        for (int32_t column = 0; column < width; column++, source += 3)
            target[column] = (77 * source[0] + 150 * source[1] + 29 * source[2]) >> 8;
    }
    if (factor == 1)
        return picture;
    dlib::matrix<unsigned char> resized(std::max(1L, std::lround(height * factor)),
                                        std::max(1L, std::lround(width * factor)));
    dlib::resize_image(picture, resized, dlib::interpolate_bilinear());
    return resized;
}

static_assert(sizeof(dlib::rgb_pixel) == 3, "rows are read in place");

Picture colourPicture(const void *rgb, int32_t width, int32_t height, size_t stride) {
    return {rgb, height, width, static_cast<long>(stride)};
}

// A box with inclusive corners in a picture enlarged by `factor`, in pixels of the original.
cface_box box(double left, double top, double right, double bottom, double factor,
              double confidence, unsigned long view) {
    cface_box result;
    result.left = static_cast<int32_t>(std::lround(left / factor));
    result.top = static_cast<int32_t>(std::lround(top / factor));
    result.width = std::max<int32_t>(1, std::lround((right + 1) / factor) - result.left);
    result.height = std::max<int32_t>(1, std::lround((bottom + 1) / factor) - result.top);
    result.confidence = static_cast<float>(confidence);
    result.view = static_cast<int32_t>(view);
    return result;
}

void deliver(std::vector<cface_box> &found, cface_box *boxes, size_t capacity, size_t *count) {
    std::sort(found.begin(), found.end(), [](const cface_box &one, const cface_box &other) {
        return std::make_tuple(-one.confidence, one.left, one.top, one.width) <
               std::make_tuple(-other.confidence, other.left, other.top, other.width);
    });
    std::copy_n(found.begin(), std::min(capacity, found.size()), boxes);
    *count = found.size();
}

float sharpness(const Chip &chip) {
    dlib::matrix<unsigned char> grey;
    dlib::assign_image(grey, chip);
    // The outer quarter is hair and background.
    const long first = CFACE_CHIP_SIDE / 4, last = CFACE_CHIP_SIDE - first;
    double sum = 0, squares = 0;
    for (long row = first; row < last; row++)
        for (long column = first; column < last; column++) {
            const double value = grey(row - 1, column) + grey(row + 1, column) +
                                 grey(row, column - 1) + grey(row, column + 1) -
                                 4.0 * grey(row, column);
            sum += value;
            squares += value * value;
        }
    const double count = static_cast<double>((last - first) * (last - first));
    return static_cast<float>(squares / count - (sum / count) * (sum / count));
}

// The picture, resized by `factor` with dlib's bilinear geometry: corners stay on corners.
cface::PictureView resized(const cface::PictureView &picture, double factor,
                           std::vector<uint8_t> &pixels) {
    const long width = std::max(1L, std::lround(picture.width * factor));
    const long height = std::max(1L, std::lround(picture.height * factor));
    if (width == picture.width && height == picture.height)
        return picture;
    cface::ResampledColumns columns;
    columns.set(picture.width, width);
    const cface::Resampling down(picture.height, height);
    std::vector<float> blended(static_cast<size_t>(picture.width + 2) * 3);
    const size_t stride = static_cast<size_t>(width) * 3;
    pixels.resize(stride * static_cast<size_t>(height));
    for (long row = 0; row < height; row++) {
        const auto place = down.place(row);
        cface::kernels().bytesFromBytes(picture.row(place.first), picture.row(place.second),
                                        place.share, picture.width, columns.lefts.data(),
                                        columns.rights.data(), width, blended.data(),
                                        &pixels[stride * static_cast<size_t>(row)]);
    }
    return {pixels.data(), width, height, stride};
}

constexpr size_t chipBytes = size_t(CFACE_CHIP_SIDE) * CFACE_CHIP_SIDE * 3;

// How many faces' chips are held at once; a chip and its mirror image take 135 kB.
constexpr size_t facesTogether = 32;

// Cuts the face's chip and its mirror image, one after the other, into `chips`, and fills in all
// but the encodings.
void cut(const cface_engine &engine, const Picture &picture, const cface_box &box, uint8_t *chips,
         cface_face &face) {
    const dlib::rectangle rectangle(box.left, box.top, box.left + box.width - 1L,
                                    box.top + box.height - 1L);
    const auto shape = engine.models->aligner(picture, rectangle);
    Chip chip, mirrored;
    dlib::extract_image_chip(
        picture, dlib::get_face_chip_details(shape, CFACE_CHIP_SIDE, chipPadding), chip);
    dlib::flip_image_left_right(chip, mirrored);
    std::memcpy(chips, static_cast<const void *>(&chip(0, 0)), chipBytes);
    std::memcpy(chips + chipBytes, static_cast<const void *>(&mirrored(0, 0)), chipBytes);
    for (unsigned long index = 0; index < CFACE_LANDMARK_COUNT; index++) {
        const auto point = shape.part(index);
        face.landmarks[index] = {static_cast<float>(point.x()), static_cast<float>(point.y())};
    }
    face.sharpness = sharpness(chip);
}

} // namespace

int32_t cface_networks(int32_t wanted, int32_t *networks, cface_error *error) {
    return guarded(error, [&] {
        require(networks != nullptr, "networks is NULL");
        *networks = networksFor(wanted);
    });
}

const cface_model_file *cface_known_model_file(int32_t file) {
    return file >= 0 && file < CFACE_MODEL_FILE_COUNT ? &knownFiles[file] : nullptr;
}

int32_t cface_models_create(const char *folder, int32_t networks, cface_models **models,
                            cface_error *error) {
    return guarded(error, [&] {
        require(folder != nullptr && models != nullptr, "folder or models is NULL");
        *models =
            loadModels(folder, networks, [&](const std::string &detector, int32_t kind) {
                return loadNetworks(readModel(folder, knownFiles[CFACE_ENCODER]), detector, kind);
            }).release();
    });
}

int32_t cface_check_encoder(const void *encoder, size_t size, cface_error *error) {
    return guarded(error, [&] { cface::broughtEncoderWeights(encoderFile(encoder, size)); });
}

int32_t cface_models_create_with_encoder(const char *folder, const void *encoder, size_t size,
                                         int32_t networks, cface_models **models,
                                         cface_error *error) {
    return guarded(error, [&] {
        require(folder != nullptr && models != nullptr, "folder or models is NULL");
        const std::string file = encoderFile(encoder, size);
        *models = loadModels(folder, networks, [&](const std::string &detector, int32_t kind) {
                      return loadBroughtNetworks(file, detector, kind);
                  }).release();
    });
}

void cface_models_destroy(cface_models *models) { delete models; }

int32_t cface_engine_create(const cface_models *models, int32_t hog, cface_engine **engine,
                            cface_error *error) {
    return guarded(error, [&] {
        require(models != nullptr && engine != nullptr, "models or engine is NULL");
        require(hog == CFACE_HOG_FASTEST || hog == CFACE_HOG_PLAIN, "there is no such HOG code");
        auto made = std::make_unique<cface_engine>();
        made->models = models;
        made->hog = std::make_unique<cface::HOG>(
            models->hog, hog == CFACE_HOG_PLAIN ? cface::plainHOGKernels() : cface::hogKernels());
        made->networks = models->networks->forWorker();
        *engine = made.release();
    });
}

void cface_engine_destroy(cface_engine *engine) { delete engine; }

int32_t cface_detect_hog(cface_engine *engine, const void *rgb, int32_t width, int32_t height,
                         size_t stride, cface_hog_search search, cface_box *boxes, size_t capacity,
                         size_t *count, cface_error *error) {
    return guarded(error, [&] {
        require(engine != nullptr && count != nullptr, "engine or count is NULL");
        require(boxes != nullptr || capacity == 0, "boxes is NULL");
        requirePicture(rgb, width, height, stride, 3);
        requireSearch(search, width, height);
        require(search.window == 80 || search.window == 40, "there is no such window");
        const auto picture = greyPicture(rgb, width, height, stride, search.resize);
        const double factor = static_cast<double>(picture.nc()) / width;
        std::vector<cface_box> found;
        for (const auto &face : engine->hog->find(
                 &picture(0, 0), picture.nc(), picture.nr(),
                 {search.window, search.level_count, search.frontal_only != 0, search.threshold}))
            found.push_back(box(face.left, face.top, face.right, face.bottom, factor,
                                face.confidence, face.view));
        deliver(found, boxes, capacity, count);
    });
}

int32_t cface_detect_cnn(cface_engine *engine, const void *rgb, int32_t width, int32_t height,
                         size_t stride, cface_cnn_search search, cface_box *boxes, size_t capacity,
                         size_t *count, cface_error *error) {
    return guarded(error, [&] {
        require(engine != nullptr && count != nullptr, "engine or count is NULL");
        require(boxes != nullptr || capacity == 0, "boxes is NULL");
        requirePicture(rgb, width, height, stride, 3);
        requireSearch(search, width, height);
        require(search.pyramid == 6 || search.pyramid == 4 || search.pyramid == 3,
                "there is no such pyramid");
        std::vector<cface_box> found;
        const cface::PictureView whole = {static_cast<const uint8_t *>(rgb), width, height, stride};
        // A strip holds no face, and dlib ends the process if a picture is below a window.
        if (std::min(width, height) * search.resize >= leastCNNSide) {
            const auto picture = resized(whole, search.resize, engine->resized);
            // Sides are rounded, so the two directions may differ slightly.
            const double factor = static_cast<double>(picture.width) / width;
            for (const auto &face : engine->networks->detect(
                     picture, {search.pyramid, search.level_count, search.threshold}))
                found.push_back(box(static_cast<double>(face.left), static_cast<double>(face.top),
                                    static_cast<double>(face.right),
                                    static_cast<double>(face.bottom), factor, face.confidence, 0));
        }
        deliver(found, boxes, capacity, count);
    });
}

int32_t cface_encode(cface_engine *engine, const void *rgb, int32_t width, int32_t height,
                     size_t stride, const cface_box *boxes, size_t count, cface_face *faces,
                     cface_error *error) {
    return guarded(error, [&] {
        require(engine != nullptr, "engine is NULL");
        require((boxes != nullptr && faces != nullptr) || count == 0, "boxes or faces is NULL");
        requirePicture(rgb, width, height, stride, 3);
        if (count == 0)
            return;
        for (size_t index = 0; index < count; index++)
            require(boxes[index].width > 0 && boxes[index].height > 0 &&
                        boxes[index].width <= 2 * CFACE_MAXIMUM_SIDE &&
                        boxes[index].height <= 2 * CFACE_MAXIMUM_SIDE &&
                        std::abs(static_cast<int64_t>(boxes[index].left)) <=
                            2 * CFACE_MAXIMUM_SIDE &&
                        std::abs(static_cast<int64_t>(boxes[index].top)) <= 2 * CFACE_MAXIMUM_SIDE,
                    "a box is empty or far outside the picture");
        const auto picture = colourPicture(rgb, width, height, stride);
        std::vector<cface_face> encoded(count);
        const size_t together = std::min(count, facesTogether);
        std::vector<uint8_t> chips(2 * together * chipBytes);
        std::vector<float> encodings(2 * together * CFACE_ENCODING_SIZE);
        for (size_t first = 0; first < count; first += together) {
            const size_t group = std::min(together, count - first);
            for (size_t index = 0; index < group; index++)
                cut(*engine, picture, boxes[first + index], &chips[2 * index * chipBytes],
                    encoded[first + index]);
            engine->networks->encode(chips.data(), 2 * group, encodings.data());
            for (size_t index = 0; index < group; index++) {
                const float *one = &encodings[2 * index * CFACE_ENCODING_SIZE];
                const float *mirrored = one + CFACE_ENCODING_SIZE;
                cface_face &face = encoded[first + index];
                for (int number = 0; number < CFACE_ENCODING_SIZE; number++) {
                    face.plain[number] = one[number];
                    face.mirror_mean[number] = (one[number] + mirrored[number]) / 2;
                }
            }
        }
        std::copy(encoded.begin(), encoded.end(), faces);
    });
}

const char *cface_cpu_description(void) {
    static constexpr const char *instructionNames[] = {"plain", "AVX2", "AVX-512"};
    static char text[160];
    static std::once_flag once;
    std::call_once(once, [] {
        std::snprintf(text, sizeof text, "oneDNN %d.%d, %s; HOG %s; OpenBLAS %s",
                      dnnl_version()->major, dnnl_version()->minor,
                      cface::quickestArithmetic() == cface::Arithmetic::bf16 ? "bf16" : "f32",
                      instructionNames[static_cast<int>(cface::widestInstructions())],
                      openblas_get_corename());
    });
    return text;
}
