#include "CKeepClassifier.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <vector>

#include <dlib/svm.h>

using Row = dlib::matrix<double, 0, 1>;
using Kernel = dlib::radial_basis_kernel<Row>;
using Decision = dlib::decision_function<Kernel>;

struct ckeep_classifier {
    // A column that counts, and how to scale it to its spread among the examples.
    struct Column {
        uint32_t index;
        double mean;
        double scale;
    };
    size_t dimension = 0;
    std::vector<Column> columns;
    dlib::probabilistic_function<Decision> function;
};

namespace {

struct Failure : std::runtime_error {
    Failure(int32_t status, const char *message) : std::runtime_error(message), status(status) {}
    int32_t status;
};

int32_t report(ckeep_error *error, int32_t status, const char *message) {
    if (error) {
        error->status = status;
        std::snprintf(error->message, sizeof error->message, "%s", message);
    }
    return status;
}

// The edge: no exception leaves.
template <typename Body> int32_t guarded(ckeep_error *error, Body body) {
    try {
        body();
        return report(error, CKEEP_OK, "");
    } catch (const Failure &failure) {
        return report(error, failure.status, failure.what());
    } catch (const std::bad_alloc &) {
        return report(error, CKEEP_OUT_OF_MEMORY, "there is too little memory");
    } catch (const std::exception &exception) {
        return report(error, CKEEP_FAILED, exception.what());
    } catch (...) {
        return report(error, CKEEP_FAILED, "something unknown was thrown");
    }
}

void require(bool holds, const char *message) {
    if (!holds)
        throw Failure(CKEEP_BAD_ARGUMENT, message);
}

void requireFinite(const double *numbers, size_t count) {
    require(numbers &&
                std::all_of(numbers, numbers + count, [](double x) { return std::isfinite(x); }),
            "a number is not finite");
}

// dlib's labels: 1 and -1.
dlib::matrix<double, 0, 1> signs(const uint8_t *labels, size_t count) {
    require(labels && count >= 2 && count <= CKEEP_MAXIMUM_EXAMPLES,
            "there are too few or too many examples");
    dlib::matrix<double, 0, 1> result(static_cast<long>(count));
    bool occurs[2] = {false, false};
    for (size_t i = 0; i < count; ++i) {
        require(labels[i] <= 1, "a label is neither 0 nor 1");
        occurs[labels[i]] = true;
        result(static_cast<long>(i)) = labels[i] ? 1 : -1;
    }
    require(occurs[0] && occurs[1], "all examples are of one kind");
    return result;
}

std::vector<ckeep_classifier::Column> columns(const double *rows, size_t count, size_t dimension,
                                              const double *weights) {
    std::vector<ckeep_classifier::Column> result;
    for (size_t j = 0; j < dimension; ++j) {
        require(weights[j] >= 0, "a weight is below 0");
        if (weights[j] == 0)
            continue;
        double mean = 0, square = 0;
        for (size_t i = 0; i < count; ++i)
            mean += rows[i * dimension + j];
        mean /= static_cast<double>(count);
        for (size_t i = 0; i < count; ++i) {
            const double difference = rows[i * dimension + j] - mean;
            square += difference * difference;
        }
        const double deviation = std::sqrt(square / static_cast<double>(count));
        // A column that never varies says nothing, whatever it is in later rows.
        const double scale = deviation > 1e-9 ? weights[j] / deviation : 0;
        result.push_back({static_cast<uint32_t>(j), mean, scale});
    }
    require(!result.empty(), "no column counts");
    return result;
}

Row prepared(const ckeep_classifier &classifier, const double *row) {
    // This far from all examples, more distance says nothing.
    constexpr double farthest = 1e3;
    Row result(static_cast<long>(classifier.columns.size()));
    long next = 0;
    for (const auto &column : classifier.columns)
        result(next++) =
            std::clamp((row[column.index] - column.mean) * column.scale, -farthest, farthest);
    return result;
}

// The written header, in this order; all numbers in this processor's form, the lowest byte first.
struct Header {
    char magic[8];
    uint32_t format;
    uint32_t featureVersion;
    uint32_t dimension;
    uint32_t columnCount;
    uint32_t supportCount;
    uint32_t reserved;
    uint64_t byteCount; // of all
    uint64_t checksum;  // of all but itself
};
constexpr char magic[8] = {'f', 's', 'k', 'e', 'e', 'p', '\r', '\n'};
constexpr uint32_t format = 1;

// FNV-1a, 64 bits (Fowler, Noll, Vo): detects damage, but not malice.
uint64_t checksum(const uint8_t *bytes, size_t count) {
    uint64_t sum = 14695981039346656037u;
    for (size_t i = 0; i < count; ++i) {
        const bool isItself =
            i >= offsetof(Header, checksum) && i < offsetof(Header, checksum) + sizeof sum;
        sum = (sum ^ (isItself ? 0 : bytes[i])) * 1099511628211u;
    }
    return sum;
}

// A column takes three doubles, its index among them; a support vector one more than it has
// columns; the rest are the bias, the kernel's gamma and Platt's two.
uint64_t byteCount(uint64_t columns, uint64_t supports) {
    return sizeof(Header) + 8 * (3 * columns + supports * (columns + 1) + 4);
}

class Writer {
  public:
    explicit Writer(uint8_t *to) : to(to) {}
    void put(double number) {
        std::memcpy(to, &number, sizeof number);
        to += sizeof number;
    }

  private:
    uint8_t *to;
};

class Reader {
  public:
    explicit Reader(const uint8_t *from) : from(from) {}
    double next() {
        double number;
        std::memcpy(&number, from, sizeof number);
        from += sizeof number;
        if (!std::isfinite(number))
            throw Failure(CKEEP_DAMAGED, "a number in it is not finite");
        return number;
    }

  private:
    const uint8_t *from;
};

Header checkedHeader(const uint8_t *bytes, size_t count) {
    Header header;
    if (!bytes || count < sizeof header)
        throw Failure(CKEEP_DAMAGED, "it is cut short");
    std::memcpy(&header, bytes, sizeof header);
    if (std::memcmp(header.magic, magic, sizeof magic) != 0)
        throw Failure(CKEEP_DAMAGED, "it is not a classifier");
    if (header.format != format)
        throw Failure(CKEEP_OTHER_VERSION, "it was written by another version");
    if (header.dimension == 0 || header.dimension > CKEEP_MAXIMUM_DIMENSION ||
        header.columnCount == 0 || header.columnCount > header.dimension ||
        header.supportCount > CKEEP_MAXIMUM_EXAMPLES || header.byteCount != count ||
        byteCount(header.columnCount, header.supportCount) != count ||
        checksum(bytes, count) != header.checksum)
        throw Failure(CKEEP_DAMAGED, "it is damaged");
    return header;
}

} // namespace

int32_t ckeep_train(const double *rows, size_t count, size_t dimension, const uint8_t *labels,
                    const double *weights, const ckeep_settings *settings,
                    ckeep_classifier **classifier, ckeep_error *error) {
    return guarded(error, [&] {
        require(classifier && settings && weights, "something is missing");
        require(dimension >= 1 && dimension <= CKEEP_MAXIMUM_DIMENSION,
                "there are too few or too many columns");
        require(std::isfinite(settings->cost) && settings->cost > 0 &&
                    std::isfinite(settings->sharpness) && settings->sharpness > 0,
                "a setting is not above 0");
        const auto y = signs(labels, count);
        requireFinite(rows, count * dimension);
        requireFinite(weights, dimension);

        auto result = std::make_unique<ckeep_classifier>();
        result->dimension = dimension;
        result->columns = columns(rows, count, dimension, weights);
        dlib::matrix<Row, 0, 1> x(static_cast<long>(count));
        for (size_t i = 0; i < count; ++i)
            x(static_cast<long>(i)) = prepared(*result, rows + i * dimension);
        dlib::svm_c_trainer<Kernel> trainer(Kernel(settings->sharpness), settings->cost);
        trainer.set_cache_size(200); // megabytes
        // No Platt yet: dlib's way splits bursts, the caller's scores do not.
        result->function = dlib::probabilistic_function<Decision>(-1e6, 0, trainer.train(x, y));
        if (!std::isfinite(result->function.decision_funct.b))
            throw Failure(CKEEP_FAILED, "the examples cannot be told apart in any way");
        *classifier = result.release();
    });
}

int32_t ckeep_fit_probabilities(const double *scores, const uint8_t *labels, size_t count,
                                ckeep_fit *fit, ckeep_error *error) {
    return guarded(error, [&] {
        require(fit, "something is missing");
        const auto y = signs(labels, count);
        requireFinite(scores, count);
        const auto platt = dlib::learn_platt_scaling(std::vector<double>(scores, scores + count),
                                                     std::vector<double>(y.begin(), y.end()));
        if (!std::isfinite(platt.first) || !std::isfinite(platt.second))
            throw Failure(CKEEP_FAILED, "no probability fits the scores");
        // A higher score never makes the kind less likely; if it seems so, nothing was learnt.
        *fit = {std::min(platt.first, 0.0), platt.second};
    });
}

int32_t ckeep_calibrate(ckeep_classifier *classifier, const ckeep_fit *fit, ckeep_error *error) {
    return guarded(error, [&] {
        require(classifier && fit && std::isfinite(fit->slope) && std::isfinite(fit->offset),
                "something is missing");
        classifier->function.alpha = std::min(fit->slope, 0.0);
        classifier->function.beta = fit->offset;
    });
}

int32_t ckeep_judge(const ckeep_classifier *classifier, const double *rows, size_t count,
                    size_t dimension, double *scores, double *probabilities, ckeep_error *error) {
    return guarded(error, [&] {
        require(classifier && dimension == classifier->dimension, "the rows are of another length");
        if (count == 0)
            return;
        requireFinite(rows, count * dimension);
        for (size_t i = 0; i < count; ++i) {
            const auto row = prepared(*classifier, rows + i * dimension);
            const double score = classifier->function.decision_funct(row);
            if (scores)
                scores[i] = score;
            if (probabilities)
                probabilities[i] =
                    1 /
                    (1 + std::exp(classifier->function.alpha * score + classifier->function.beta));
        }
    });
}

int32_t ckeep_serialise(const ckeep_classifier *classifier, uint32_t feature_version, void *bytes,
                        size_t capacity, size_t *byte_count, ckeep_error *error) {
    return guarded(error, [&] {
        require(classifier && byte_count && (bytes || capacity == 0), "something is missing");
        const auto &decision = classifier->function.decision_funct;
        Header header = {};
        std::memcpy(header.magic, magic, sizeof magic);
        header.format = format;
        header.featureVersion = feature_version;
        header.dimension = static_cast<uint32_t>(classifier->dimension);
        header.columnCount = static_cast<uint32_t>(classifier->columns.size());
        header.supportCount = static_cast<uint32_t>(decision.basis_vectors.size());
        header.byteCount = byteCount(header.columnCount, header.supportCount);
        *byte_count = static_cast<size_t>(header.byteCount);
        if (*byte_count > capacity)
            return;
        auto *to = static_cast<uint8_t *>(bytes);
        Writer writer(to + sizeof header);
        writer.put(decision.b);
        writer.put(decision.kernel_function.gamma);
        writer.put(classifier->function.alpha);
        writer.put(classifier->function.beta);
        for (const auto &column : classifier->columns) {
            writer.put(column.index);
            writer.put(column.mean);
            writer.put(column.scale);
        }
        for (long i = 0; i < decision.basis_vectors.size(); ++i) {
            writer.put(decision.alpha(i));
            for (double number : decision.basis_vectors(i))
                writer.put(number);
        }
        std::memcpy(to, &header, sizeof header);
        header.checksum = checksum(to, *byte_count);
        std::memcpy(to, &header, sizeof header);
    });
}

int32_t ckeep_deserialise(const void *bytes, size_t byte_count, size_t dimension,
                          uint32_t feature_version, ckeep_classifier **classifier,
                          ckeep_error *error) {
    return guarded(error, [&] {
        require(classifier, "something is missing");
        const auto *from = static_cast<const uint8_t *>(bytes);
        const auto header = checkedHeader(from, byte_count);
        if (header.featureVersion != feature_version || header.dimension != dimension)
            throw Failure(CKEEP_OTHER_VERSION, "it was learnt from other features");
        Reader reader(from + sizeof header);
        auto result = std::make_unique<ckeep_classifier>();
        result->dimension = header.dimension;
        auto &function = result->function;
        auto &decision = function.decision_funct;
        decision.b = reader.next();
        decision.kernel_function = Kernel(reader.next());
        function.alpha = reader.next();
        function.beta = reader.next();
        for (uint32_t j = 0; j < header.columnCount; ++j) {
            const double index = reader.next();
            if (index < 0 || index >= header.dimension || index != std::floor(index))
                throw Failure(CKEEP_DAMAGED, "a column of it is nowhere");
            const double mean = reader.next();
            result->columns.push_back({static_cast<uint32_t>(index), mean, reader.next()});
        }
        decision.alpha.set_size(header.supportCount);
        decision.basis_vectors.set_size(header.supportCount);
        for (long i = 0; i < header.supportCount; ++i) {
            decision.alpha(i) = reader.next();
            Row row(static_cast<long>(header.columnCount));
            for (double &number : row)
                number = reader.next();
            decision.basis_vectors(i) = row;
        }
        *classifier = result.release();
    });
}

void ckeep_destroy(ckeep_classifier *classifier) { delete classifier; }
