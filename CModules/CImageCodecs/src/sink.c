#include "internal.h"

#include <stdlib.h>
#include <string.h>

/// Rows turned at once: sixteen pixels fill most of a cache line, and sixteen rows of a large photo
/// fit the second-level cache.
enum { STRIP_ROWS = 16 };

int32_t cimage_sink_open(cimage_sink *sink, cimage_size source, const cimage_target *target,
                         cimage_error *error) {
    *sink = (cimage_sink){.target = *target, .source = source};
    cimage_size size = target->size;
    bool is_turned = target->orientation > 4;
    if (size.width < 1 || size.height < 1 || size.width > source.width ||
        size.height > source.height || target->orientation < 1 || target->orientation > 8 ||
        target->stride / 3 < (size_t)(is_turned ? size.height : size.width)) {
        return cimage_fail(error, CIMAGE_BAD_ARGUMENT, "no such size or orientation");
    }
    sink->is_reducing = size.width != source.width || size.height != source.height;
    if (sink->is_reducing) {
        sink->row = malloc((size_t)source.width * 3);
        sink->sums = calloc((size_t)source.width * 3, sizeof *sink->sums);
    }
    if (target->orientation != 1) {
        sink->strip = malloc((size_t)size.width * 3 * STRIP_ROWS);
    }
    if ((sink->is_reducing && (!sink->row || !sink->sums)) ||
        (target->orientation != 1 && !sink->strip)) {
        cimage_sink_close(sink);
        return cimage_fail(error, CIMAGE_OUT_OF_MEMORY, "");
    }
    return CIMAGE_OK;
}

void cimage_sink_close(cimage_sink *sink) {
    free(sink->row);
    free(sink->strip);
    free(sink->sums);
    sink->row = sink->strip = NULL;
    sink->sums = NULL;
}

/// The place to write the next row of the target's size.
static uint8_t *next_row(cimage_sink *sink) {
    if (sink->strip) {
        return sink->strip + (size_t)sink->strip_count * (size_t)sink->target.size.width * 3;
    }
    return (uint8_t *)sink->target.pixels + (size_t)sink->made * sink->target.stride;
}

/// Writes the waiting rows upright. Stored pixel (x, y) of a picture w x h goes to:
/// 2 (w-1-x, y)  3 (w-1-x, h-1-y)  4 (x, h-1-y)  5 (y, x)  6 (h-1-y, x)  7 (h-1-y, w-1-x)
/// 8 (y, w-1-x).
static void turn_strip(cimage_sink *sink) {
    const int32_t width = sink->target.size.width, height = sink->target.size.height;
    const int32_t first = sink->made - sink->strip_count, count = sink->strip_count;
    const int32_t orientation = sink->target.orientation;
    uint8_t *pixels = sink->target.pixels;
    const size_t stride = sink->target.stride, row_bytes = (size_t)width * 3;
    if (orientation <= 4) {
        for (int32_t i = 0; i < count; i += 1) {
            int32_t y = orientation == 2 ? first + i : height - 1 - (first + i);
            const uint8_t *from = sink->strip + (size_t)i * row_bytes;
            uint8_t *to = pixels + (size_t)y * stride;
            if (orientation == 4) {
                memcpy(to, from, row_bytes);
                continue;
            }
            for (int32_t x = 0; x < width; x += 1) {
                const uint8_t *pixel = from + (size_t)(width - 1 - x) * 3;
                to[0] = pixel[0];
                to[1] = pixel[1];
                to[2] = pixel[2];
                to += 3;
            }
        }
    } else {
        // Columns run backwards in 6 and 7, rows run backwards in 7 and 8.
        const bool is_right_to_left = orientation == 6 || orientation == 7;
        for (int32_t x = 0; x < width; x += 1) {
            int32_t y = orientation >= 7 ? width - 1 - x : x;
            int32_t left = is_right_to_left ? height - first - count : first;
            uint8_t *to = pixels + (size_t)y * stride + (size_t)left * 3;
            const uint8_t *from = sink->strip + (size_t)x * 3;
            for (int32_t i = 0; i < count; i += 1) {
                const uint8_t *pixel =
                    from + (size_t)(is_right_to_left ? count - 1 - i : i) * row_bytes;
                to[0] = pixel[0];
                to[1] = pixel[1];
                to[2] = pixel[2];
                to += 3;
            }
        }
    }
    sink->strip_count = 0;
}

static void finish_row(cimage_sink *sink) {
    sink->made += 1;
    if (sink->strip) {
        sink->strip_count += 1;
        if (sink->strip_count == STRIP_ROWS || sink->made == sink->target.size.height) {
            turn_strip(sink);
        }
    }
}

/// Whole numbers below 2^24, so exact, up to 65,793 rows; with only the instructions of every
/// x86-64, this is twice as quick as integers.
static void add_row(float *sums, const uint8_t *row, size_t count, float weight) {
    for (size_t i = 0; i < count; i += 1) {
        sums[i] += (float)row[i] * weight;
    }
}

/// Means of the summed rows over the columns that each pixel of the next row covers.
///
/// In units where a source pixel is `to` wide and a target pixel `from`, all overlaps are whole
/// numbers, so nothing is rounded before the end and the result is the same on every machine.
static void make_row(cimage_sink *sink) {
    const uint64_t from = (uint64_t)sink->source.width, to = (uint64_t)sink->target.size.width;
    const double scale = 1.0 / ((double)from * (double)sink->source.height);
    uint8_t *out = next_row(sink);
    const float *sums = sink->sums;
    // How much of the source pixel at `sums` is not used yet.
    uint64_t left = to;
    for (uint64_t x = 0; x < to; x += 1) {
        double red = 0, green = 0, blue = 0;
        for (uint64_t wanted = from; wanted > 0;) {
            uint64_t weight = left < wanted ? left : wanted;
            red += (double)weight * (double)sums[0];
            green += (double)weight * (double)sums[1];
            blue += (double)weight * (double)sums[2];
            wanted -= weight;
            left -= weight;
            if (left == 0) {
                sums += 3;
                left = to;
            }
        }
        out[0] = (uint8_t)(red * scale + 0.5);
        out[1] = (uint8_t)(green * scale + 0.5);
        out[2] = (uint8_t)(blue * scale + 0.5);
        out += 3;
    }
    finish_row(sink);
}

static void take(cimage_sink *sink, const uint8_t *row) {
    if (!sink->is_reducing) {
        sink->taken += 1;
        finish_row(sink);
        return;
    }
    // The same whole-number units as in make_row, downwards.
    const uint64_t from = (uint64_t)sink->source.height, to = (uint64_t)sink->target.size.height;
    const size_t count = (size_t)sink->source.width * 3;
    uint64_t top = (uint64_t)sink->taken * to, bottom = top + to;
    sink->taken += 1;
    while (top < bottom) {
        uint64_t end = ((uint64_t)sink->made + 1) * from;
        uint64_t stop = bottom < end ? bottom : end;
        add_row(sink->sums, row, count, (float)(stop - top));
        top = stop;
        if (stop == end) {
            make_row(sink);
            memset(sink->sums, 0, count * sizeof *sink->sums);
        }
    }
}

uint8_t *cimage_sink_row(cimage_sink *sink) {
    return sink->is_reducing ? sink->row : next_row(sink);
}

void cimage_sink_take(cimage_sink *sink) { take(sink, sink->row); }

void cimage_sink_take_copy(cimage_sink *sink, const uint8_t *row) {
    if (!sink->is_reducing) {
        memcpy(next_row(sink), row, (size_t)sink->source.width * 3);
    }
    take(sink, row);
}

void cimage_sink_fill(cimage_sink *sink) {
    while (sink->taken < sink->source.height) {
        memset(cimage_sink_row(sink), 128, (size_t)sink->source.width * 3);
        cimage_sink_take(sink);
    }
}
