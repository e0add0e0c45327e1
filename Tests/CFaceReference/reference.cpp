#include "CFaceReference.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <dlib/dnn.h>
#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/image_transforms.h>

using namespace dlib;

// The network types are written down again, as in dlib's examples: shared ones would prove less.
template <long N, typename S> using con5d = con<N, 5, 5, 2, 2, S>;
template <long N, typename S> using con5 = con<N, 5, 5, 1, 1, S>;
template <typename S>
using downsampler = relu<affine<con5d<32, relu<affine<con5d<32, relu<affine<con5d<16, S>>>>>>>>>;
template <typename S> using rcon5 = relu<affine<con5<45, S>>>;
using mmod_net = loss_mmod<
    con<1, 9, 9, 1, 1, rcon5<rcon5<rcon5<downsampler<input_rgb_image_pyramid<pyramid_down<6>>>>>>>>;

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
template <typename S> using alevel0 = ares_down<256, S>;
template <typename S> using alevel1 = ares<256, ares<256, ares_down<256, S>>>;
template <typename S> using alevel2 = ares<128, ares<128, ares_down<128, S>>>;
template <typename S> using alevel3 = ares<64, ares<64, ares<64, ares_down<64, S>>>>;
template <typename S> using alevel4 = ares<32, ares<32, ares<32, S>>>;
using anet_type = loss_metric<fc_no_bias<
    128, avg_pool_everything<alevel0<alevel1<alevel2<alevel3<alevel4<max_pool<
             3, 3, 2, 2, relu<affine<con<32, 7, 7, 2, 2, input_rgb_image_sized<150>>>>>>>>>>>>>;

int32_t cref_faces(const char *models, const void *rgb, int32_t width, int32_t height, int32_t cnn,
                   cref_face *faces, int32_t capacity) {
    try {
        const std::string folder = std::string(models) + "/";
        shape_predictor aligner;
        anet_type encoder;
        deserialize(folder + "shape_predictor_5_face_landmarks.dat") >> aligner;
        deserialize(folder + "dlib_face_recognition_resnet_model_v1.dat") >> encoder;

        matrix<rgb_pixel> picture(height, width);
        matrix<unsigned char> grey(height, width);
        const auto *pixel = static_cast<const unsigned char *>(rgb);
        for (long row = 0; row < height; row++)
            for (long column = 0; column < width; column++, pixel += 3) {
                picture(row, column) = rgb_pixel(pixel[0], pixel[1], pixel[2]);
                grey(row, column) = static_cast<unsigned char>(
                    (77 * pixel[0] + 150 * pixel[1] + 29 * pixel[2]) / 256);
            }

        std::vector<std::pair<double, rectangle>> found;
        if (cnn) {
            mmod_net detector;
            deserialize(folder + "mmod_human_face_detector.dat") >> detector;
            for (const auto &face : detector(picture))
                found.push_back({face.detection_confidence, face.rect});
        } else {
            auto detector = get_frontal_face_detector();
            detector(grey, found);
        }
        for (size_t index = 0; index < found.size() && index < size_t(capacity); index++) {
            const auto shape = aligner(picture, found[index].second);
            matrix<rgb_pixel> chip, mirrored;
            extract_image_chip(picture, get_face_chip_details(shape, 150, 0.25), chip);
            mirrored = fliplr(chip);
            const matrix<float, 0, 1> plain = encoder(chip), other = encoder(mirrored);
            cref_face &face = faces[index];
            face.confidence = float(found[index].first);
            face.left = int32_t(found[index].second.left());
            face.top = int32_t(found[index].second.top());
            face.right = int32_t(found[index].second.right());
            face.bottom = int32_t(found[index].second.bottom());
            std::copy(plain.begin(), plain.end(), face.plain);
            std::copy(other.begin(), other.end(), face.mirrored);
        }
        return int32_t(found.size());
    } catch (...) {
        return -1;
    }
}
