#include "benchmark.h"

#include <algorithm>
#include <cstdio>

namespace benchmark {

namespace {

// How often each photo is searched; the first time also prepares the networks for its size.
constexpr int searches = 3;

// Text as JSON writes it. Bytes that are not UTF-8 are passed on as they are.
std::string quoted(const std::string &text) {
    std::string result = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') {
            result += '\\';
            result += letter;
        } else if (static_cast<unsigned char>(letter) < 0x20) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(letter));
            result += escaped;
        } else {
            result += letter;
        }
    }
    return result + '"';
}

// Times the original at most, as facesort enlarges small pictures.
constexpr double mostEnlarged = 4;

double resize(const Search &search, const Picture &picture) {
    if (search.side == 0)
        return 1;
    return std::min(mostEnlarged,
                    search.side / static_cast<double>(std::max(picture.width, picture.height)));
}

} // namespace

void detect(const Search &search, const std::vector<std::string> &photos) {
    Engine engine(search.networks);
    std::string document;
    for (const std::string &photo : photos) {
        const Picture picture = readPhoto(photo);
        std::vector<cface_box> boxes;
        const double seconds = leastSeconds(searches, [&] {
            boxes = engine.faces(picture,
                                 {resize(search, picture), search.pyramid, 0, search.threshold});
        });
        document += document.empty() ? "\n  " : ",\n  ";
        document += "{\"photo\": " + quoted(photo) +
                    ", \"width\": " + std::to_string(picture.width) +
                    ", \"height\": " + std::to_string(picture.height) +
                    ", \"cpuMilliseconds\": " + std::to_string(seconds * 1e3) + ", \"boxes\": [";
        std::string scores;
        bool isFirst = true;
        for (const cface_box &box : boxes) {
            // As dlib's rectangles, and the peer's: the last pixel belongs to the box.
            char corners[64];
            std::snprintf(corners, sizeof corners, "%s[%d, %d, %d, %d]", isFirst ? "" : ", ",
                          box.left, box.top, box.left + box.width - 1, box.top + box.height - 1);
            document += corners;
            scores += (isFirst ? "" : ", ") + std::to_string(box.confidence);
            isFirst = false;
        }
        document += "], \"scores\": [" + scores + "]}";
    }
    std::printf("{\"photos\": [%s]}\n", document.c_str());
}

} // namespace benchmark
