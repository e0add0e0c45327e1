// The detector sees the whole tile; a tile of many megapixels would take a gigabyte if each layer
// kept all its output. So the layers run together down the tile in strips, each layer keeping only
// the last rows that the next one still needs: the same numbers, in memory that does not grow with
// the tile's height.
//
// Per step, every layer makes as many new rows as the strip has at its scale. A layer whose kernel
// reaches beyond the existing rows waits for the next step, so layers lag: with `rows` rows a step
// at an eighth of the tile, step k gives, of the
//   first convolution (1/2)   rows 4 k rows     ... 4 (k + 1) rows
//   second (1/4)              rows 2 k rows - 2 ... 2 (k + 1) rows - 2
//   third (1/8)               rows k rows - 3   ... (k + 1) rows - 3
//   fourth, fifth, sixth      two rows more behind each
//   scores                    rows k rows - 13  ... (k + 1) rows - 13
// Rows outside the layer are zeros where the next layer pads with zeros.

#include "onednn_detector.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "CNetworkLayers/buffer.h"
#include "CNetworkLayers/kernels.h"
#include "CNetworkLayers/resampling.h"

namespace cface {

namespace {

// Rows of output in a step: fewer cost more calls, more do not fit the processor's cache.
constexpr long stripRows = 16;

// How many widths of tile are kept: an event has few sizes of pictures, upright and wide, searched
// at two or three scales.
constexpr size_t keptWidths = 32;

// oneDNN wastes less on 48 channels than on 45.
constexpr long roundedChannels(long channels) { return (channels + 15) / 16 * 16; }

constexpr size_t layerCount = 6;   // the convolutions that oneDNN runs
constexpr size_t stridedCount = 3; // the first of those, which halve

// How many rows before a step's new ones are kept for the next layer's kernel.
constexpr long carriedRows[layerCount] = {4, 4, 4, 4, 4, 8};
// How many rows each layer lags.
constexpr long lag[layerCount] = {0, 2, 3, 5, 7, 9};
constexpr long headLag = 13;

constexpr long headTaps = 9;

// Rows that layer `index` makes in a step.
constexpr long newRows(size_t index) { return stripRows * (index == 0 ? 4 : index == 1 ? 2 : 1); }

} // namespace

struct DetectorSteps {
    std::vector<Layer> layers;
    long channels[layerCount]; // of each layer's output
    size_t scratchBytes = 0;

    DetectorSteps(std::vector<LayerWeights> &weights, long tileWidth) {
        long width = tileWidth;
        for (size_t index = 0; index < layerCount; index++) {
            const Convolution &convolution = weights[index].convolution();
            // Rows above and below are supplied, not padded.
            const ConvolutionShape shape{
                1, (newRows(index) - 1) * convolution.stride + convolution.side, width, 0,
                convolution.padding};
            layers.emplace_back(weights[index], shape, ConvolutionStep::Finish::positive);
            scratchBytes = std::max(scratchBytes, layers.back().scratchBytes());
            width = layers.back().width();
            channels[index] = convolution.outputs;
        }
    }

    long width(size_t index) const { return layers[index].width(); }
};

DetectorPlan::DetectorPlan(const DetectorWeights &weights, Arithmetic arithmetic)
    : kind(arithmetic) {
    if (weights.convolutions.size() != layerCount + 1)
        throw std::invalid_argument("the detector has another number of layers");
    for (size_t index = 0; index < layerCount; index++) {
        const Convolution &convolution = weights.convolutions[index];
        const bool isKnown = convolution.side == 5 &&
                             convolution.stride == (index < stridedCount ? 2 : 1) &&
                             convolution.padding == (index < stridedCount ? 0 : 2);
        if (!isKnown)
            throw std::invalid_argument("the detector has other layers");
        layers.emplace_back(padded(convolution,
                                   index == 0 ? inputChannels : roundedChannels(convolution.inputs),
                                   roundedChannels(convolution.outputs)),
                            arithmetic);
    }
    const Convolution &head = weights.convolutions.back();
    if (head.outputs != 1 || head.side != headTaps)
        throw std::invalid_argument("the detector has another last layer");
    const long channels = roundedChannels(head.inputs);
    headBias = head.bias[0];
    headWeights.assign(static_cast<size_t>(headTaps * headTaps * channels), 0);
    for (long tap = 0; tap < headTaps * headTaps; tap++)
        for (long channel = 0; channel < head.inputs; channel++)
            headWeights[static_cast<size_t>(tap * channels + channel)] =
                head.weights[static_cast<size_t>(channel * headTaps * headTaps + tap)];
}

DetectorPlan::~DetectorPlan() = default;

std::shared_ptr<const DetectorSteps> DetectorPlan::steps(long tileWidth) const {
    const std::lock_guard<std::mutex> turn(making);
    for (size_t index = 0; index < made.size(); index++)
        if (made[index].first == tileWidth) {
            std::rotate(made.begin() + static_cast<std::ptrdiff_t>(index),
                        made.begin() + static_cast<std::ptrdiff_t>(index) + 1, made.end());
            return made.back().second;
        }
    auto steps = std::make_shared<const DetectorSteps>(layers, tileWidth);
    if (made.size() == keptWidths)
        made.erase(made.begin());
    made.emplace_back(tileWidth, steps);
    return steps;
}

namespace {

// The levels of the pyramid below the picture itself.
class Levels {
  public:
    // Fills them; with a picture of one level there is nothing to do.
    void fill(const PictureView &picture, const std::vector<PyramidTile> &tiles) {
        std::vector<TileLevel> all;
        for (const auto &tile : tiles)
            all.insert(all.end(), tile.levels.begin(), tile.levels.end());
        offsets.assign(all.size(), 0);
        size_t size = 0;
        for (size_t index = 1; index < all.size(); index++) {
            offsets[index] = size;
            size += static_cast<size_t>(all[index].width * all[index].height) * 4;
        }
        levels.atLeast(size);
        blended.resize(static_cast<size_t>(picture.width + 2) * 4);
        for (size_t index = 1; index < all.size(); index++)
            fill(all[index - 1], all[index], picture);
    }

    const Level *row(const TileLevel &level, long number) {
        return levels.data() + offsets[level.number] +
               static_cast<size_t>(number * level.width) * 4;
    }

  private:
    Buffer<Level> levels;
    std::vector<size_t> offsets;
    ResampledColumns columns;
    std::vector<float> blended;

    void fill(const TileLevel &source, const TileLevel &target, const PictureView &picture) {
        columns.set(source.width, target.width);
        const Resampling down(source.height, target.height);
        for (long number = 0; number < target.height; number++) {
            const auto place = down.place(number);
            auto *const result = const_cast<Level *>(row(target, number));
            if (source.number == 0)
                kernels().levelFromBytes(picture.row(place.first), picture.row(place.second),
                                         place.share, source.width, columns.lefts.data(),
                                         columns.rights.data(), target.width, blended.data(),
                                         result);
            else
                kernels().levelFromLevel(row(source, place.first), row(source, place.second),
                                         place.share, source.width, columns.lefts.data(),
                                         columns.rights.data(), target.width, blended.data(),
                                         result);
        }
    }
};

} // namespace

class DetectorRun::Memory {
  public:
    Levels levels;
    Buffer<uint8_t> input, activations[layerCount], scratch;
    Buffer<float> head;
    std::vector<float> scores;

    template <typename T>
    void scan(const DetectorPlan &plan, const DetectorSteps &steps, dnnl::stream &stream,
              const PictureView &picture, const PyramidTile &tile, double threshold,
              std::vector<TileScore> &found) {
        long heights[layerCount];
        long height = tile.height;
        for (size_t index = 0; index < layerCount; index++)
            heights[index] = height = index < stridedCount ? (height - 5) / 2 + 1 : height;
        const long outputHeight = heights[layerCount - 1];
        const long outputWidth = steps.width(layerCount - 1);
        if (outputHeight <= 0 || outputWidth <= 0)
            return;

        // Everything above the first row counts as zeros.
        T *planes[layerCount];
        for (size_t index = 0; index < layerCount; index++) {
            const size_t count =
                static_cast<size_t>(carriedRows[index] + newRows(index)) * rowSize(steps, index);
            planes[index] = reinterpret_cast<T *>(activations[index].atLeast(count * sizeof(T)));
            std::memset(planes[index], 0, count * sizeof(T));
        }
        const long channels = steps.channels[layerCount - 1];
        const long headWidth = (outputWidth + headTaps - 1) * channels;
        head.atLeast(static_cast<size_t>((stripRows + carriedRows[layerCount - 1]) * headWidth));
        std::memset(head.data(), 0,
                    static_cast<size_t>((stripRows + carriedRows[layerCount - 1]) * headWidth) *
                        sizeof(float));
        scratch.atLeast(steps.scratchBytes);
        scores.resize(static_cast<size_t>(outputWidth));

        for (long first = 0; first - headLag < outputHeight; first += stripRows) {
            const long inputRows = (newRows(0) - 1) * 2 + 5;
            T *strip = reinterpret_cast<T *>(input.atLeast(
                static_cast<size_t>(inputRows * tile.width * inputChannels) * sizeof(T)));
            if (first * 4 < heights[0])
                fillStrip(strip, first * 8, inputRows, picture, tile);
            const T *source = strip;
            for (size_t index = 0; index < layerCount; index++) {
                runLayer(steps, index, stream, source, planes[index],
                         first * newRows(index) / stripRows - lag[index], heights[index]);
                source = planes[index];
            }
            scoreStrip(plan, planes[layerCount - 1], first - headLag, outputWidth, outputHeight,
                       channels, threshold, tile, found);
        }
    }

  private:
    static size_t rowSize(const DetectorSteps &steps, size_t index) {
        return static_cast<size_t>(steps.width(index) * steps.channels[index]);
    }

    // Rows `first`... of the tile as network input; zeros beyond it and between levels.
    template <typename T>
    void fillStrip(T *strip, long first, long count, const PictureView &picture,
                   const PyramidTile &tile) {
        const long rowLength = tile.width * inputChannels;
        std::memset(strip, 0, static_cast<size_t>(count * rowLength) * sizeof(T));
        for (const TileLevel &level : tile.levels) {
            const long from = std::max(first, level.top);
            const long to = std::min(first + count, level.top + level.height);
            for (long row = from; row < to; row++) {
                T *target = strip + (row - first) * rowLength + level.left * inputChannels;
                if (level.number == 0)
                    typedKernels<T>().inputFromBytes(picture.row(row - level.top), level.width,
                                                     target);
                else
                    typedKernels<T>().inputFromLevel(levels.row(level, row - level.top),
                                                     level.width, target);
            }
        }
    }

    // Makes the rows from `first` on of a layer `height` rows high.
    template <typename T>
    void runLayer(const DetectorSteps &steps, size_t index, dnnl::stream &stream, const T *source,
                  T *plane, long first, long height) {
        const size_t rowLength = rowSize(steps, index);
        const size_t carried = static_cast<size_t>(carriedRows[index]) * rowLength;
        const long rows = newRows(index);
        std::memmove(plane, plane + static_cast<size_t>(rows) * rowLength, carried * sizeof(T));
        T *fresh = plane + carried;
        if (first < height && first + rows > 0) {
            steps.layers[index].run(stream, source, fresh, scratch.data());
            stream.wait();
        }
        if (index + 1 < stridedCount)
            return;
        const long above = std::clamp(-first, 0L, rows);
        const long inside = std::clamp(height - first, 0L, rows);
        std::memset(fresh, 0, static_cast<size_t>(above) * rowLength * sizeof(T));
        std::memset(fresh + static_cast<size_t>(inside) * rowLength, 0,
                    static_cast<size_t>(rows - inside) * rowLength * sizeof(T));
    }

    template <typename T>
    void scoreStrip(const DetectorPlan &plan, const T *plane, long first, long width, long height,
                    long channels, double threshold, const PyramidTile &tile,
                    std::vector<TileScore> &found) {
        const long above = std::max(0L, -first), inside = std::min(stripRows, height - first);
        if (inside <= above)
            return;
        // As floats, with four columns of zeros on either side.
        const long rowLength = (width + headTaps - 1) * channels;
        const long border = headTaps / 2 * channels;
        for (long row = 0; row < stripRows + carriedRows[layerCount - 1]; row++)
            typedKernels<T>().toFloats(plane + row * width * channels, width * channels,
                                       head.data() + row * rowLength + border);
        for (long row = above; row < inside; row++) {
            const float *rows[headTaps];
            for (long tap = 0; tap < headTaps; tap++)
                rows[tap] = head.data() + (row + tap) * rowLength;
            kernels().scores(rows, plan.headWeights.data(), headTaps, channels, plan.headBias,
                             width, scores.data());
            for (long column = 0; column < width; column++)
                if (scores[static_cast<size_t>(column)] > threshold)
                    found.push_back(
                        {&tile, column, first + row, scores[static_cast<size_t>(column)]});
        }
    }
};

DetectorRun::DetectorRun(const DetectorPlan &plan)
    : plan(plan), memory(std::make_unique<Memory>()) {}

DetectorRun::~DetectorRun() = default;

std::vector<CNNFace> DetectorRun::detect(dnnl::stream &stream, const PictureView &picture,
                                         const CNNSearch &search) {
    const auto tiles =
        pyramidTiles(search.pyramid, picture.width, picture.height, search.levelCount);
    memory->levels.fill(picture, tiles);
    std::vector<TileScore> scores;
    for (const auto &tile : tiles) {
        const auto steps = plan.steps(tile.width);
        if (plan.arithmetic() == Arithmetic::bf16)
            memory->scan<BFloat>(plan, *steps, stream, picture, tile, search.threshold, scores);
        else
            memory->scan<float>(plan, *steps, stream, picture, tile, search.threshold, scores);
    }
    return facesOf(search.pyramid, std::move(scores));
}

} // namespace cface
