#include "hog.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

#include <dlib/image_processing/frontal_face_detector.h>

#include "CNetworkLayers/buffer.h"
#include "picture_view.h"

namespace cface {

namespace {

// dlib's detector sees ten cells a side.
constexpr long windowCells = 10;
// The cells around the picture's cells, so that windows may extend over its edges.
constexpr long cellsBefore = (windowCells - 1) / 2, cellsAround = windowCells - 1;

// One product of a filter across and one down, on one plane of the features.
struct Filter {
    long plane;
    std::array<float, filterTaps> across, down;
};

// One of the directions that a face may look in.
struct View {
    std::vector<Filter> filters;
    double threshold;
};

struct Candidate {
    dlib::rectangle box;
    double confidence;
    unsigned long view;

    // Surest first; the rest gives equals an order too.
    bool operator<(const Candidate &other) const {
        const auto order = [](const Candidate &one) {
            return std::make_tuple(-one.confidence, one.view, one.box.left(), one.box.top(),
                                   one.box.width());
        };
        return order(*this) < order(other);
    }
};

} // namespace

struct HOGModel::Contents {
    std::vector<View> views;
    dlib::test_box_overlap overlaps;
    long leastSide; // of a level, in pixels, with cells of eight
    long boxSide;   // in cells

    Contents() {
        const auto detector = dlib::get_frontal_face_detector();
        const auto &scanner = detector.get_scanner();
        overlaps = detector.get_overlap_tester();
        leastSide = static_cast<long>(scanner.get_min_pyramid_layer_width());
        boxSide = static_cast<long>(scanner.get_fhog_window_width() - 2 * scanner.get_padding());
        for (unsigned long number = 0; number < detector.num_detectors(); number++) {
            const auto &weights = detector.get_w(number);
            const auto bank = scanner.build_fhog_filterbank(weights);
            View view;
            view.threshold = weights(scanner.get_num_dimensions());
            for (size_t plane = 0; plane < bank.row_filters.size(); plane++)
                for (size_t part = 0; part < bank.row_filters[plane].size(); part++) {
                    Filter filter{static_cast<long>(plane), {}, {}};
                    for (long tap = 0; tap < filterTaps; tap++) {
                        filter.across[static_cast<size_t>(tap)] =
                            bank.row_filters[plane][part](tap);
                        filter.down[static_cast<size_t>(tap)] = bank.col_filters[plane][part](tap);
                    }
                    view.filters.push_back(filter);
                }
            views.push_back(std::move(view));
        }
    }
};

HOGModel::HOGModel() : contents(std::make_unique<const Contents>()) {}

HOGModel::~HOGModel() = default;

namespace {

// The features of one picture, with zeros around them: planes of `rows` times `stride` floats.
struct Planes {
    long rows, columns; // of cells, the surrounding ones included
    long stride;

    explicit Planes(const CellsTask &task)
        : rows(task.cellsDown() - 2 + cellsAround), columns(task.cellsAcross() - 2 + cellsAround),
          stride((columns + 16 + 15) / 16 * 16) {}

    bool areEmpty() const { return rows <= cellsAround || columns <= cellsAround; }
    long size() const { return rows * stride; }

    // Sets everything around the picture to zero.
    void clearEdges(float *features) const {
        constexpr long after = cellsAround - cellsBefore;
        const auto clear = [](float *first, long count) {
            std::memset(first, 0, static_cast<size_t>(count) * sizeof(float));
        };
        for (long plane = 0; plane < cellPlanes; plane++, features += size()) {
            clear(features, cellsBefore * stride + cellsBefore);
            // From the right edge of one row to the left edge of the next.
            for (long row = cellsBefore; row < rows - after - 1; row++)
                clear(features + row * stride + columns - after, stride - columns + cellsAround);
            clear(features + (rows - after - 1) * stride + columns - after,
                  (after + 1) * stride - columns + after);
        }
    }
};

} // namespace

class HOG::Memory {
  public:
    // Adds the places on one level that look like a face.
    void scan(const HOGModel::Contents &model, const HOGKernels &kernels, const HOGSearch &search,
              CellsTask &task, unsigned long level, std::vector<Candidate> &candidates) {
        const dlib::pyramid_down<6> pyramid;
        const Planes planes(task);
        if (planes.areEmpty())
            return;
        float *const features = cells.atLeast(static_cast<size_t>(cellPlanes * planes.size()) + 16);
        task.planes = features + cellsBefore * planes.stride + cellsBefore;
        task.rowStride = planes.stride;
        task.planeStride = planes.size();
        scratch.atLeast(std::max(cellsScratchCount(task.cellsAcross()),
                                 static_cast<size_t>(filterTaps * planes.stride)));
        kernels.cells(task, scratch.data());
        planes.clearEdges(features);

        response.atLeast(static_cast<size_t>(planes.size()) + 16);
        const size_t views = search.frontalOnly ? 1 : model.views.size();
        for (size_t number = 0; number < views; number++) {
            const View &view = model.views[number];
            bool adds = false;
            for (const Filter &filter : view.filters) {
                kernels.filter(features + filter.plane * planes.size(), response.data(),
                               planes.stride, planes.rows, planes.columns, filter.across.data(),
                               filter.down.data(), adds, scratch.data());
                adds = true;
            }
            const double least = view.threshold + search.threshold;
            constexpr long half = windowCells / 2;
            for (long row = half; row <= planes.rows - half; row++)
                for (long column = half; column <= planes.columns - half; column++) {
                    const auto value =
                        static_cast<double>(response.data()[row * planes.stride + column]);
                    if (value < least)
                        continue;
                    const auto box = dlib::fhog_to_image(
                        dlib::centered_rect(dlib::point(column, row), model.boxSide, model.boxSide),
                        static_cast<int>(task.cell), windowCells, windowCells);
                    candidates.push_back({pyramid.rect_up(box, static_cast<unsigned int>(level)),
                                          value - view.threshold, number});
                }
        }
    }

    // Makes the picture of the next level, 5/6 of this one. dlib does it: the scores depend on its
    // rounding.
    void reduce(CellsTask &task, unsigned long level) {
        const dlib::pyramid_down<6> pyramid;
        auto &target = pictures[level % 2];
        if (level == 0)
            pyramid(dlib::cface_picture_view<uint8_t>{task.picture, task.rows, task.columns,
                                                      task.stride},
                    target);
        else
            pyramid(pictures[(level + 1) % 2], target);
        task.picture = &target[0][0];
        task.rows = target.nr();
        task.columns = target.nc();
        task.stride = target.nc();
    }

  private:
    dlib::array2d<uint8_t> pictures[2]; // a level, and the one made from it
    clayers::Buffer<float> cells, response, scratch;
};

HOG::HOG(const HOGModel &model, const HOGKernels &kernels)
    : model(*model.contents), kernels(kernels), memory(std::make_unique<Memory>()) {}

HOG::~HOG() = default;

std::vector<HOGFace> HOG::find(const uint8_t *grey, long width, long height,
                               const HOGSearch &search) {
    const dlib::pyramid_down<6> pyramid;
    CellsTask task{grey, height, width, width, search.window / windowCells, nullptr, 0, 0};
    const long leastSide = model.leastSide * task.cell / 8;
    std::vector<Candidate> candidates;
    dlib::rectangle size(width, height);
    for (unsigned long level = 0;; level++) {
        memory->scan(model, kernels, search, task, level, candidates);
        // dlib counts its levels by the remaining size, not by the pictures' own.
        size = pyramid.rect_down(size);
        const bool isLast = static_cast<long>(size.width()) < leastSide ||
                            static_cast<long>(size.height()) < leastSide ||
                            static_cast<long>(level) + 1 == search.levelCount;
        if (isLast)
            break;
        memory->reduce(task, level);
    }

    std::sort(candidates.begin(), candidates.end());
    std::vector<HOGFace> faces;
    std::vector<dlib::rectangle> kept;
    for (const Candidate &candidate : candidates) {
        const auto &box = candidate.box;
        const bool isSame =
            std::any_of(kept.begin(), kept.end(),
                        [&](const dlib::rectangle &other) { return model.overlaps(other, box); });
        if (isSame)
            continue;
        kept.push_back(box);
        faces.push_back({box.left(), box.top(), box.right(), box.bottom(), candidate.confidence,
                         candidate.view});
    }
    return faces;
}

} // namespace cface
