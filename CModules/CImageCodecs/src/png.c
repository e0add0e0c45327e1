#include "internal.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>
#include <zlib.h>

/// A picture to read; separate, so that no local variable lives across a longjmp.
typedef struct {
    png_structp codec;
    png_infop info;
    const uint8_t *bytes;
    size_t byte_count, position;
    bool has_ended;
    bool is_out_of_memory;
    /// Whether a required chunk does not match its check sum.
    bool is_corrupt;
    char message[256];
    cimage_sink sink;
    bool has_sink;
    /// One row with alpha, or the whole picture when it is interlaced.
    uint8_t *buffer;
    png_bytepp rows;
    int32_t status;
    bool is_complete;
} png_reader;

static void leave(png_structp codec, png_const_charp message) {
    png_reader *reader = png_get_error_ptr(codec);
    snprintf(reader->message, sizeof reader->message, "%s", message);
    reader->is_out_of_memory = strstr(message, "memory") != NULL;
    png_longjmp(codec, 1);
}

/// libpng puts the chunk's name first; a required chunk's begins with a capital.
static void hear_warning(png_structp codec, png_const_charp message) {
    if (strstr(message, "CRC error") && message[0] >= 'A' && message[0] <= 'Z') {
        ((png_reader *)png_get_error_ptr(codec))->is_corrupt = true;
    }
}

static void read_bytes(png_structp codec, png_bytep to, size_t count) {
    png_reader *reader = png_get_io_ptr(codec);
    if (count > reader->byte_count - reader->position) {
        reader->has_ended = true;
        png_error(codec, "");
    }
    memcpy(to, reader->bytes + reader->position, count);
    reader->position += count;
}

static int32_t fail(const png_reader *reader, cimage_error *error) {
    int32_t status = reader->is_out_of_memory ? CIMAGE_OUT_OF_MEMORY
                     : reader->has_ended      ? CIMAGE_ENDS_EARLY
                                              : CIMAGE_UNREADABLE;
    return cimage_fail(error, status, reader->message);
}

/// False when memory runs out.
static bool open_reader(png_reader *reader, const uint8_t *bytes, size_t byte_count) {
    *reader = (png_reader){.bytes = bytes, .byte_count = byte_count};
    reader->codec = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, leave, hear_warning);
    reader->info = reader->codec ? png_create_info_struct(reader->codec) : NULL;
    return reader->info != NULL;
}

static void close_reader(png_reader *reader) {
    png_destroy_read_struct(&reader->codec, &reader->info, NULL);
    if (reader->has_sink) {
        cimage_sink_close(&reader->sink);
    }
    free(reader->buffer);
    free(reader->rows);
}

/// Reads up to the picture's data. May leave by longjmp.
static void read_header(png_reader *reader) {
    png_set_read_fn(reader->codec, reader, read_bytes);
    // The program limits the area itself; libpng's limits on the sides would apply first.
    png_set_user_limits(reader->codec, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    // Only the picture itself is needed: for EXIF, texts and profiles libpng would allocate any
    // length that they claim.
    png_set_keep_unknown_chunks(reader->codec, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    // Show data with wrong check sums if they inflate, as browsers do.
    png_set_crc_action(reader->codec, PNG_CRC_WARN_USE, PNG_CRC_WARN_DISCARD);
    png_set_option(reader->codec, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
    png_read_info(reader->codec, reader->info);
}

int32_t cimage_png_probe(const uint8_t *bytes, size_t byte_count, cimage_size *size,
                         cimage_error *error) {
    png_reader reader;
    int32_t status = CIMAGE_OK;
    if (!open_reader(&reader, bytes, byte_count)) {
        status = cimage_fail(error, CIMAGE_OUT_OF_MEMORY, "");
    } else if (setjmp(png_jmpbuf(reader.codec))) {
        status = fail(&reader, error);
    } else {
        read_header(&reader);
        *size = (cimage_size){(int32_t)png_get_image_width(reader.codec, reader.info),
                              (int32_t)png_get_image_height(reader.codec, reader.info)};
    }
    close_reader(&reader);
    return status;
}

/// Lays a row with alpha on white.
static void blend(const uint8_t *from, uint8_t *to, int32_t width) {
    for (int32_t x = 0; x < width; x += 1) {
        unsigned alpha = from[3];
        for (int channel = 0; channel < 3; channel += 1) {
            to[channel] = (uint8_t)((from[channel] * alpha + 255u * (255u - alpha) + 127) / 255);
        }
        from += 4;
        to += 3;
    }
}

static void hand_on(png_reader *reader, const uint8_t *row, bool has_alpha) {
    if (has_alpha) {
        blend(row, cimage_sink_row(&reader->sink), reader->sink.source.width);
        cimage_sink_take(&reader->sink);
    } else {
        cimage_sink_take_copy(&reader->sink, row);
    }
}

/// May leave by longjmp.
static int32_t run(png_reader *reader, const cimage_target *target, cimage_error *error) {
    png_structp codec = reader->codec;
    read_header(reader);
    cimage_size size = {(int32_t)png_get_image_width(codec, reader->info),
                        (int32_t)png_get_image_height(codec, reader->info)};
    int32_t status = cimage_check_size(size.width, size.height, error);
    if (status != CIMAGE_OK) {
        return status;
    }
    png_set_expand(codec);
    png_set_scale_16(codec);
    png_set_gray_to_rgb(codec);
    bool is_interlaced = png_set_interlace_handling(codec) > 1;
    png_read_update_info(codec, reader->info);
    bool has_alpha = png_get_channels(codec, reader->info) == 4;
    size_t row_bytes = png_get_rowbytes(codec, reader->info);
    if (row_bytes != (size_t)size.width * (has_alpha ? 4 : 3)) {
        return cimage_fail(error, CIMAGE_UNSUPPORTED, "an unusual kind of pixel");
    }
    status = cimage_sink_open(&reader->sink, size, target, error);
    if (status != CIMAGE_OK) {
        return status;
    }
    reader->has_sink = true;
    size_t row_count = is_interlaced ? (size_t)size.height : 1;
    reader->buffer = calloc(row_count, row_bytes);
    reader->rows = malloc(row_count * sizeof *reader->rows);
    if (!reader->buffer || !reader->rows) {
        return cimage_fail(error, CIMAGE_OUT_OF_MEMORY, "");
    }
    for (size_t y = 0; y < row_count; y += 1) {
        reader->rows[y] = reader->buffer + y * row_bytes;
    }
    if (is_interlaced) {
        png_read_image(codec, reader->rows);
    }
    for (int32_t y = 0; y < size.height; y += 1) {
        if (is_interlaced) {
            hand_on(reader, reader->rows[y], has_alpha);
        } else if (has_alpha) {
            png_read_row(codec, reader->buffer, NULL);
            hand_on(reader, reader->buffer, has_alpha);
        } else {
            png_read_row(codec, cimage_sink_row(&reader->sink), NULL);
            cimage_sink_take(&reader->sink);
        }
    }
    reader->is_complete = true;
    png_read_end(codec, NULL);
    return CIMAGE_OK;
}

int32_t cimage_png_decode(const uint8_t *bytes, size_t byte_count, const cimage_target *target,
                          cimage_outcome *outcome, cimage_error *error) {
    png_reader reader;
    bool is_wrong_at_the_end = false;
    if (!open_reader(&reader, bytes, byte_count)) {
        reader.status = cimage_fail(error, CIMAGE_OUT_OF_MEMORY, "");
    } else if (setjmp(png_jmpbuf(reader.codec))) {
        reader.status = reader.is_complete ? CIMAGE_OK : fail(&reader, error);
        is_wrong_at_the_end = true;
    } else {
        reader.status = run(&reader, target, error);
    }
    if (reader.status == CIMAGE_OK) {
        *outcome = (cimage_outcome){
            .rows = reader.sink.source.height,
            .total_rows = reader.sink.source.height,
            .ends_early = is_wrong_at_the_end && reader.has_ended,
            .is_corrupt = reader.is_corrupt || (is_wrong_at_the_end && !reader.has_ended),
        };
    }
    close_reader(&reader);
    return reader.status;
}

size_t cimage_inflate(const void *bytes, size_t byte_count, void *out, size_t capacity) {
    if (byte_count > UINT32_MAX || capacity > UINT32_MAX) {
        return 0;
    }
    z_stream stream = {
        .next_in = (z_const Bytef *)bytes,
        .avail_in = (uInt)byte_count,
        .next_out = out,
        .avail_out = (uInt)capacity,
    };
    if (inflateInit(&stream) != Z_OK) {
        return 0;
    }
    inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    return capacity - stream.avail_out;
}

/// A picture being written.
typedef struct {
    png_structp codec;
    png_infop info;
    uint8_t *bytes;
    size_t byte_count, capacity;
    char message[256];
} png_writer;

static void leave_writing(png_structp codec, png_const_charp message) {
    png_writer *writer = png_get_error_ptr(codec);
    snprintf(writer->message, sizeof writer->message, "%s", message);
    png_longjmp(codec, 1);
}

static void stay_silent(png_structp codec, png_const_charp message) {
    (void)codec;
    (void)message;
}

static void write_bytes(png_structp codec, png_bytep from, size_t count) {
    png_writer *writer = png_get_io_ptr(codec);
    if (count > writer->capacity - writer->byte_count) {
        size_t capacity = 2 * (writer->byte_count + count);
        uint8_t *bytes = realloc(writer->bytes, capacity);
        if (!bytes) {
            png_error(codec, "out of memory");
        }
        writer->bytes = bytes;
        writer->capacity = capacity;
    }
    memcpy(writer->bytes + writer->byte_count, from, count);
    writer->byte_count += count;
}

static void flush_nothing(png_structp codec) { (void)codec; }

int32_t cimage_encode_png(const void *pixels, cimage_size size, size_t stride,
                          cimage_encoded *encoded, cimage_error *error) {
    int32_t status = cimage_check_size(size.width, size.height, error);
    if (status != CIMAGE_OK) {
        return status;
    }
    png_writer writer = {0};
    writer.codec =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, leave_writing, stay_silent);
    writer.info = writer.codec ? png_create_info_struct(writer.codec) : NULL;
    if (!writer.info) {
        status = cimage_fail(error, CIMAGE_OUT_OF_MEMORY, "");
    } else if (setjmp(png_jmpbuf(writer.codec))) {
        status = cimage_fail(error, CIMAGE_OUT_OF_MEMORY, writer.message);
    } else {
        png_set_write_fn(writer.codec, &writer, write_bytes, flush_nothing);
        png_set_user_limits(writer.codec, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
        png_set_IHDR(writer.codec, writer.info, (png_uint_32)size.width, (png_uint_32)size.height,
                     8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                     PNG_FILTER_TYPE_DEFAULT);
        png_write_info(writer.codec, writer.info);
        for (int32_t y = 0; y < size.height; y += 1) {
            png_write_row(writer.codec, (png_const_bytep)pixels + (size_t)y * stride);
        }
        png_write_end(writer.codec, writer.info);
    }
    png_destroy_write_struct(&writer.codec, &writer.info);
    if (status == CIMAGE_OK) {
        *encoded = (cimage_encoded){writer.bytes, writer.byte_count};
    } else {
        free(writer.bytes);
    }
    return status;
}
