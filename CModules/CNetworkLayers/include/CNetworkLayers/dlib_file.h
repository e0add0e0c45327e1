// Reads dlib's serialised data without dlib: its own loader allocates whatever a damaged or hostile
// file claims, and holds every weight twice while loading a network.
//
// Source: dlib's serialize.h, float_details.h and cuda/tensor.h, version 19.24.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <stdexcept>
#include <string>
#include <vector>

namespace clayers {

// The file is cut short, damaged or another; as part of a sentence.
struct FileProblem : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Reads the elements of dlib's files. Every operation throws FileProblem if its element is missing;
// none allocates more than the caller expects.
class DlibFile {
  public:
    explicit DlibFile(std::istream &stream) : stream(stream) {}

    // Any integer: a byte with the sign and the byte count, then the bytes, lowest first.
    int64_t integer();
    // One that must be `expected`; the error calls it `what`.
    void expect(int64_t expected, const char *what);
    bool boolean();
    // A mantissa and an exponent.
    double number();
    std::string text(size_t mostBytes);

    // The numbers of a tensor, all finite; there must be `count`.
    std::vector<float> tensor(size_t count);
    // The same for one of two counts.
    std::vector<float> tensor(size_t count, size_t otherCount);
    // Skips a tensor of any size.
    void skipTensor();
    // The sizes of a view into another tensor, outermost first.
    struct Shape {
        int64_t sizes[4];
    };
    Shape view();

  private:
    std::istream &stream;

    void bytes(void *target, size_t count);
    uint8_t byte();
    // The count of a tensor's numbers, which come next.
    size_t tensorHead();
    std::vector<float> floats(size_t count);
};

} // namespace clayers
