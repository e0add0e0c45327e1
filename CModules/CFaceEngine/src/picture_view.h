// A picture in the caller's memory, in the form that dlib's algorithms read: without a copy, which
// at 12 megapixels would cost 36 MB per worker.
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
