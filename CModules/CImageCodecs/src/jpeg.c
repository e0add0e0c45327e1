#include "internal.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

/// libjpeg's memory limit for one picture: enough for the coefficients of a progressive JPEG of
/// CIMAGE_MAXIMUM_PIXELS.
static const long MAXIMUM_WORKING_BYTES = 1600L * 1000 * 1000;
/// No camera or program writes more passes; a crafted file with thousands would take hours.
enum { MAXIMUM_SCANS = 200 };

/// A picture being read, and the damage noticed so far.
typedef struct {
    struct jpeg_decompress_struct codec;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr source;
    jmp_buf on_error;
    /// Whether rows are being decoded, not headers.
    bool is_decoding;
    /// Whether the bytes ran out and an end was inserted.
    bool has_ended;
    bool is_corrupt;
    /// The first row of blocks whose data are missing for good; -1 if none.
    int32_t ended_row;
    /// For pictures in passes: whether the first pass of the brightness came.
    bool has_first_scan;
    /// For pictures in passes: how many bytes follow the last complete pass; 0 before that.
    size_t bytes_after_pass;
    /// Rows passed on.
    int32_t rows_made;
} jpeg_reader;

static jpeg_reader *reader_of(j_common_ptr codec) { return codec->client_data; }

/// libjpeg's way out of a fatal error; it must not return.
static void leave(j_common_ptr codec) { longjmp(reader_of(codec)->on_error, 1); }

static void stay_silent(j_common_ptr codec) { (void)codec; }

/// Whether the current scan is the first, coarse brightness of the picture.
static bool is_first_scan(const struct jpeg_decompress_struct *codec) {
    if (codec->Ss != 0 || codec->Ah != 0) {
        return false;
    }
    for (int i = 0; i < codec->comps_in_scan; i += 1) {
        if (codec->cur_comp_info[i]->component_index == 0) {
            return true;
        }
    }
    return false;
}

static void note_end(jpeg_reader *reader) {
    const struct jpeg_decompress_struct *codec = &reader->codec;
    if (!reader->has_ended) {
        reader->is_corrupt = true;
    }
    if (reader->ended_row < 0 && (!codec->buffered_image || is_first_scan(codec))) {
        reader->ended_row = (int32_t)codec->input_iMCU_row;
    }
}

/// Some programs pad the picture with zeros before its end mark; anything else there is lost data.
static bool skipped_only_zeros(const jpeg_reader *reader, size_t count) {
    const JOCTET *next = reader->source.next_input_byte;
    for (size_t i = 1; i <= count; i += 1) {
        if (next[-(ptrdiff_t)i] != 0) {
            return false;
        }
    }
    return true;
}

static void hear_warning(j_common_ptr common, int level) {
    jpeg_reader *reader = reader_of(common);
    if (level >= 0 || !reader->is_decoding) {
        return;
    }
    const struct jpeg_error_mgr *errors = common->err;
    switch (errors->msg_code) {
    case JWRN_HIT_MARKER:
        // The decoder stands before a marker with rows still to make. Without restart markers no
        // more data follow; with them the next one may set it right.
        if (reader->codec.restart_interval == 0 || reader->has_ended ||
            reader->codec.unread_marker == JPEG_EOI) {
            note_end(reader);
        } else {
            reader->is_corrupt = true;
        }
        break;
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
        if (!reader->has_ended) {
            reader->is_corrupt = true;
        }
        break;
    case JWRN_EXTRANEOUS_DATA:
        if (!reader->has_ended && !skipped_only_zeros(reader, (size_t)errors->msg_parm.i[0])) {
            reader->is_corrupt = true;
        }
        break;
    default:
        break;
    }
}

static void begin_source(j_decompress_ptr codec) { (void)codec; }

static boolean end_source(j_decompress_ptr codec) {
    static const JOCTET end[] = {0xFF, JPEG_EOI};
    reader_of((j_common_ptr)codec)->has_ended = true;
    codec->src->next_input_byte = end;
    codec->src->bytes_in_buffer = sizeof end;
    return TRUE;
}

static void skip_source(j_decompress_ptr codec, long count) {
    if (count <= 0) {
        return;
    }
    if ((size_t)count > codec->src->bytes_in_buffer) {
        end_source(codec);
        return;
    }
    codec->src->next_input_byte += count;
    codec->src->bytes_in_buffer -= (size_t)count;
}

/// Goes to the next marker in the data, of any kind; to an inserted end when there is none.
static void find_marker(j_decompress_ptr codec) {
    struct jpeg_source_mgr *source = codec->src;
    while (source->bytes_in_buffer >= 2) {
        const JOCTET *at = source->next_input_byte;
        if (at[0] == 0xFF && at[1] != 0 && at[1] != 0xFF) {
            codec->unread_marker = at[1];
            source->next_input_byte += 2;
            source->bytes_in_buffer -= 2;
            return;
        }
        source->next_input_byte += 1;
        source->bytes_in_buffer -= 1;
    }
    end_source(codec);
    codec->unread_marker = JPEG_EOI;
}

static bool is_restart(int marker) { return marker >= JPEG_RST0 && marker <= JPEG_RST0 + 7; }

/// Continues in data in which a restart marker is not where it should be.
///
/// libjpeg's own function stops for good at any other marker. In a picture of one pass none belongs
/// there, so the garbage must be skipped.
static boolean resynchronise(j_decompress_ptr codec, int desired) {
    jpeg_reader *reader = reader_of((j_common_ptr)codec);
    reader->is_corrupt = reader->is_corrupt || !reader->has_ended;
    for (;;) {
        while (!codec->buffered_image && !is_restart(codec->unread_marker) &&
               codec->unread_marker != JPEG_EOI) {
            find_marker(codec);
        }
        boolean result = jpeg_resync_to_restart(codec, desired);
        int marker = codec->unread_marker;
        if (marker == 0 || is_restart(marker)) {
            return result;
        }
        if (codec->buffered_image || marker == JPEG_EOI) {
            note_end(reader);
            return result;
        }
    }
}

/// Sets up everything that cannot fail.
static void prepare(jpeg_reader *reader, const uint8_t *bytes, size_t byte_count) {
    memset(reader, 0, sizeof *reader);
    reader->ended_row = -1;
    reader->codec.err = jpeg_std_error(&reader->errors);
    reader->errors.error_exit = leave;
    reader->errors.output_message = stay_silent;
    reader->errors.emit_message = hear_warning;
    reader->codec.client_data = reader;
    reader->source = (struct jpeg_source_mgr){
        .next_input_byte = bytes,
        .bytes_in_buffer = byte_count,
        .init_source = begin_source,
        .fill_input_buffer = end_source,
        .skip_input_data = skip_source,
        .resync_to_restart = resynchronise,
        .term_source = begin_source,
    };
}

/// Reads up to the first scan. May leave through on_error.
static void read_header(jpeg_reader *reader) {
    struct jpeg_decompress_struct *codec = &reader->codec;
    jpeg_create_decompress(codec);
    // Creating clears all but the error manager and the client data.
    codec->src = &reader->source;
    codec->mem->max_memory_to_use = MAXIMUM_WORKING_BYTES;
    jpeg_read_header(codec, TRUE);
}

/// The status for the error with which libjpeg left.
static int32_t fail(jpeg_reader *reader, cimage_error *error) {
    char message[JMSG_LENGTH_MAX];
    reader->errors.format_message((j_common_ptr)&reader->codec, message);
    int32_t status;
    switch (reader->errors.msg_code) {
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE:
        status = CIMAGE_OUT_OF_MEMORY;
        break;
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
        status = CIMAGE_TOO_LARGE;
        break;
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_COMPONENT_COUNT:
    case JERR_CCIR601_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOT_COMPILED:
        status = CIMAGE_UNSUPPORTED;
        break;
    default:
        status = reader->has_ended ? CIMAGE_ENDS_EARLY : CIMAGE_UNREADABLE;
    }
    return cimage_fail(error, status, message);
}

int32_t cimage_jpeg_probe(const uint8_t *bytes, size_t byte_count, cimage_size *size,
                          cimage_error *error) {
    jpeg_reader reader;
    int32_t status = CIMAGE_OK;
    prepare(&reader, bytes, byte_count);
    if (setjmp(reader.on_error)) {
        status = fail(&reader, error);
    } else {
        read_header(&reader);
        if (reader.codec.num_components == 2 || reader.codec.num_components > 4) {
            status = cimage_fail(error, CIMAGE_UNSUPPORTED, "an unusual number of colours");
        }
        *size =
            (cimage_size){(int32_t)reader.codec.image_width, (int32_t)reader.codec.image_height};
    }
    jpeg_destroy_decompress(&reader.codec);
    return status;
}

/// The strongest reduction by a power of two that is not smaller than `size`; in eighths.
///
/// libjpeg-turbo has vector code only for these sizes of a block: thirds and the like are slower
/// than decoding more pixels and reducing them afterwards.
static int eighths(const struct jpeg_decompress_struct *codec, cimage_size size) {
    for (int n = 1; n < 8; n *= 2) {
        if (((int64_t)codec->image_width * n + 7) / 8 >= size.width &&
            ((int64_t)codec->image_height * n + 7) / 8 >= size.height) {
            return n;
        }
    }
    return 8;
}

/// Reads every pass of the picture into memory. May leave through on_error.
static void read_scans(jpeg_reader *reader) {
    struct jpeg_decompress_struct *codec = &reader->codec;
    reader->has_first_scan = is_first_scan(codec);
    for (;;) {
        switch (jpeg_consume_input(codec)) {
        case JPEG_REACHED_SOS:
            if (codec->input_scan_number > MAXIMUM_SCANS) {
                ERREXIT1(codec, JERR_NOTIMPL, codec->input_scan_number);
            }
            reader->has_first_scan = reader->has_first_scan || is_first_scan(codec);
            break;
        case JPEG_SCAN_COMPLETED:
            if (!reader->has_ended) {
                // The marker after the pass is often read already; exclude it.
                reader->bytes_after_pass =
                    codec->src->bytes_in_buffer + (codec->unread_marker != 0 ? 2 : 0);
            }
            break;
        case JPEG_REACHED_EOI:
            return;
        default:
            break;
        }
    }
}

/// CMYK to RGB by the plain formula; printers' profiles are ignored.
///
/// All four are stored inverted, 255 for no ink: programs that write Adobe's marker do so, and
/// browsers and Pillow read the few files without one in the same way.
static void convert_cmyk(const uint8_t *from, uint8_t *to, int32_t width) {
    for (int32_t x = 0; x < width; x += 1) {
        for (int channel = 0; channel < 3; channel += 1) {
            to[channel] = (uint8_t)((from[channel] * from[3] + 127) / 255);
        }
        from += 4;
        to += 3;
    }
}

/// Decodes row after row into `sink` as long as data follow. May leave through on_error.
///
/// cmyk: room for one row of four channels, or NULL for a picture that is not CMYK.
static void make_rows(jpeg_reader *reader, cimage_sink *sink, uint8_t *cmyk) {
    struct jpeg_decompress_struct *codec = &reader->codec;
    const int32_t block_rows = codec->max_v_samp_factor * (int32_t)codec->scale_num;
    while (codec->output_scanline < codec->output_height) {
        if (reader->ended_row >= 0 &&
            (int64_t)codec->output_scanline >= (int64_t)reader->ended_row * block_rows) {
            return;
        }
        uint8_t *row = cimage_sink_row(sink);
        JSAMPROW rows[] = {cmyk ? cmyk : row};
        jpeg_read_scanlines(codec, rows, 1);
        if (cmyk) {
            convert_cmyk(cmyk, row, (int32_t)codec->output_width);
        }
        cimage_sink_take(sink);
        reader->rows_made += 1;
    }
}

/// One attempt's state; separate, so that no local variable lives across a longjmp.
typedef struct {
    jpeg_reader reader;
    cimage_sink sink;
    bool has_sink;
    uint8_t *cmyk;
    bool is_complete;
} jpeg_attempt;

/// Everything from the header to the last row. May leave through on_error.
static int32_t run(jpeg_attempt *attempt, const cimage_target *target, cimage_error *error) {
    jpeg_reader *reader = &attempt->reader;
    struct jpeg_decompress_struct *codec = &reader->codec;
    read_header(reader);
    int32_t status = cimage_check_size(codec->image_width, codec->image_height, error);
    if (status != CIMAGE_OK) {
        return status;
    }
    codec->buffered_image = jpeg_has_multiple_scans(codec);
    codec->scale_num = (unsigned)eighths(codec, target->size);
    codec->scale_denom = 8;
    bool is_cmyk = codec->num_components == 4;
    codec->out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
    reader->is_decoding = true;
    jpeg_start_decompress(codec);
    if (codec->buffered_image) {
        read_scans(reader);
        if (!reader->has_first_scan) {
            return cimage_fail(error, CIMAGE_ENDS_EARLY, "");
        }
        jpeg_start_output(codec, codec->input_scan_number);
    }
    cimage_size size = {(int32_t)codec->output_width, (int32_t)codec->output_height};
    status = cimage_sink_open(&attempt->sink, size, target, error);
    if (status != CIMAGE_OK) {
        return status;
    }
    attempt->has_sink = true;
    if (is_cmyk) {
        attempt->cmyk = malloc((size_t)size.width * 4);
        if (!attempt->cmyk) {
            return cimage_fail(error, CIMAGE_OUT_OF_MEMORY, "");
        }
    }
    make_rows(reader, &attempt->sink, attempt->cmyk);
    if (codec->output_scanline == codec->output_height) {
        attempt->is_complete = true;
        if (codec->buffered_image) {
            jpeg_finish_output(codec);
        }
        // Reads on to the end mark, and so notices surplus or missing data.
        jpeg_finish_decompress(codec);
    }
    return CIMAGE_OK;
}

/// Reports how much is real, once rows have been made.
static int32_t conclude(jpeg_attempt *attempt, cimage_outcome *outcome, cimage_error *error) {
    jpeg_reader *reader = &attempt->reader;
    const struct jpeg_decompress_struct *codec = &reader->codec;
    int64_t total = codec->image_height, rows = total;
    if (reader->ended_row >= 0) {
        rows = (int64_t)reader->ended_row * codec->max_v_samp_factor * DCTSIZE;
    } else if (!attempt->is_complete) {
        rows = (int64_t)reader->rows_made * DCTSIZE / (int64_t)codec->scale_num;
    }
    if (rows <= 0) {
        return cimage_fail(error, reader->is_corrupt ? CIMAGE_UNREADABLE : CIMAGE_ENDS_EARLY,
                           reader->is_corrupt ? "its first rows are damaged" : "");
    }
    *outcome = (cimage_outcome){
        .rows = (int32_t)(rows < total ? rows : total),
        .total_rows = (int32_t)total,
        .ends_early = reader->has_ended,
        .is_corrupt = reader->is_corrupt,
        .lacks_detail = codec->buffered_image && reader->has_ended && rows >= total,
    };
    cimage_sink_fill(&attempt->sink);
    return CIMAGE_OK;
}

/// sound: if a later pass could not be read at all, the number of bytes up to the end of the last
/// complete pass, else 0.
static int32_t attempt_decode(jpeg_attempt *attempt, const uint8_t *bytes, size_t byte_count,
                              const cimage_target *target, cimage_outcome *outcome, size_t *sound,
                              cimage_error *error) {
    memset(attempt, 0, sizeof *attempt);
    prepare(&attempt->reader, bytes, byte_count);
    *sound = 0;
    int32_t status;
    if (setjmp(attempt->reader.on_error)) {
        status = fail(&attempt->reader, error);
        if (attempt->reader.rows_made > 0 && status != CIMAGE_OUT_OF_MEMORY) {
            attempt->reader.is_corrupt = attempt->reader.is_corrupt || !attempt->reader.has_ended;
            status = CIMAGE_OK;
        } else if (status != CIMAGE_OUT_OF_MEMORY && attempt->reader.bytes_after_pass > 0) {
            *sound = byte_count - attempt->reader.bytes_after_pass;
        }
    } else {
        status = run(attempt, target, error);
    }
    if (status == CIMAGE_OK) {
        status = conclude(attempt, outcome, error);
    }
    jpeg_destroy_decompress(&attempt->reader.codec);
    if (attempt->has_sink) {
        cimage_sink_close(&attempt->sink);
    }
    free(attempt->cmyk);
    return status;
}

int32_t cimage_jpeg_decode(const uint8_t *bytes, size_t byte_count, const cimage_target *target,
                           cimage_outcome *outcome, cimage_error *error) {
    jpeg_attempt attempt;
    size_t sound;
    int32_t status = attempt_decode(&attempt, bytes, byte_count, target, outcome, &sound, error);
    if (sound > 0) {
        bool has_ended = attempt.reader.has_ended;
        // A later pass is unreadable: the passes before it make a coarser picture.
        status = attempt_decode(&attempt, bytes, sound, target, outcome, &sound, error);
        outcome->is_corrupt = !has_ended;
        outcome->ends_early = has_ended;
    }
    return status;
}
