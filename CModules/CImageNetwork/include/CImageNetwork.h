// Names what a picture shows: dlib's published ImageNet classifier, a residual network with 33
// convolutions below its 1000 classes, run by oneDNN with 32-bit floats.
//
// Failure: every function that returns a status also fills `error` (which may be NULL), and on
// failure writes nothing else. Nothing throws; there is no global error state; no argument is kept
// after return.
// Threads: no function starts one; OpenMP is held to the calling thread.
#ifndef CIMAGENETWORK_H
#define CIMAGENETWORK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CIMAGENET_OK = 0,
    CIMAGENET_NO_FILE = 1,       // the file is missing or cannot be opened
    CIMAGENET_BAD_FILE = 2,      // it is cut short, damaged, or of another network
    CIMAGENET_BAD_ARGUMENT = 3,  // a size or stride that makes no sense; a bug of the caller
    CIMAGENET_OUT_OF_MEMORY = 4, // too little memory
    CIMAGENET_FAILED = 5,        // anything else, in the words of the library inside
};

enum {
    CIMAGENET_CLASS_COUNT = 1000,
    CIMAGENET_FEATURE_COUNT = 512,
    CIMAGENET_CROP_SIDE = 227,       // pixels of the square that the network sees
    CIMAGENET_CROP_COUNT = 4,        // such squares per picture
    CIMAGENET_LABEL_CAPACITY = 1024, // bytes of the longest label, with the 0 at its end
    CIMAGENET_MAXIMUM_SIDE = 32768,  // longest side of a picture, in pixels
    CIMAGENET_SHORTER_SIDE = 340,    // of a picture whose smallest crop has the size that the
                                     // network sees: more pixels are useless
};

typedef struct cimagenet_error {
    int32_t status;
    char message[256]; // one sentence part in English, UTF-8, always ended by 0
} cimagenet_error;

// The loaded network: immutable, shared by any number of workers and threads; about 90 MB.
typedef struct cimagenet_network cimagenet_network;

// What one worker needs besides the network. One worker, one thread at a time; different workers
// are independent, even with the same network.
typedef struct cimagenet_worker cimagenet_worker;

// Reads dlib's file `resnet34_1000_imagenet_classifier.dnn`: the network and the labels of its
// classes, as dlib serialises them. Reading takes about 180 MB, whatever is in the file.
//
// path:    ended by 0.
// network: set on success; the caller ends it with cimagenet_network_destroy.
// Returns CIMAGENET_OK, CIMAGENET_NO_FILE, CIMAGENET_BAD_FILE or CIMAGENET_OUT_OF_MEMORY. A network
// that loads has this architecture, 1000 labels and finite weights; whose weights, it cannot tell.
int32_t cimagenet_network_create(const char *path, cimagenet_network **network,
                                 cimagenet_error *error);

// Ends `network`, which may be NULL. Every worker that borrows it must end first.
void cimagenet_network_destroy(cimagenet_network *network);

// Copies the label of a class, as ImageNet has it: "lakeside, lakeshore".
//
// number: 0 ..< CIMAGENET_CLASS_COUNT.
// label:  the caller's; UTF-8 if the file's is, ended by 0.
// Returns CIMAGENET_OK or CIMAGENET_BAD_ARGUMENT.
int32_t cimagenet_label(const cimagenet_network *network, int32_t number,
                        char label[CIMAGENET_LABEL_CAPACITY], cimagenet_error *error);

// Makes a worker that borrows `network`. It takes its memory, about 20 MB, on first use.
//
// worker: set on success; the caller ends it with cimagenet_worker_destroy.
int32_t cimagenet_worker_create(const cimagenet_network *network, cimagenet_worker **worker,
                                cimagenet_error *error);

// Ends `worker`, which may be NULL.
void cimagenet_worker_destroy(cimagenet_worker *worker);

// Cuts the squares that represent a picture, always the same ones: three of 7/8 of its shorter
// side, at both ends of its longer side and, mirrored, in its middle; and one of 2/3 in its middle.
// Resized bilinearly, corners on corners.
//
// The network was trained on squares of 0.47 to 0.875 of the shorter side, at any place, mirrored
// or not; dlib's example takes 16 of them at random. These four see all of a photo but its margin,
// and its middle larger, in a quarter of the time.
//
// rgb:   RGB, 8 bits, interleaved, top row first; stride in bytes, at least 3 * width.
// crops: the caller's, CIMAGENET_CROP_COUNT squares of CIMAGENET_CROP_SIDE pixels, RGB, without
//        gaps.
// Returns CIMAGENET_OK, CIMAGENET_BAD_ARGUMENT or CIMAGENET_OUT_OF_MEMORY.
int32_t cimagenet_crops(const void *rgb, int32_t width, int32_t height, size_t stride,
                        uint8_t *crops, cimagenet_error *error);

// The network's output for one picture's crops.
//
// crops:         from cimagenet_crops.
// features:      the caller's, CIMAGENET_FEATURE_COUNT: the last activations, each the mean over
//                its places and the crops; finite, at least 0, no unit.
// probabilities: the caller's, CIMAGENET_CLASS_COUNT: 0...1, the mean over the crops; their sum is
//                1 but for rounding.
// Returns CIMAGENET_OK, CIMAGENET_BAD_ARGUMENT, CIMAGENET_OUT_OF_MEMORY or CIMAGENET_FAILED; the
// last also if finite weights give numbers that are not finite.
int32_t cimagenet_classify(cimagenet_worker *worker, const uint8_t *crops, float *features,
                           float *probabilities, cimagenet_error *error);

#ifdef __cplusplus
}
#endif

#endif
