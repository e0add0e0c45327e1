// A picture in the caller's memory, as dlib's algorithms read one: no copy of it is made, which at
// 12 megapixels would cost 36 MB for each worker.
#pragma once

#include <dlib/image_processing/generic_image.h>

namespace dlib {

template <typename Pixel> struct cface_picture_view {
    const void *pixels;
    long height, width, stride;
};

template <typename Pixel> struct image_traits<cface_picture_view<Pixel>> {
    typedef Pixel pixel_type;
};
template <typename Pixel> struct image_traits<const cface_picture_view<Pixel>> {
    typedef Pixel pixel_type;
};

template <typename Pixel> long num_rows(const cface_picture_view<Pixel> &picture) {
    return picture.height;
}
template <typename Pixel> long num_columns(const cface_picture_view<Pixel> &picture) {
    return picture.width;
}
template <typename Pixel> long width_step(const cface_picture_view<Pixel> &picture) {
    return picture.stride;
}
template <typename Pixel> const void *image_data(const cface_picture_view<Pixel> &picture) {
    return picture.pixels;
}

} // namespace dlib
