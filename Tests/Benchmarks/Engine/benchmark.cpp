#include "benchmark.h"

#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <fstream>
#include <iterator>

#include "CImageCodecs.h"

namespace benchmark {

double threadSeconds() {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void holdToThisThread() {
    // Looked up by name, because oneDNN can be built without OpenMP.
    using SetThreads = void (*)(int);
    const auto setThreads =
        reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
    if (setThreads)
        setThreads(1);
}

Picture readPhoto(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file),
                                  std::istreambuf_iterator<char>()};
    if (!file || bytes.empty())
        throw Problem("'" + path + "' cannot be read", "Name a JPEG or PNG that is there.");
    const bool isPNG = bytes[0] == '\x89';
    const int32_t format = isPNG ? CIMAGE_PNG : CIMAGE_JPEG;
    cimage_error error{};
    cimage_target target{};
    cimage_outcome outcome{};
    Picture picture{};
    bool isRead =
        cimage_probe(format, bytes.data(), bytes.size(), &target.size, &error) == CIMAGE_OK;
    if (isRead) {
        picture.width = target.size.width;
        picture.height = target.size.height;
        picture.rgb.resize(picture.stride() * static_cast<size_t>(picture.height));
        target.pixels = picture.rgb.data();
        target.stride = picture.stride();
        target.orientation = 1;
        isRead = cimage_decode(format, bytes.data(), bytes.size(), &target, &outcome, &error) ==
                 CIMAGE_OK;
    }
    if (!isRead)
        throw Problem("'" + path + "' is no sound JPEG or PNG: " + error.message,
                      "Name another one.");
    return picture;
}

std::string modelFolder() {
    const auto variable = [](const char *name) {
        const char *value = std::getenv(name);
        return std::string(value ? value : "");
    };
    const std::string named = variable("FACESORT_MODELS"), data = variable("XDG_DATA_HOME");
    if (!named.empty())
        return named;
    return (data[0] == '/' ? data : variable("HOME") + "/.local/share") + "/facesort/models";
}

namespace {

void check(int32_t status, const cface_error &error) {
    if (status == CFACE_OK)
        return;
    const bool isOfModels = status == CFACE_NO_MODEL || status == CFACE_BAD_MODEL;
    throw Problem(std::string("the engine refuses: ") + error.message,
                  isOfModels
                      ? "Run 'Scripts/setup'; models are looked for in '" + modelFolder() + "'."
                      : "Try smaller photos, or '--networks f32'.");
}

} // namespace

Engine::Engine(int32_t networks) {
    cface_error error;
    cface_models *made = nullptr;
    check(cface_models_create(modelFolder().c_str(), networks, &made, &error), error);
    models.reset(made);
    cface_engine *worker = nullptr;
    check(cface_engine_create(made, CFACE_HOG_FASTEST, &worker, &error), error);
    engine.reset(worker);
}

std::vector<cface_box> Engine::faces(const Picture &picture, cface_cnn_search search) {
    std::vector<cface_box> boxes(1000);
    size_t count = 0;
    cface_error error;
    check(cface_detect_cnn(engine.get(), picture.rgb.data(), picture.width, picture.height,
                           picture.stride(), search, boxes.data(), boxes.size(), &count, &error),
          error);
    if (count > boxes.size())
        throw Problem("there are " + std::to_string(count) + " faces in one photo",
                      "Name photos with at most " + std::to_string(boxes.size()) + " of them.");
    boxes.resize(count);
    return boxes;
}

std::vector<cface_face> Engine::encoded(const Picture &picture,
                                        const std::vector<cface_box> &boxes) {
    std::vector<cface_face> faces(boxes.size());
    cface_error error;
    check(cface_encode(engine.get(), picture.rgb.data(), picture.width, picture.height,
                       picture.stride(), boxes.data(), boxes.size(), faces.data(), &error),
          error);
    return faces;
}

} // namespace benchmark
