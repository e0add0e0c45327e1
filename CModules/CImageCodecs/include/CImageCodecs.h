/// One interface to libjpeg, libpng and libheif: probe, decode upright at a smaller size, encode.
///
/// Pixels: RGB, 8 bits, interleaved, top row first, row stride in bytes (at least 3 * width).
/// Buffers are the caller's, and none is kept after return; the one exception, an encoder's output,
/// is stated there. No global state: any function may run on any thread at any time. A failure
/// returns a status other than CIMAGE_OK and also writes it to `error`.
#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CIMAGE_OK = 0,
    /// The bytes are damaged beyond use, or not a picture.
    CIMAGE_UNREADABLE = 1,
    /// The picture has more pixels than CIMAGE_MAXIMUM_PIXELS, or than its format's library
    /// accepts.
    CIMAGE_TOO_LARGE = 2,
    /// The bytes end before there is anything to show.
    CIMAGE_ENDS_EARLY = 3,
    /// A valid picture of a kind that the library cannot read or write.
    CIMAGE_UNSUPPORTED = 4,
    CIMAGE_OUT_OF_MEMORY = 5,
    /// An argument is out of its range: a bug of the caller.
    CIMAGE_BAD_ARGUMENT = 6,
};

enum { CIMAGE_JPEG = 1, CIMAGE_PNG = 2, CIMAGE_HEIC = 3 };

/// Above this number of pixels (width * height) a picture is refused by its header alone.
enum { CIMAGE_MAXIMUM_PIXELS = 200000000 };

/// What went wrong: the status, and the library's message (UTF-8, terminated, may be empty).
typedef struct {
    int32_t status;
    char message[256];
} cimage_error;

/// Width and height in pixels. JPEG and PNG: as stored. HEIC: upright, as turned by libheif.
typedef struct {
    int32_t width;
    int32_t height;
} cimage_size;

/// Reads only the header of the picture of the given `format`.
///
/// Returns CIMAGE_OK with both sides of `size` at least 1 and at most CIMAGE_MAXIMUM_PIXELS pixels,
/// or a status described in `error`; nothing of the picture's size is allocated.
int32_t cimage_probe(int32_t format, const void *bytes, size_t byte_count, cimage_size *size,
                     cimage_error *error);

/// Inflates zlib data, as found in a PNG.
///
/// out: the caller's; at most `capacity` bytes are written.
/// Returns how many bytes were written: damaged or surplus data is left out.
size_t cimage_inflate(const void *bytes, size_t byte_count, void *out, size_t capacity);

/// Where decoded pixels go.
typedef struct {
    void *pixels;
    /// Bytes from one row of `pixels` to the next.
    size_t stride;
    /// The wanted size before turning: at least 1 x 1, and no side larger than in cimage_probe's
    /// size. With an orientation above 4, `pixels` has `height` columns and `width` rows.
    cimage_size size;
    /// How to turn the stored picture upright: 1...8 as in EXIF; 1 for HEIC.
    int32_t orientation;
} cimage_target;

/// How much of the picture is real.
typedef struct {
    /// How many of the `total_rows` stored rows existed; missing ones are mid-grey.
    int32_t rows;
    int32_t total_rows;
    /// 1 when the bytes end before the picture does.
    int32_t ends_early;
    /// 1 when some of the bytes in between are wrong.
    int32_t is_corrupt;
    /// 1 when every row is there but later passes, which bring the detail, are not.
    int32_t lacks_detail;
} cimage_outcome;

/// Decodes a picture, upright, reduced to the size of `target`.
///
/// Reducing is by area: each pixel is the mean of the area it covers. A JPEG is first reduced by a
/// power of two inside its decoder. A damaged JPEG is decoded as far as possible; a PNG with wrong
/// check sums is decoded; any other damaged PNG, and a damaged HEIC, is refused. Memory besides the
/// pixels: a few rows; an interlaced PNG, a progressive JPEG and a HEIC need the whole picture once
/// more.
/// Returns CIMAGE_OK, or a status described in `error`; then `pixels` may be partly written.
int32_t cimage_decode(int32_t format, const void *bytes, size_t byte_count,
                      const cimage_target *target, cimage_outcome *outcome, cimage_error *error);

/// Reduces pixels by area as cimage_decode does; `target` has orientation 1 and no side larger than
/// `size`.
int32_t cimage_reduce(const void *pixels, cimage_size size, size_t stride,
                      const cimage_target *target, cimage_error *error);

/// An encoder's output. The caller gives `bytes` to cimage_release.
typedef struct {
    uint8_t *bytes;
    size_t byte_count;
} cimage_encoded;

void cimage_release(cimage_encoded *encoded);

enum { CIMAGE_COLOUR = 0, CIMAGE_GREY = 1, CIMAGE_CMYK = 2 };

typedef struct {
    /// 1...100.
    int32_t quality;
    /// CIMAGE_COLOUR, CIMAGE_GREY, or CIMAGE_CMYK (inverted, with an Adobe marker).
    int32_t colour;
    /// 1 to write in passes of rising detail.
    int32_t is_progressive;
    /// 1 to keep colour at full resolution, 2 to halve it in both directions.
    int32_t colour_subsampling;
    /// A restart marker after this many rows of blocks; 0 for none.
    int32_t restart_rows;
    /// A TIFF block to write as EXIF, or NULL.
    const void *exif;
    /// At most 65,000 bytes.
    size_t exif_count;
} cimage_jpeg_options;

/// Encodes pixels as JPEG.
int32_t cimage_encode_jpeg(const void *pixels, cimage_size size, size_t stride,
                           const cimage_jpeg_options *options, cimage_encoded *encoded,
                           cimage_error *error);

/// Encodes pixels as PNG, 8 bits, without alpha.
int32_t cimage_encode_png(const void *pixels, cimage_size size, size_t stride,
                          cimage_encoded *encoded, cimage_error *error);

/// Encodes pixels as HEIC.
///
/// quality:     1...100.
/// orientation: 1...8; stored as the picture's own turn, which a reader has to apply.
/// exif:        a TIFF block, or NULL.
/// Returns CIMAGE_UNSUPPORTED where libheif was built without an HEVC encoder.
int32_t cimage_encode_heic(const void *pixels, cimage_size size, size_t stride, int32_t quality,
                           int32_t orientation, const void *exif, size_t exif_count,
                           cimage_encoded *encoded, cimage_error *error);

#ifdef __cplusplus
}
#endif

#endif
