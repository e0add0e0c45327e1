// dlib's frontal face detector: its weights, its way of scanning and its geometry, on our kernels.
//
// dlib makes all levels of a picture's pyramid before searching one; here they are made and
// searched one after the other, in a quarter of the memory.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "hog_kernels.h"

namespace cface {

struct HOGFace {
    long left, top, right, bottom; // inclusive
    double confidence;
    unsigned long view;
};

// How to search a picture.
struct HOGSearch {
    // Side, in pixels, of the smallest box: 80, or 40. The detector sees cells of a tenth of it, so
    // 40 finds what 80 finds in a picture enlarged twice, with a quarter of the pixels.
    long window;
    // How many sizes of box, each 6/5 of the previous; 0 for all.
    long levelCount;
    bool frontalOnly; // one of the five views
    double threshold;
};

// The weights; immutable, usable from any thread.
class HOGModel {
  public:
    // Takes a fifth of a second.
    HOGModel();
    ~HOGModel();

  private:
    friend class HOG;
    struct Contents;
    std::unique_ptr<const Contents> contents;
};

// One worker's detector; its memory grows to what the largest picture needed.
class HOG {
  public:
    HOG(const HOGModel &model, const HOGKernels &kernels);
    ~HOG();

    // `grey` holds width * height bytes, row after row. Surest first.
    std::vector<HOGFace> find(const uint8_t *grey, long width, long height,
                              const HOGSearch &search);

  private:
    class Memory;
    const HOGModel::Contents &model;
    const HOGKernels &kernels;
    std::unique_ptr<Memory> memory;
};

} // namespace cface
