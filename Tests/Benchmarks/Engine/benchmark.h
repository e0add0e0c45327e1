// What both measurements of engine-benchmark need: the models, the photos, the clock.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "CFaceEngine.h"

namespace benchmark {

// Something that a user can correct: what is wrong, and what to do about it.
struct Problem : std::runtime_error {
    Problem(const std::string &what, const std::string &remedy)
        : std::runtime_error(what), remedy(remedy) {}
    std::string remedy;
};

// CPU seconds that the calling thread has used.
double threadSeconds();

// Holds OpenMP to the calling thread, where oneDNN was built with it.
void holdToThisThread();

// The least thread CPU seconds that `body` takes, of `times` calls.
template <typename Body> double leastSeconds(int times, Body body) {
    double least = 1e30;
    for (int time = 0; time < times; time++) {
        const double start = threadSeconds();
        body();
        const double taken = threadSeconds() - start;
        least = taken < least ? taken : least;
    }
    return least;
}

// RGB, 8 bits each, rows without gaps.
struct Picture {
    int32_t width, height;
    std::vector<uint8_t> rgb;

    size_t stride() const { return static_cast<size_t>(width) * 3; }
};

// Reads a JPEG or PNG as it is stored: its EXIF orientation is ignored, so that boxes are in
// the pixels that any other reader sees.
Picture readPhoto(const std::string &path);

// Where the model files belong: $FACESORT_MODELS, else $XDG_DATA_HOME/facesort/models, else
// ~/.local/share/facesort/models.
std::string modelFolder();

struct EndModels {
    void operator()(cface_models *models) const { cface_models_destroy(models); }
};
struct EndEngine {
    void operator()(cface_engine *engine) const { cface_engine_destroy(engine); }
};

// CFaceEngine with networks of one kind, for one thread. Every failure is a Problem.
class Engine {
  public:
    // networks: of CFaceEngine's list.
    explicit Engine(int32_t networks);

    std::vector<cface_box> faces(const Picture &picture, cface_cnn_search search);
    std::vector<cface_face> encoded(const Picture &picture, const std::vector<cface_box> &boxes);

  private:
    // In this order, since an engine ends before what it borrows.
    std::unique_ptr<cface_models, EndModels> models;
    std::unique_ptr<cface_engine, EndEngine> engine;
};

// How 'detect' searches each photo.
struct Search {
    int32_t networks = CFACE_NETWORKS_FASTEST;
    int32_t pyramid = 0;
    // The longer side to which photos are resized, at most four times as large; 0 for their own.
    int32_t side = 0;
    // Boxes with scores above it are printed.
    double threshold = 0;
};

// The two commands; each prints one JSON document.
void detect(const Search &search, const std::vector<std::string> &photos);
void roof();

} // namespace benchmark
