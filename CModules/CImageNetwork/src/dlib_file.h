// What dlib writes when it serialises, read without dlib: its own loader allocates whatever a
// damaged or hostile file names, and keeps every weight twice while a network is taken over.
//
// Source: dlib's serialize.h, float_details.h and cuda/tensor.h, version 19.24.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <stdexcept>
#include <string>
#include <vector>

namespace cimagenet {

// The file is cut short, damaged or another one; as part of a sentence.
struct FileProblem : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Reads the elements of which dlib's files consist. Every operation throws FileProblem where they
// are not there; none allocates more than it was told to expect.
class DlibFile {
  public:
    explicit DlibFile(std::istream &stream) : stream(stream) {}

    // Any integer: a byte with the sign and the count of bytes, then these, lowest first.
    int64_t integer();
    // One that can only be `expected`, which is called `what` in the error.
    void expect(int64_t expected, const char *what);
    bool boolean();
    // A mantissa and an exponent.
    double number();
    std::string text(size_t mostBytes);

    // The numbers of a tensor, all finite, of which there must be `count`.
    std::vector<float> tensor(size_t count);
    // The same for one of two counts.
    std::vector<float> tensor(size_t count, size_t otherCount);
    // Passes over a tensor of any size.
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
    // The count of a tensor's numbers, which follow.
    size_t tensorHead();
    std::vector<float> floats(size_t count);
};

} // namespace cimagenet
