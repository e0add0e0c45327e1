// dlib's networks as types; the layers are part of the type, so a file of another network does
// not load.
#pragma once

#include <dlib/dnn.h>

namespace cface {

// The face encoder dlib_face_recognition_resnet_model_v1: ResNet with 29 convolutions.
// Source: dlib's examples/dnn_face_recognition_ex.cpp.
template <template <int, template <typename> class, int, typename> class Block, int N,
          template <typename> class BN, typename Below>
using Residual = dlib::add_prev1<Block<N, BN, 1, dlib::tag1<Below>>>;
template <template <int, template <typename> class, int, typename> class Block, int N,
          template <typename> class BN, typename Below>
using ResidualDown = dlib::add_prev2<
    dlib::avg_pool<2, 2, 2, 2, dlib::skip1<dlib::tag2<Block<N, BN, 2, dlib::tag1<Below>>>>>>;
template <int N, template <typename> class BN, int stride, typename Below>
using Block =
    BN<dlib::con<N, 3, 3, 1, 1, dlib::relu<BN<dlib::con<N, 3, 3, stride, stride, Below>>>>>;
template <int N, typename Below> using Same = dlib::relu<Residual<Block, N, dlib::affine, Below>>;
template <int N, typename Below>
using Down = dlib::relu<ResidualDown<Block, N, dlib::affine, Below>>;
template <typename Below> using Level0 = Down<256, Below>;
template <typename Below> using Level1 = Same<256, Same<256, Down<256, Below>>>;
template <typename Below> using Level2 = Same<128, Same<128, Down<128, Below>>>;
template <typename Below> using Level3 = Same<64, Same<64, Same<64, Down<64, Below>>>>;
template <typename Below> using Level4 = Same<32, Same<32, Same<32, Below>>>;
using EncoderNetwork = dlib::loss_metric<dlib::fc_no_bias<
    128, dlib::avg_pool_everything<Level0<Level1<Level2<Level3<Level4<dlib::max_pool<
             3, 3, 2, 2,
             dlib::relu<dlib::affine<
                 dlib::con<32, 7, 7, 2, 2, dlib::input_rgb_image_sized<150>>>>>>>>>>>>>;

// The face detector mmod_human_face_detector.
// Source: dlib's examples/dnn_mmod_face_detection_ex.cpp.
template <long N, typename Below> using Con5Half = dlib::con<N, 5, 5, 2, 2, Below>;
template <long N, typename Below> using Con5 = dlib::con<N, 5, 5, 1, 1, Below>;
template <typename Below>
using Downsampler = dlib::relu<dlib::affine<Con5Half<
    32, dlib::relu<dlib::affine<Con5Half<32, dlib::relu<dlib::affine<Con5Half<16, Below>>>>>>>>>;
template <typename Below> using Con5Layer = dlib::relu<dlib::affine<Con5<45, Below>>>;
using DetectorNetwork = dlib::loss_mmod<
    dlib::con<1, 9, 9, 1, 1,
              Con5Layer<Con5Layer<
                  Con5Layer<Downsampler<dlib::input_rgb_image_pyramid<dlib::pyramid_down<6>>>>>>>>;

} // namespace cface
