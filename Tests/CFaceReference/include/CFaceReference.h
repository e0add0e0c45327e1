// What dlib itself says, called as its examples do: the yardstick for CFaceEngine's tests.
#ifndef CFACEREFERENCE_H
#define CFACEREFERENCE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cref_face {
    int32_t left, top, right, bottom; // inclusive, as dlib's rectangle
    float confidence;
    float plain[128];
    float mirrored[128]; // the encoding of the mirrored chip
} cref_face;

// Finds with dlib's HOG (`cnn` 0) or CNN (`cnn` 1) and encodes, one face at a time.
//
// models: the folder of the model files. rgb: without gaps between the rows.
// Returns the number of faces found, of which at most `capacity` are written, or -1.
int32_t cref_faces(const char *models, const void *rgb, int32_t width, int32_t height, int32_t cnn,
                   cref_face *faces, int32_t capacity);

#ifdef __cplusplus
}
#endif

#endif
