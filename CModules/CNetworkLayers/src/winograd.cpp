#include "CNetworkLayers/winograd.h"

#include <stdexcept>

#include "CNetworkLayers/kernels.h"

namespace clayers {

namespace {

// G of Lavin and Gray for `taps` taps: one row for each point.
double kernelTransform(long point, long tap, long taps) {
    constexpr double points[] = {0, 1, -1, 2, -2};
    constexpr double scales[] = {1.0 / 4, -1.0 / 6, -1.0 / 6, 1.0 / 24, 1.0 / 24};
    if (point == winogradSide - 1)
        return tap == taps - 1 ? 1 : 0;
    double power = 1;
    for (long times = 0; times < tap; times++)
        power *= points[point];
    return scales[point] * power;
}

// The weight of one kernel tap in its transform.
struct TapFactor {
    long tap; // row * side + column
    double factor;
};

// Factors of one part of the taps, for one place of the tile.
std::vector<TapFactor> tapFactors(const Convolution &convolution, long place, long part) {
    const long side = convolution.side, step = convolution.stride;
    const long taps = (side + step - 1) / step;
    std::vector<TapFactor> factors;
    for (long row = part / step; row < side; row += step)
        for (long column = part % step; column < side; column += step)
            factors.push_back({row * side + column,
                               kernelTransform(place / winogradSide, row / step, taps) *
                                   kernelTransform(place % winogradSide, column / step, taps)});
    return factors;
}

// The transformed kernel from one input to one output.
float transformed(const Convolution &convolution, const std::vector<TapFactor> &factors, long input,
                  long output) {
    const long kernel = (output * convolution.inputs + input) * convolution.side * convolution.side;
    double sum = 0;
    for (const TapFactor &tap : factors)
        sum += tap.factor *
               static_cast<double>(convolution.weights[static_cast<size_t>(kernel + tap.tap)]);
    return static_cast<float>(sum);
}

} // namespace

bool WinogradConvolution::fits(const Convolution &convolution) {
    const bool isKnown = (convolution.side == 3 && convolution.stride == 1) ||
                         (convolution.side == 5 && convolution.stride <= 2);
    return isKnown && convolution.inputs % 16 == 0 && convolution.outputs % 16 == 0;
}

WinogradConvolution::WinogradConvolution(const Convolution &convolution)
    : layer{convolution.inputs, convolution.outputs, convolution.stride, 0, nullptr, nullptr},
      bias(convolution.bias) {
    if (!fits(convolution))
        throw std::invalid_argument("there is no transform for such a convolution");
    // A part has all taps, or every second one.
    const long taps = (convolution.side + layer.step - 1) / layer.step;
    layer.outputSide = winogradSide + 1 - taps;
    weights.reserve(static_cast<size_t>(winogradPlaces * layer.depth() * layer.outputs));
    for (long place = 0; place < winogradPlaces; place++)
        for (long part = 0; part < layer.step * layer.step; part++) {
            const auto factors = tapFactors(convolution, place, part);
            for (long input = 0; input < layer.inputs; input++)
                for (long output = 0; output < layer.outputs; output++)
                    weights.push_back(transformed(convolution, factors, input, output));
        }
    layer.weights = weights.data();
    layer.bias = bias.data();
}

size_t WinogradConvolution::scratchCount() const {
    return static_cast<size_t>(winogradPlaces *
                               (winogradStride(layer.depth()) + winogradStride(layer.outputs)));
}

void WinogradConvolution::run(const WinogradPlanes &planes, float *scratch) const {
    kernels().winograd(layer, planes, scratch);
}

} // namespace clayers
