#include "internal.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

/// A picture to write; separate, so that no local variable lives across a longjmp.
typedef struct {
    struct jpeg_compress_struct codec;
    struct jpeg_error_mgr errors;
    jmp_buf on_error;
    unsigned char *bytes;
    unsigned long byte_count;
    uint8_t *row;
} jpeg_writer;

static void leave(j_common_ptr codec) { longjmp(((jpeg_writer *)codec->client_data)->on_error, 1); }

static void stay_silent(j_common_ptr codec) { (void)codec; }

static void write_exif(struct jpeg_compress_struct *codec, const cimage_jpeg_options *options) {
    static const uint8_t name[] = {'E', 'x', 'i', 'f', 0, 0};
    jpeg_write_m_header(codec, JPEG_APP0 + 1, (unsigned)(sizeof name + options->exif_count));
    for (size_t i = 0; i < sizeof name; i += 1) {
        jpeg_write_m_byte(codec, name[i]);
    }
    for (size_t i = 0; i < options->exif_count; i += 1) {
        jpeg_write_m_byte(codec, ((const uint8_t *)options->exif)[i]);
    }
}

/// One row in the file's colours: all of the colour in cyan, magenta and yellow, inverted.
static const uint8_t *converted_row(jpeg_writer *writer, const uint8_t *row, int32_t width,
                                    int32_t colour) {
    if (colour != CIMAGE_CMYK) {
        return row;
    }
    for (int32_t x = 0; x < width; x += 1) {
        memcpy(writer->row + (size_t)x * 4, row + (size_t)x * 3, 3);
        writer->row[(size_t)x * 4 + 3] = 255;
    }
    return writer->row;
}

/// May leave through on_error.
static void run(jpeg_writer *writer, const uint8_t *pixels, cimage_size size, size_t stride,
                const cimage_jpeg_options *options) {
    struct jpeg_compress_struct *codec = &writer->codec;
    jpeg_create_compress(codec);
    jpeg_mem_dest(codec, &writer->bytes, &writer->byte_count);
    bool is_cmyk = options->colour == CIMAGE_CMYK;
    codec->image_width = (JDIMENSION)size.width;
    codec->image_height = (JDIMENSION)size.height;
    codec->input_components = is_cmyk ? 4 : 3;
    codec->in_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
    jpeg_set_defaults(codec);
    if (options->colour == CIMAGE_GREY) {
        jpeg_set_colorspace(codec, JCS_GRAYSCALE);
    }
    jpeg_set_quality(codec, options->quality, TRUE);
    if (options->colour == CIMAGE_COLOUR) {
        codec->comp_info[0].h_samp_factor = options->colour_subsampling;
        codec->comp_info[0].v_samp_factor = options->colour_subsampling;
    }
    if (options->is_progressive) {
        jpeg_simple_progression(codec);
    }
    codec->restart_in_rows = options->restart_rows;
    jpeg_start_compress(codec, TRUE);
    if (options->exif_count > 0) {
        write_exif(codec, options);
    }
    while (codec->next_scanline < codec->image_height) {
        const uint8_t *row = pixels + (size_t)codec->next_scanline * stride;
        JSAMPROW rows[] = {(JSAMPROW)converted_row(writer, row, size.width, options->colour)};
        jpeg_write_scanlines(codec, rows, 1);
    }
    jpeg_finish_compress(codec);
}

int32_t cimage_encode_jpeg(const void *pixels, cimage_size size, size_t stride,
                           const cimage_jpeg_options *options, cimage_encoded *encoded,
                           cimage_error *error) {
    int32_t status = cimage_check_size(size.width, size.height, error);
    if (status != CIMAGE_OK) {
        return status;
    }
    if (options->exif_count > 65000 || options->quality < 1 || options->quality > 100) {
        return cimage_fail(error, CIMAGE_BAD_ARGUMENT, "quality or length of EXIF");
    }
    jpeg_writer writer;
    memset(&writer, 0, sizeof writer);
    writer.row = malloc((size_t)size.width * 4);
    if (!writer.row) {
        return cimage_fail(error, CIMAGE_OUT_OF_MEMORY, "");
    }
    writer.codec.err = jpeg_std_error(&writer.errors);
    writer.errors.error_exit = leave;
    writer.errors.output_message = stay_silent;
    writer.codec.client_data = &writer;
    if (setjmp(writer.on_error)) {
        char message[JMSG_LENGTH_MAX];
        writer.errors.format_message((j_common_ptr)&writer.codec, message);
        status = cimage_fail(error, CIMAGE_UNSUPPORTED, message);
    } else {
        run(&writer, pixels, size, stride, options);
    }
    jpeg_destroy_compress(&writer.codec);
    free(writer.row);
    if (status == CIMAGE_OK) {
        *encoded = (cimage_encoded){writer.bytes, writer.byte_count};
    } else {
        free(writer.bytes);
    }
    return status;
}
