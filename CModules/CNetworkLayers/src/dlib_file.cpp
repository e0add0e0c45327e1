#include "CNetworkLayers/dlib_file.h"

#include <cmath>

namespace clayers {

namespace {

// More numbers than any layer has; keeps the product of four sizes from overflowing.
constexpr int64_t mostNumbers = 1 << 26;

// The exponents with which dlib writes NaN and infinity.
constexpr int64_t leastSpecialExponent = 32000;

[[noreturn]] void endsEarly() { throw FileProblem("it ends early"); }
[[noreturn]] void isDamaged() { throw FileProblem("it is damaged or of another kind"); }

} // namespace

void DlibFile::bytes(void *target, size_t count) {
    if (!stream.read(static_cast<char *>(target), static_cast<std::streamsize>(count)))
        endsEarly();
}

uint8_t DlibFile::byte() {
    uint8_t value;
    bytes(&value, 1);
    return value;
}

int64_t DlibFile::integer() {
    const uint8_t head = byte();
    const size_t count = head & 0x0f;
    if ((head & 0x70) != 0 || count == 0 || count > 8)
        isDamaged();
    uint8_t digits[8] = {};
    bytes(digits, count);
    uint64_t size = 0;
    for (size_t index = count; index-- > 0;)
        size = size << 8 | digits[index];
    if (size > INT64_MAX)
        isDamaged();
    const auto value = static_cast<int64_t>(size);
    return (head & 0x80) != 0 ? -value : value;
}

void DlibFile::expect(int64_t expected, const char *what) {
    const int64_t found = integer();
    if (found != expected)
        throw FileProblem(std::string("it holds another network: ") + what + " is " +
                          std::to_string(found) + " instead of " + std::to_string(expected));
}

bool DlibFile::boolean() {
    const uint8_t value = byte();
    if (value != '0' && value != '1')
        isDamaged();
    return value == '1';
}

double DlibFile::number() {
    const int64_t mantissa = integer(), exponent = integer();
    if (std::abs(exponent) >= leastSpecialExponent)
        throw FileProblem("it holds a setting that is no number");
    return std::ldexp(static_cast<double>(mantissa), static_cast<int>(exponent));
}

std::string DlibFile::text(size_t mostBytes) {
    const int64_t count = integer();
    if (count < 0 || static_cast<uint64_t>(count) > mostBytes)
        isDamaged();
    std::string value(static_cast<size_t>(count), '\0');
    bytes(&value[0], value.size());
    return value;
}

size_t DlibFile::tensorHead() {
    if (integer() != 2)
        isDamaged();
    int64_t count = 1;
    for (int dimension = 0; dimension < 4; dimension++) {
        const int64_t size = integer();
        if (size < 0 || size > mostNumbers)
            isDamaged();
        count *= size;
        if (count > mostNumbers)
            isDamaged();
    }
    return static_cast<size_t>(count);
}

std::vector<float> DlibFile::floats(size_t count) {
    // The lowest byte first, as on every processor that this is built for.
    static_assert(sizeof(float) == 4, "dlib writes numbers of four bytes");
    std::vector<float> values(count);
    bytes(values.data(), count * sizeof(float));
    for (const float value : values)
        if (!std::isfinite(value))
            throw FileProblem("it holds a weight that is no finite number");
    return values;
}

std::vector<float> DlibFile::tensor(size_t count) { return tensor(count, count); }

std::vector<float> DlibFile::tensor(size_t count, size_t otherCount) {
    const size_t found = tensorHead();
    if (found != count && found != otherCount)
        throw FileProblem("it holds another network: a layer has " + std::to_string(found) +
                          " weights instead of " + std::to_string(count));
    return floats(found);
}

void DlibFile::skipTensor() {
    const auto count = static_cast<std::streamsize>(tensorHead() * sizeof(float));
    stream.ignore(count);
    if (stream.gcount() != count)
        endsEarly();
}

DlibFile::Shape DlibFile::view() {
    if (integer() != 1)
        isDamaged();
    Shape shape;
    for (int64_t &size : shape.sizes)
        size = integer();
    return shape;
}

} // namespace clayers
