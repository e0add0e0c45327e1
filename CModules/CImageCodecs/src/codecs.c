#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

/// Far above any camera's: a longer side is a mistake or an attack.
enum { MAXIMUM_SIDE = 10000000 };

int32_t cimage_fail(cimage_error *error, int32_t status, const char *message) {
    error->status = status;
    snprintf(error->message, sizeof error->message, "%s", message);
    return status;
}

int32_t cimage_check_size(int64_t width, int64_t height, cimage_error *error) {
    if (width < 1 || height < 1) {
        return cimage_fail(error, CIMAGE_UNREADABLE, "it has no pixels");
    }
    if (width > MAXIMUM_SIDE || height > MAXIMUM_SIDE || width > CIMAGE_MAXIMUM_PIXELS / height) {
        char message[64];
        snprintf(message, sizeof message, "%lld x %lld pixels", (long long)width,
                 (long long)height);
        return cimage_fail(error, CIMAGE_TOO_LARGE, message);
    }
    return CIMAGE_OK;
}

int32_t cimage_probe(int32_t format, const void *bytes, size_t byte_count, cimage_size *size,
                     cimage_error *error) {
    int32_t status;
    switch (format) {
    case CIMAGE_JPEG:
        status = cimage_jpeg_probe(bytes, byte_count, size, error);
        break;
    case CIMAGE_PNG:
        status = cimage_png_probe(bytes, byte_count, size, error);
        break;
    case CIMAGE_HEIC:
        status = cimage_heic_probe(bytes, byte_count, size, error);
        break;
    default:
        return cimage_fail(error, CIMAGE_BAD_ARGUMENT, "no such format");
    }
    return status == CIMAGE_OK ? cimage_check_size(size->width, size->height, error) : status;
}

int32_t cimage_decode(int32_t format, const void *bytes, size_t byte_count,
                      const cimage_target *target, cimage_outcome *outcome, cimage_error *error) {
    *outcome = (cimage_outcome){0};
    switch (format) {
    case CIMAGE_JPEG:
        return cimage_jpeg_decode(bytes, byte_count, target, outcome, error);
    case CIMAGE_PNG:
        return cimage_png_decode(bytes, byte_count, target, outcome, error);
    case CIMAGE_HEIC:
        return cimage_heic_decode(bytes, byte_count, target, outcome, error);
    default:
        return cimage_fail(error, CIMAGE_BAD_ARGUMENT, "no such format");
    }
}

int32_t cimage_reduce(const void *pixels, cimage_size size, size_t stride,
                      const cimage_target *target, cimage_error *error) {
    cimage_sink sink;
    int32_t status = cimage_sink_open(&sink, size, target, error);
    if (status != CIMAGE_OK) {
        return status;
    }
    for (int32_t y = 0; y < size.height; y += 1) {
        cimage_sink_take_copy(&sink, (const uint8_t *)pixels + (size_t)y * stride);
    }
    cimage_sink_close(&sink);
    return CIMAGE_OK;
}

void cimage_release(cimage_encoded *encoded) {
    free(encoded->bytes);
    *encoded = (cimage_encoded){0};
}
