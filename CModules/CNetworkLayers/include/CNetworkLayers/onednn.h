// Convolutions on oneDNN, versions 2 and 3. No dlib here.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <dnnl.hpp>

#include "convolution.h"

namespace clayers {

// oneDNN's CPU engine. One for all threads.
const dnnl::engine &cpu();

// Holds oneDNN to the calling thread; must be called again after a change of thread; cheap.
void holdToThisThread();

// Whether oneDNN uses all of an instruction set here: the processor has it, and the environment's
// ONEDNN_MAX_CPU_ISA allows it.
bool runs(dnnl::cpu_isa isa);

// The quickest arithmetic here: bf16 if the processor multiplies it at twice the rate of f32. Some
// have the instructions at half the rate.
Arithmetic quickestArithmetic();
bool hasArithmetic(Arithmetic arithmetic);

inline dnnl::memory::data_type dataType(Arithmetic arithmetic) {
    return arithmetic == Arithmetic::f32 ? dnnl::memory::data_type::f32
                                         : dnnl::memory::data_type::bf16;
}

// Weights in the order that convolutions need. Equal orders of the same weights are stored once,
// whatever the size of the pictures.
class PackedWeights {
  public:
    PackedWeights(Convolution convolution, Arithmetic arithmetic);

    dnnl::memory in(const dnnl::memory::desc &order);
    const Convolution &convolution() const { return plain; }
    const dnnl::memory &bias() const { return packedBias; }
    Arithmetic arithmetic() const { return kind; }

  private:
    Convolution plain;
    Arithmetic kind;
    dnnl::memory packedBias;
    std::vector<dnnl::memory> packed;
};

// The sizes of one convolution; all in pixels, NHWC.
struct ConvolutionShape {
    long batch, height, width;
    long paddingDown, paddingAcross;

    long outputHeight(const Convolution &convolution) const {
        return (height + 2 * paddingDown - convolution.side) / convolution.stride + 1;
    }
    long outputWidth(const Convolution &convolution) const {
        return (width + 2 * paddingAcross - convolution.side) / convolution.stride + 1;
    }
};

// One convolution of one size: immutable, usable from any thread.
class ConvolutionStep {
  public:
    // What happens to the sums.
    enum class Finish { store, positive, addPositive };

    ConvolutionStep(PackedWeights &weights, const ConvolutionShape &shape, Finish finish);

    // `scratch` has at least scratchBytes().
    void run(dnnl::stream &stream, const void *source, void *target, void *scratch) const;
    size_t scratchBytes() const { return scratchSize; }

  private:
    dnnl::convolution_forward primitive;
    dnnl::memory::desc source, target, scratchDescription;
    dnnl::memory weights, bias;
    size_t scratchSize;
};

// `convolution` with channels of zeros added up to these counts.
Convolution padded(const Convolution &convolution, long inputs, long outputs);

} // namespace clayers
