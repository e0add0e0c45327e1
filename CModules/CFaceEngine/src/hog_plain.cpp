#include "hog.h"

#include <cstring>
#include <sstream>

#include <dlib/image_processing/frontal_face_detector.h>

#include "hog_detector.inc"

namespace cface {

std::string serialisedHOG() {
    std::ostringstream stream;
    serialize(dlib::get_frontal_face_detector(), stream);
    return stream.str();
}

std::unique_ptr<HOG> makePlainHOG(const std::string &serialised) {
    return std::make_unique<Built>(serialised);
}

} // namespace cface
