// Shared by the codecs: error messages, and taking decoded rows to their place.
#ifndef CIMAGECODECS_INTERNAL_H
#define CIMAGECODECS_INTERNAL_H

#include "CImageCodecs.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Fills `error` and returns `status`.
int32_t cimage_fail(cimage_error *error, int32_t status, const char *message);

/// CIMAGE_OK when both sides are positive and within the limit on pixels.
int32_t cimage_check_size(int64_t width, int64_t height, cimage_error *error);

/// Takes the rows of a stored picture one by one, top row first, and writes them reduced and
/// upright. Rows are turned in strips, so no second picture is held in memory.
typedef struct {
    cimage_target target;
    cimage_size source;
    bool is_reducing;
    /// Rows taken in and rows passed on.
    int32_t taken, made;
    /// A source row, if the source does not fit into the target.
    uint8_t *row;
    /// The rows that wait to be turned, and their number.
    uint8_t *strip;
    int32_t strip_count;
    /// Weighted sums of the source rows for the current row.
    float *sums;
} cimage_sink;

/// On failure nothing needs to be released.
int32_t cimage_sink_open(cimage_sink *sink, cimage_size source, const cimage_target *target,
                         cimage_error *error);
/// The place to write the next source row (3 * source.width bytes).
uint8_t *cimage_sink_row(cimage_sink *sink);
/// Takes the row just written to cimage_sink_row.
void cimage_sink_take(cimage_sink *sink);
/// Takes `row`, from outside.
void cimage_sink_take_copy(cimage_sink *sink, const uint8_t *row);
/// Takes mid-grey rows until the picture is full.
void cimage_sink_fill(cimage_sink *sink);
void cimage_sink_close(cimage_sink *sink);

int32_t cimage_jpeg_probe(const uint8_t *bytes, size_t byte_count, cimage_size *size,
                          cimage_error *error);
int32_t cimage_jpeg_decode(const uint8_t *bytes, size_t byte_count, const cimage_target *target,
                           cimage_outcome *outcome, cimage_error *error);
int32_t cimage_png_probe(const uint8_t *bytes, size_t byte_count, cimage_size *size,
                         cimage_error *error);
int32_t cimage_png_decode(const uint8_t *bytes, size_t byte_count, const cimage_target *target,
                          cimage_outcome *outcome, cimage_error *error);
int32_t cimage_heic_probe(const uint8_t *bytes, size_t byte_count, cimage_size *size,
                          cimage_error *error);
int32_t cimage_heic_decode(const uint8_t *bytes, size_t byte_count, const cimage_target *target,
                           cimage_outcome *outcome, cimage_error *error);

#ifdef __cplusplus
}
#endif

#endif
