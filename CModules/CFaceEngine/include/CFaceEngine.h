// Finds the faces of a picture and encodes them. dlib and its C++ stay behind this header.
//
// Pictures: 8 bits per sample, top row first, `stride` bytes from one row to the next. Sizes are
// checked; nothing is kept after return. Coordinates are pixels, origin top left.
// Failure: every function that returns a status also fills `error` (which may be NULL), and on
// failure writes nothing else. Nothing throws; there is no global error state.
// Threads: no function starts one; BLAS and OpenMP are held to the calling thread.
#ifndef CFACEENGINE_H
#define CFACEENGINE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CFACE_OK = 0,
    CFACE_NO_MODEL = 1,      // a model file is missing or cannot be opened
    CFACE_BAD_MODEL = 2,     // a model file is cut short, damaged, or of another network
    CFACE_BAD_ARGUMENT = 3,  // a size, stride or box that makes no sense; a bug of the caller
    CFACE_OUT_OF_MEMORY = 4, // too little memory for this picture; a smaller one may work
    CFACE_FAILED = 5,        // anything else, in the words of the library inside
    CFACE_UNSUPPORTED = 6,   // this processor lacks what was requested
    CFACE_BAD_ENCODER = 7,   // an encoder that the user brought cannot be used
};

// What runs the two networks. The first three differ in speed and in the last digits: encodings of
// f32 lie within 1e-5 of dlib's, those of bf16 within 0.02.
enum {
    CFACE_NETWORKS_FASTEST = 0, // oneDNN, with the arithmetic that is quickest on this processor
    CFACE_NETWORKS_F32 = 1,     // oneDNN, 32-bit floats
    CFACE_NETWORKS_BF16 = 2,    // oneDNN, 16-bit floats, where the processor has them
    CFACE_NETWORKS_DLIB = 3,    // dlib's own execution: the reference, slow and large
};

enum {
    CFACE_ENCODING_SIZE = 128,  // floats of one encoding
    CFACE_LANDMARK_COUNT = 5,   // points of one aligned face
    CFACE_CHIP_SIDE = 150,      // pixels of the square the encoder sees
    CFACE_MAXIMUM_SIDE = 32768, // longest side of a picture, also after enlarging
    // Longest file of an encoder that the user brings; the network has 22 MB.
    CFACE_MAXIMUM_ENCODER_BYTES = 1 << 26,
};

typedef struct cface_error {
    int32_t status;
    char message[256]; // one sentence part in English, UTF-8, always ended by 0
} cface_error;

// dlib's model files.
enum {
    CFACE_ALIGNER = 0, // finds the five points of a face
    CFACE_ENCODER = 1,
    CFACE_DETECTOR = 2,
    CFACE_MODEL_FILE_COUNT = 3,
};

// What is known of a model file; of the aligner and the detector no other loads.
// Scripts/models.txt, from which they are fetched, says the same.
typedef struct cface_model_file {
    const char *name;   // in the folder of the model files
    const char *role;   // what it is to the engine, for messages
    const char *sha256; // of its bytes: 64 hexadecimal digits
    int64_t size;       // in bytes
    uint64_t checksum;  // quicker than the other hash, and compared at each loading
} cface_model_file;

// The loaded models: immutable, shared by any number of engines and threads.
typedef struct cface_models cface_models;

// What one worker needs besides the models. One engine, one thread at a time; different engines are
// independent, even with the same models.
typedef struct cface_engine cface_engine;

// A detected face. The box may reach beyond the picture.
typedef struct cface_box {
    int32_t left, top, width, height;
    float confidence; // the detector's score: no unit, larger is surer, 0 is its own threshold
    int32_t view;     // HOG: 0 front, 1 left, 2 right, 3 and 4 front, rotated; CNN: 0
} cface_box;

typedef struct cface_point {
    float x, y;
} cface_point;

// An encoded face.
typedef struct cface_face {
    float plain[CFACE_ENCODING_SIZE];
    // The mean of the encodings of the chip and of its mirror image, not normalised again.
    float mirror_mean[CFACE_ENCODING_SIZE];
    // Outer and inner corner of the face's left eye (right in the picture), the same of its right
    // eye, then the foot of the nose.
    cface_point landmarks[CFACE_LANDMARK_COUNT];
    // Variance of the Laplacian over the middle of the grey chip, in squared grey levels: below
    // about 20 a face is blurred or was enlarged a lot, above 100 it is crisp.
    float sharpness;
} cface_face;

// Which HOG code runs; both find the same boxes.
enum {
    CFACE_HOG_FASTEST = 0, // the best for this CPU
    CFACE_HOG_PLAIN = 1,   // runs on every CPU of the architecture
};

// What `wanted`, from the list above, means on this processor.
//
// networks: set on success; never CFACE_NETWORKS_FASTEST.
// Returns CFACE_OK, CFACE_UNSUPPORTED or CFACE_BAD_ARGUMENT.
int32_t cface_networks(int32_t wanted, int32_t *networks, cface_error *error);

// What is known of a model file.
//
// file: from the list above.
// Returns a description that lives for ever; NULL for a number that is not in the list.
const cface_model_file *cface_known_model_file(int32_t file);

// Reads the three model files in `folder`, a path ended by 0, and holds BLAS to one thread for the
// whole process.
//
// networks: CFACE_NETWORKS_FASTEST or another from that list.
// models:   set on success; the caller ends it with cface_models_destroy.
// Returns CFACE_OK, CFACE_NO_MODEL, CFACE_BAD_MODEL, CFACE_UNSUPPORTED or CFACE_OUT_OF_MEMORY.
// Every byte is checked against the known files: nothing else loads.
int32_t cface_models_create(const char *folder, int32_t networks, cface_models **models,
                            cface_error *error);

// Checks an encoder that the user brings: a file in dlib's format with the network of
// dlib_face_recognition_resnet_model_v1 and other weights.
//
// encoder: the bytes of the file, `size` of them, at most CFACE_MAXIMUM_ENCODER_BYTES.
// Returns CFACE_OK, CFACE_BAD_ENCODER (cut short, another network, or a number that is not finite),
// CFACE_BAD_ARGUMENT or CFACE_OUT_OF_MEMORY. About 0.3 s.
int32_t cface_check_encoder(const void *encoder, size_t size, cface_error *error);

// As cface_models_create, with an encoder that the user brings instead of the known one, whose file
// need not be in `folder`.
//
// encoder: as in cface_check_encoder, which need not be called before; not kept.
// Returns also what cface_check_encoder returns.
int32_t cface_models_create_with_encoder(const char *folder, const void *encoder, size_t size,
                                         int32_t networks, cface_models **models,
                                         cface_error *error);

// Ends `models`, which may be NULL. Every engine that borrows them must end first.
void cface_models_destroy(cface_models *models);

// Makes an engine that borrows `models`; about 25 MB.
//
// hog: CFACE_HOG_FASTEST, or CFACE_HOG_PLAIN to compare.
// engine: set on success; the caller ends it with cface_engine_destroy.
int32_t cface_engine_create(const cface_models *models, int32_t hog, cface_engine **engine,
                            cface_error *error);

// Ends `engine`, which may be NULL.
void cface_engine_destroy(cface_engine *engine);

// How HOG searches a picture.
typedef struct cface_hog_search {
    double resize; // above 0, at most 4: the picture is first resized by it
    // Side, in pixels after resizing, of the smallest box to look for: 80, dlib's own, finds faces
    // of about 58 pixels and more; 40 finds 29 pixels and more.
    int32_t window;
    int32_t level_count;  // how many sizes of box, each 6/5 of the previous; 0 for all
    int32_t frontal_only; // not 0: one of the five views, a fifth of the filtering
    double threshold;     // scores above it count; 0 is the detector's own; higher finds fewer
} cface_hog_search;

// Finds frontal faces, upright within some 30 degrees. It searches the grey picture, (77 * red +
// 150 * green + 29 * blue) / 256.
//
// rgb:   three bytes per pixel; stride at least 3 * width.
// boxes: the caller's, in pixels of the picture as given; at most `capacity` are written, surest
//        first; NULL if capacity is 0.
// count: the number found, which may exceed `capacity`.
int32_t cface_detect_hog(cface_engine *engine, const void *rgb, int32_t width, int32_t height,
                         size_t stride, cface_hog_search search, cface_box *boxes, size_t capacity,
                         size_t *count, cface_error *error);

// How the CNN searches a picture.
typedef struct cface_cnn_search {
    // Above 0, at most 4: the picture is first resized by it; boxes are in pixels of the original.
    // After resizing, faces of 65 pixels and more are found.
    double resize;
    // The sizes to look for: each is (pyramid - 1) / pyramid of the previous. The network was made
    // with 6; 4 and 3 find nearly as much in less time. dlib's own execution always uses 6.
    int32_t pyramid;
    // How many of these sizes, smallest faces first; 0 for all.
    int32_t level_count;
    // Scores above it count; 0 is the network's own; higher finds fewer.
    double threshold;
} cface_cnn_search;

// Finds faces, also tilted, with hats and from the side. It finds nothing if, after resizing, a
// side is below 40 pixels.
//
// Memory while it runs, with pyramid 4: about 30 MB and 11 bytes per pixel of the resized picture,
// kept for the next picture. CFACE_NETWORKS_DLIB: 1.1 GB per megapixel, and engines of the same
// models wait for one another.
//
// Other parameters as in cface_detect_hog.
int32_t cface_detect_cnn(cface_engine *engine, const void *rgb, int32_t width, int32_t height,
                         size_t stride, cface_cnn_search search, cface_box *boxes, size_t capacity,
                         size_t *count, cface_error *error);

// Aligns and encodes the faces of one picture.
//
// rgb:   three bytes per pixel; stride at least 3 * width.
// boxes: from a detector, in pixels of this picture; each at least 1 pixel wide and high.
// faces: the caller's, `count` of them; faces[i] belongs to boxes[i]. An encoding does not depend
//        on the other faces of the call.
int32_t cface_encode(cface_engine *engine, const void *rgb, int32_t width, int32_t height,
                     size_t stride, const cface_box *boxes, size_t count, cface_face *faces,
                     cface_error *error);

// What the engine runs on here, for example "oneDNN 2.6, f32; HOG AVX-512; OpenBLAS SkylakeX";
// lives for ever.
const char *cface_cpu_description(void);

#ifdef __cplusplus
}
#endif

#endif
