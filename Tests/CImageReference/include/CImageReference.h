// What dlib itself makes of its ImageNet classifier, called as its example does: the yardstick for
// CImageNetwork's tests. The published weights are not needed: a network of the same architecture
// with seeded ones is written in dlib's format.
#ifndef CIMAGEREFERENCE_H
#define CIMAGEREFERENCE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Writes such a network, the same for the same seed, and after it `labels` labels: "thing 0, object
// 0", "thing 1, object 1" and so on.
//
// Returns 0, or -1 when it could not be written.
int32_t cimref_write(const char *path, uint64_t seed, int32_t labels);

// Reads `path` and runs it on `count` squares of 227 x 227 pixels, RGB, without gaps.
//
// features: 512 numbers, the mean of the squares'. probabilities: 1000, likewise.
// Returns 0, or -1 when dlib refused the file.
int32_t cimref_classify(const char *path, const uint8_t *crops, int32_t count, float *features,
                        float *probabilities);

// How CNetworkLayers reads dlib's own file of 2017, the face encoder, whose layers are of the same
// kinds and of older versions.
//
// Returns the largest difference of a weight from what dlib reads, as a fraction of the largest
// weight of its layer; or -1 when one of them refused the file.
double cimref_encoder_difference(const char *path);

// How CNetworkLayers reads a batch normalisation instead of an affine layer, as dlib's training
// writes one: the largest difference of a factor or summand from those that dlib makes of it.
double cimref_normalisation_difference(uint64_t seed);

#ifdef __cplusplus
}
#endif

#endif
