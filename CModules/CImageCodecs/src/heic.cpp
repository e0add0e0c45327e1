#include "internal.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include <libheif/heif.h>

namespace {

/// Runs `body`, and turns any exception into a status: none may pass into C or Swift.
template <class Body> int32_t guarded(cimage_error *error, Body body) {
    try {
        return body();
    } catch (const std::bad_alloc &) {
        return cimage_fail(error, CIMAGE_OUT_OF_MEMORY, "");
    } catch (const std::exception &thrown) {
        return cimage_fail(error, CIMAGE_UNREADABLE, thrown.what());
    } catch (...) {
        return cimage_fail(error, CIMAGE_UNREADABLE, "");
    }
}

int32_t fail(const heif_error &problem, cimage_error *error) {
    int32_t status = CIMAGE_UNREADABLE;
    if (problem.code == heif_error_Memory_allocation_error) {
        status = problem.subcode == heif_suberror_Security_limit_exceeded ? CIMAGE_TOO_LARGE
                                                                          : CIMAGE_OUT_OF_MEMORY;
    } else if (problem.subcode == heif_suberror_Security_limit_exceeded) {
        status = CIMAGE_TOO_LARGE;
    } else if (problem.subcode == heif_suberror_End_of_data) {
        status = CIMAGE_ENDS_EARLY;
    } else if (problem.code == heif_error_Unsupported_feature ||
               problem.code == heif_error_Unsupported_filetype ||
               problem.code == heif_error_Plugin_loading_error) {
        status = CIMAGE_UNSUPPORTED;
    }
    return cimage_fail(error, status, problem.message ? problem.message : "");
}

template <auto release> struct Releaser {
    template <class Thing> void operator()(Thing *thing) const { release(thing); }
};

using Context = std::unique_ptr<heif_context, Releaser<heif_context_free>>;
using Handle = std::unique_ptr<heif_image_handle, Releaser<heif_image_handle_release>>;
using Image = std::unique_ptr<heif_image, Releaser<heif_image_release>>;
using DecodingOptions =
    std::unique_ptr<heif_decoding_options, Releaser<heif_decoding_options_free>>;
using Encoder = std::unique_ptr<heif_encoder, Releaser<heif_encoder_release>>;
using EncodingOptions =
    std::unique_ptr<heif_encoding_options, Releaser<heif_encoding_options_free>>;

/// The longest accepted side, in pixels: a phone's panorama has 16,384.
constexpr int maximumSide = 20000;
/// How much larger, in pixels, a picture may be coded than shown.
constexpr int codingReserve = 128;

/// Whether a box of the file's top level claims to be longer than the file: the sign of a file cut
/// short, which libheif reports in a dozen ways.
bool endsEarly(const uint8_t *bytes, size_t count) {
    size_t position = 0;
    while (position < count) {
        if (count - position < 8) {
            return true;
        }
        auto word = [&](size_t at) {
            return uint64_t(bytes[at]) << 24 | uint64_t(bytes[at + 1]) << 16 |
                   uint64_t(bytes[at + 2]) << 8 | uint64_t(bytes[at + 3]);
        };
        uint64_t length = word(position);
        if (length == 0) {
            return false; // The last box reaches to the end, wherever that is.
        }
        if (length == 1) {
            if (count - position < 16) {
                return true;
            }
            length = word(position + 8) << 32 | word(position + 12);
        }
        if (length < 8) {
            return false;
        }
        if (length > count - position) {
            return true;
        }
        position += size_t(length);
    }
    return false;
}

/// A file's main picture, opened but not decoded.
struct Primary {
    Context context;
    Handle handle;

    int32_t open(const uint8_t *bytes, size_t count, cimage_error *error) {
        if (endsEarly(bytes, count)) {
            return cimage_fail(error, CIMAGE_ENDS_EARLY, "");
        }
        context.reset(heif_context_alloc());
        if (!context) {
            return cimage_fail(error, CIMAGE_OUT_OF_MEMORY, "");
        }
        heif_context_set_maximum_image_size_limit(context.get(), maximumSide);
        // 0: in the caller's thread; the program has its own workers.
        heif_context_set_max_decoding_threads(context.get(), 0);
        heif_error problem =
            heif_context_read_from_memory_without_copy(context.get(), bytes, count, nullptr);
        if (problem.code != heif_error_Ok) {
            return fail(problem, error);
        }
        heif_image_handle *primary = nullptr;
        problem = heif_context_get_primary_image_handle(context.get(), &primary);
        handle.reset(primary);
        if (problem.code != heif_error_Ok) {
            return fail(problem, error);
        }
        // A picture composed of others has its size a second time, in its data. libheif allocates
        // by that one, so it must not be above the checked one.
        int side =
            std::max({size().width, size().height, heif_image_handle_get_ispe_width(handle.get()),
                      heif_image_handle_get_ispe_height(handle.get())});
        if (side > maximumSide) {
            return cimage_fail(error, CIMAGE_TOO_LARGE, "a side above 20,000 pixels");
        }
        heif_context_set_maximum_image_size_limit(context.get(), side + codingReserve);
        return CIMAGE_OK;
    }

    cimage_size size() const {
        return {heif_image_handle_get_width(handle.get()),
                heif_image_handle_get_height(handle.get())};
    }
};

/// Passes the picture's rows on, with transparent parts on white.
int32_t handOn(const heif_image *image, bool hasAlpha, cimage_size size,
               const cimage_target *target, cimage_error *error) {
    int stride = 0;
    const uint8_t *pixels = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    if (!pixels || heif_image_get_width(image, heif_channel_interleaved) != size.width ||
        heif_image_get_height(image, heif_channel_interleaved) != size.height ||
        int64_t(stride) < int64_t(size.width) * (hasAlpha ? 4 : 3)) {
        return cimage_fail(error, CIMAGE_UNREADABLE,
                           "the picture has not the size that its header says");
    }
    cimage_sink sink;
    int32_t status = cimage_sink_open(&sink, size, target, error);
    if (status != CIMAGE_OK) {
        return status;
    }
    for (int32_t y = 0; y < size.height; y += 1) {
        const uint8_t *row = pixels + size_t(y) * size_t(stride);
        if (!hasAlpha) {
            cimage_sink_take_copy(&sink, row);
            continue;
        }
        uint8_t *to = cimage_sink_row(&sink);
        for (int32_t x = 0; x < size.width; x += 1, row += 4) {
            for (int channel = 0; channel < 3; channel += 1) {
                *to++ = uint8_t((row[channel] * row[3] + 255 * (255 - row[3]) + 127) / 255);
            }
        }
        cimage_sink_take(&sink);
    }
    cimage_sink_close(&sink);
    return CIMAGE_OK;
}

} // namespace

int32_t cimage_heic_probe(const uint8_t *bytes, size_t byte_count, cimage_size *size,
                          cimage_error *error) {
    return guarded(error, [&] {
        Primary primary;
        int32_t status = primary.open(bytes, byte_count, error);
        if (status == CIMAGE_OK) {
            *size = primary.size();
        }
        return status;
    });
}

int32_t cimage_heic_decode(const uint8_t *bytes, size_t byte_count, const cimage_target *target,
                           cimage_outcome *outcome, cimage_error *error) {
    return guarded(error, [&]() -> int32_t {
        Primary primary;
        int32_t status = primary.open(bytes, byte_count, error);
        if (status != CIMAGE_OK) {
            return status;
        }
        cimage_size size = primary.size();
        status = cimage_check_size(size.width, size.height, error);
        if (status != CIMAGE_OK) {
            return status;
        }
        DecodingOptions options(heif_decoding_options_alloc());
        if (!options) {
            return cimage_fail(error, CIMAGE_OUT_OF_MEMORY, "");
        }
        options->convert_hdr_to_8bit = 1;
        bool hasAlpha = heif_image_handle_has_alpha_channel(primary.handle.get());
        heif_image *decoded = nullptr;
        heif_error problem = heif_decode_image(
            primary.handle.get(), &decoded, heif_colorspace_RGB,
            hasAlpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options.get());
        Image image(decoded);
        if (problem.code != heif_error_Ok) {
            return fail(problem, error);
        }
        status = handOn(image.get(), hasAlpha, size, target, error);
        if (status == CIMAGE_OK) {
            heif_error warning;
            *outcome = {};
            outcome->rows = outcome->total_rows = size.height;
            outcome->is_corrupt = heif_image_get_decoding_warnings(image.get(), 0, &warning, 1) > 0;
        }
        return status;
    });
}

int32_t cimage_encode_heic(const void *pixels, cimage_size size, size_t stride, int32_t quality,
                           int32_t orientation, const void *exif, size_t exif_count,
                           cimage_encoded *encoded, cimage_error *error) {
    int32_t status = cimage_check_size(size.width, size.height, error);
    if (status != CIMAGE_OK) {
        return status;
    }
    if (orientation < 1 || orientation > 8 || quality < 1 || quality > 100 || exif_count > 65000) {
        return cimage_fail(error, CIMAGE_BAD_ARGUMENT, "quality, orientation or length of EXIF");
    }
    return guarded(error, [&]() -> int32_t {
        Context context(heif_context_alloc());
        EncodingOptions options(heif_encoding_options_alloc());
        heif_encoder *found = nullptr;
        heif_error problem =
            heif_context_get_encoder_for_format(context.get(), heif_compression_HEVC, &found);
        Encoder encoder(found);
        if (problem.code != heif_error_Ok) {
            return cimage_fail(error, CIMAGE_UNSUPPORTED, "no HEVC encoder");
        }
        heif_encoder_set_lossy_quality(encoder.get(), quality);
        heif_image *created = nullptr;
        problem = heif_image_create(size.width, size.height, heif_colorspace_RGB,
                                    heif_chroma_interleaved_RGB, &created);
        Image image(created);
        if (problem.code == heif_error_Ok) {
            problem = heif_image_add_plane(image.get(), heif_channel_interleaved, size.width,
                                           size.height, 8);
        }
        if (problem.code != heif_error_Ok) {
            return fail(problem, error);
        }
        int rowBytes = 0;
        uint8_t *plane = heif_image_get_plane(image.get(), heif_channel_interleaved, &rowBytes);
        for (int32_t y = 0; y < size.height; y += 1) {
            std::memcpy(plane + size_t(y) * size_t(rowBytes),
                        static_cast<const uint8_t *>(pixels) + size_t(y) * stride,
                        size_t(size.width) * 3);
        }
        options->image_orientation = heif_orientation(orientation);
        heif_image_handle *made = nullptr;
        problem = heif_context_encode_image(context.get(), image.get(), encoder.get(),
                                            options.get(), &made);
        Handle handle(made);
        if (problem.code == heif_error_Ok && exif_count > 0) {
            problem =
                heif_context_add_exif_metadata(context.get(), handle.get(), exif, int(exif_count));
        }
        if (problem.code != heif_error_Ok) {
            return fail(problem, error);
        }
        heif_writer writer{};
        writer.writer_api_version = 1;
        writer.write = [](heif_context *, const void *bytes, size_t count, void *to) {
            auto *encoded = static_cast<cimage_encoded *>(to);
            encoded->bytes = static_cast<uint8_t *>(std::malloc(count));
            if (!encoded->bytes) {
                return heif_error{heif_error_Memory_allocation_error, heif_suberror_Unspecified,
                                  "no memory"};
            }
            std::memcpy(encoded->bytes, bytes, count);
            encoded->byte_count = count;
            return heif_error{heif_error_Ok, heif_suberror_Unspecified, "Success"};
        };
        *encoded = {};
        problem = heif_context_write(context.get(), &writer, encoded);
        return problem.code == heif_error_Ok ? CIMAGE_OK : fail(problem, error);
    });
}
