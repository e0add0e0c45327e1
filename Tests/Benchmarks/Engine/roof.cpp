// How near the networks come to the processor's multiplication rate. Everything is measured in
// turns and the best of each counts, so that a busy moment of the machine does not spoil one alone.

#include "benchmark.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <dlib/image_processing.h>
#include <dlib/image_processing/shape_predictor.h>
#include <dlib/image_transforms.h>
#include <dnnl.hpp>

namespace benchmark {

namespace {

constexpr int rounds = 5;

// Arithmetic operations that the networks need, two for each product. What oneDNN does beyond
// that, for channels that only fill a vector, counts as lost.
//
// Encoder, for each chip: the sum over its 29 convolutions and the last projection.
constexpr double encoderOperations = 0.542e9;
// Detector, for each pixel of the tile: with 3, 16, 32, 32, 45, 45 and 45 input channels, kernels
// of 5x5 but for the last, 9x9, and after the first three layers a 4th, 16th and 64th of the
// pixels.
constexpr double detectorOperations =
    2 * (25.0 * 3 * 16 / 4 + 25.0 * 16 * 32 / 16 +
         (25.0 * (32 * 32 + 32 * 45 + 2 * 45 * 45) + 81.0 * 45) / 64);

// The searched picture, in the size in which facesort searches 12-megapixel photos.
constexpr int32_t searchedWidth = 2400, searchedHeight = 1800;
// The pyramid of the network's own file.
constexpr int32_t pyramid = 6;

// Faces encoded in one call; each has a chip and its mirror image.
constexpr int32_t facesTogether = 32;
constexpr int32_t faceSide = 120;

// A picture with something in it everywhere: the same pseudo-random numbers in every run.
Picture noise(int32_t width, int32_t height) {
    Picture picture{width, height, {}};
    picture.rgb.resize(picture.stride() * static_cast<size_t>(height));
    uint32_t state = 1;
    for (uint8_t &value : picture.rgb) {
        state = state * 1664525 + 1013904223;
        value = static_cast<uint8_t>(state >> 24);
    }
    return picture;
}

double tilePixels(long width, long height) {
    // Like CFaceEngine's tile: dlib's own gaps between and around the levels.
    constexpr unsigned long gap = 10, border = 11;
    std::vector<dlib::rectangle> levels;
    long tileWidth = 0, tileHeight = 0;
    dlib::impl::compute_tiled_image_pyramid_details(dlib::pyramid_down<pyramid>(), height, width,
                                                    gap, border, levels, tileHeight, tileWidth);
    return static_cast<double>(tileWidth) * static_cast<double>(tileHeight);
}

using Memory = dnnl::memory;

// A product of two square matrices, the second in the order that oneDNN likes best.
class MatrixProduct {
  public:
    MatrixProduct(const dnnl::engine &cpu, Memory::data_type kind, long side) : side(side) {
        const Memory::dims sides{side, side};
        const Memory::desc left(sides, kind, Memory::format_tag::ab);
        const Memory::desc right(sides, kind, Memory::format_tag::any);
        const Memory::desc result(sides, Memory::data_type::f32, Memory::format_tag::ab);
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::matmul::primitive_desc description(cpu, left, right, result);
#else
        const dnnl::matmul::primitive_desc description({left, right, result}, cpu);
#endif
        primitive = dnnl::matmul(description);
        factors = {filled(cpu, left), filled(cpu, description.weights_desc())};
        product = Memory(result, cpu);
    }

    void run(dnnl::stream &stream) {
        primitive.execute(
            stream,
            {{DNNL_ARG_SRC, factors[0]}, {DNNL_ARG_WEIGHTS, factors[1]}, {DNNL_ARG_DST, product}});
        stream.wait();
    }

    double operations() const {
        return 2.0 * static_cast<double>(side) * static_cast<double>(side) *
               static_cast<double>(side);
    }

  private:
    long side;
    dnnl::matmul primitive;
    std::vector<Memory> factors;
    Memory product;

    // Numbers of every size from -1 to 1: some processors slow down over unusual ones.
    Memory filled(const dnnl::engine &cpu, const Memory::desc &wanted) const {
        Memory plain({{side, side}, Memory::data_type::f32, Memory::format_tag::ab}, cpu);
        auto *numbers = static_cast<float *>(plain.get_data_handle());
        for (long index = 0; index < side * side; index++)
            numbers[index] = std::sin(static_cast<float>(index % 1009));
        Memory target(wanted, cpu);
        dnnl::stream stream(cpu);
        dnnl::reorder(plain, target).execute(stream, plain, target);
        stream.wait();
        return target;
    }
};

// What CFaceEngine does with a face before the network sees it, with the same functions of dlib:
// its header has no call that encodes chips, so this is measured here and subtracted. Measured
// often, because a figure from a busy moment would make the encoder look quicker than it is.
class Alignment {
  public:
    explicit Alignment(const Picture &picture) : pixels(picture.height, picture.width) {
        dlib::deserialize(modelFolder() + "/" + cface_known_model_file(CFACE_ALIGNER)->name) >>
            aligner;
        static_assert(sizeof(dlib::rgb_pixel) == 3, "rows are copied as they are");
        std::copy_n(picture.rgb.data(), picture.rgb.size(),
                    reinterpret_cast<uint8_t *>(&pixels(0, 0)));
    }

    void run(const std::vector<cface_box> &boxes) {
        for (const cface_box &box : boxes) {
            const auto shape =
                aligner(pixels, dlib::rectangle(box.left, box.top, box.left + box.width - 1,
                                                box.top + box.height - 1));
            dlib::extract_image_chip(
                pixels, dlib::get_face_chip_details(shape, CFACE_CHIP_SIDE, 0.25), chip);
            dlib::flip_image_left_right(chip, mirrored);
        }
    }

  private:
    dlib::shape_predictor aligner;
    dlib::matrix<dlib::rgb_pixel> pixels, chip, mirrored;
};

// One type of numbers, with the quickest times so far, in seconds.
struct Type {
    std::string name;
    Engine engine;
    std::vector<MatrixProduct> products;
    double matrixRate = 0; // operations a second
    double encoding = 1e30, detection = 1e30;
};

std::vector<Type> types(const dnnl::engine &cpu) {
    std::vector<Type> result;
    const auto add = [&](const char *name, int32_t networks, Memory::data_type kind) {
        int32_t found;
        if (cface_networks(networks, &found, nullptr) != CFACE_OK)
            return;
        std::vector<MatrixProduct> products;
        for (const long side : {512, 1024, 2048})
            products.emplace_back(cpu, kind, side);
        result.push_back({name, Engine(networks), std::move(products)});
    };
    add("f32", CFACE_NETWORKS_F32, Memory::data_type::f32);
    add("bf16", CFACE_NETWORKS_BF16, Memory::data_type::bf16);
    return result;
}

template <typename Rate> void print(const char *name, const std::vector<Type> &types, Rate rate) {
    std::printf("\"%s\": {", name);
    for (const Type &type : types)
        std::printf("%s\"%s\": %.1f", &type == &types.front() ? "" : ", ", type.name.c_str(),
                    rate(type) / 1e9);
    std::printf("}, ");
}

} // namespace

void roof() {
    const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    dnnl::stream stream(cpu);
    const Picture picture = noise(searchedWidth, searchedHeight);
    std::vector<cface_box> boxes;
    for (int32_t index = 0; index < facesTogether; index++)
        boxes.push_back({200 + index % 8 * 240, 200 + index / 8 * 240, faceSide, faceSide, 0, 0});
    std::vector<Type> all = types(cpu);
    Alignment alignment(picture);
    double aligning = 1e30;
    for (int round = 0; round < rounds; round++) {
        aligning = std::min(aligning, leastSeconds(5, [&] { alignment.run(boxes); }));
        for (Type &type : all) {
            for (MatrixProduct &product : type.products)
                type.matrixRate =
                    std::max(type.matrixRate,
                             product.operations() / leastSeconds(5, [&] { product.run(stream); }));
            type.encoding = std::min(type.encoding,
                                     leastSeconds(6, [&] { type.engine.encoded(picture, boxes); }));
            type.detection = std::min(type.detection, leastSeconds(3, [&] {
                                          type.engine.faces(picture, {1, pyramid, 0, 0});
                                      }));
        }
    }
    std::printf("{");
    print("matmul", all, [](const Type &type) { return type.matrixRate; });
    print("encoder", all, [&](const Type &type) {
        return encoderOperations * 2 * facesTogether / (type.encoding - aligning);
    });
    print("detector", all, [&](const Type &type) {
        return detectorOperations * tilePixels(searchedWidth, searchedHeight) / type.detection;
    });
    std::printf("\"alignmentMilliseconds\": %.3f}\n", aligning * 1e3 / facesTogether);
}

} // namespace benchmark
