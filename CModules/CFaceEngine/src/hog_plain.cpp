#include "hog.h"
#include "hog_cells.h"
#include "hog_cells_layout.h"

#include <cstring>
#include <sstream>

#include <dlib/image_processing/frontal_face_detector.h>

#define CELLS_NAME cellFeatures
#define CELLS_SPACE four
#define CELLS_LANES 4
#include "hog_cells.inc"

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
