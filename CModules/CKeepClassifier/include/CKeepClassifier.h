// Learns from examples to tell two kinds apart: dlib's support vector machine with a radial basis
// kernel, and probabilities by Platt's method. dlib and its C++ stay behind this header.
//
// Examples: rows of `dimension` doubles, one after the other, all of them finite.
// Failure: every function that returns a status also fills `error` (which may be NULL), and on
// failure writes nothing else. Nothing throws; there is no global error state.
// Threads: no function starts one. One classifier, one thread at a time; different classifiers are
// independent.
// The same input gives the same classifier: nothing is random.
#ifndef CKEEPCLASSIFIER_H
#define CKEEPCLASSIFIER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CKEEP_OK = 0,
    CKEEP_BAD_ARGUMENT = 1,  // sizes, numbers or labels that make no sense; a bug of the caller
    CKEEP_DAMAGED = 2,       // bytes that are cut short, changed, or of something else
    CKEEP_OTHER_VERSION = 3, // a classifier of other features than requested
    CKEEP_OUT_OF_MEMORY = 4,
    CKEEP_FAILED = 5, // anything else, in the words of the library inside
};

enum {
    CKEEP_MAXIMUM_DIMENSION = 4096,
    CKEEP_MAXIMUM_EXAMPLES = 100000,
};

typedef struct ckeep_error {
    int32_t status;
    char message[256]; // one sentence part in English, UTF-8, always ended by 0
} ckeep_error;

typedef struct ckeep_settings {
    // The cost of an example on the wrong side: above 0. Larger fits the examples more closely.
    double cost;
    // How quickly likeness fades: exp(-sharpness * squared distance), above 0. Distances are
    // between rows scaled to the same spread in every column and then weighted.
    double sharpness;
} ckeep_settings;

typedef struct ckeep_classifier ckeep_classifier;

// Learns from examples.
//
// rows:    count * dimension doubles.
// labels:  count bytes: 1 for the kind that probabilities are for, 0 for the other; both occur.
// weights: dimension doubles, at least 0, one above 0: each column's weight; 0 leaves it out.
// classifier: gets a new one, which the caller destroys. Its probabilities are 0 or 1 until it is
//             calibrated.
// Cost: grows with count * count * columns that count.
int32_t ckeep_train(const double *rows, size_t count, size_t dimension, const uint8_t *labels,
                    const double *weights, const ckeep_settings *settings,
                    ckeep_classifier **classifier, ckeep_error *error);

// The parts of a probability: 1 / (1 + exp(slope * score + offset)).
typedef struct ckeep_fit {
    double slope; // at most 0
    double offset;
} ckeep_fit;

// Finds the probability of label 1 at a score, by Platt's method.
//
// scores: count of them, by classifiers that did not learn from their examples.
// labels: as above; both kinds occur.
int32_t ckeep_fit_probabilities(const double *scores, const uint8_t *labels, size_t count,
                                ckeep_fit *fit, ckeep_error *error);

// Gives the classifier its probabilities.
int32_t ckeep_calibrate(ckeep_classifier *classifier, const ckeep_fit *fit, ckeep_error *error);

// Judges rows.
//
// scores, probabilities: count doubles each, the caller's; each may be NULL. A score above 0 means
//                        label 1; a probability is 0...1.
int32_t ckeep_judge(const ckeep_classifier *classifier, const double *rows, size_t count,
                    size_t dimension, double *scores, double *probabilities, ckeep_error *error);

// Writes the classifier as bytes, with their length and a checksum.
//
// feature_version: of the features that it learnt from; reading the bytes requires the same.
// bytes: the caller's, capacity of them; may be NULL when capacity is 0.
// byte_count: the number needed; if it exceeds capacity nothing else is written.
int32_t ckeep_serialise(const ckeep_classifier *classifier, uint32_t feature_version, void *bytes,
                        size_t capacity, size_t *byte_count, ckeep_error *error);

// Reads what ckeep_serialise wrote. Changed bytes are refused before they are used; no more memory
// is taken than the bytes themselves take.
//
// dimension, feature_version: those of the caller's rows; others are CKEEP_OTHER_VERSION.
int32_t ckeep_deserialise(const void *bytes, size_t byte_count, size_t dimension,
                          uint32_t feature_version, ckeep_classifier **classifier,
                          ckeep_error *error);

// Frees a classifier, which may be NULL.
void ckeep_destroy(ckeep_classifier *classifier);

#ifdef __cplusplus
}
#endif

#endif
