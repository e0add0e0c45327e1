#include "CNetworkLayers/onednn.h"

#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <utility>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace clayers {

const dnnl::engine &cpu() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

void holdToThisThread() {
    // Debian's oneDNN runs on OpenMP, whose thread count belongs to the calling thread. It is
    // looked up by name because oneDNN can be built without it.
    using SetThreads = void (*)(int);
    static const auto setThreads =
        reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
    if (setThreads)
        setThreads(1);
}

bool runs(dnnl::cpu_isa isa) {
    // oneDNN's names are masks: the wider holds the bits of the narrower.
    const auto wanted = static_cast<unsigned>(isa);
    return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & wanted) == wanted;
}

namespace {

bool isFromAMD() {
#if defined(__x86_64__)
    unsigned highest, name[3];
    return __get_cpuid(0, &highest, &name[0], &name[2], &name[1]) &&
           std::memcmp(name, "AuthenticAMD", sizeof name) == 0;
#else
    return false;
#endif
}

} // namespace

bool hasArithmetic(Arithmetic arithmetic) {
    // Otherwise oneDNN would emulate it, slower than f32.
    return arithmetic == Arithmetic::f32 || runs(dnnl::cpu_isa::avx512_core_bf16);
}

Arithmetic quickestArithmetic() {
    // AMD and Intel's matrix units multiply bf16 at twice the rate of f32; Intel's vector units at
    // half of it (measured: 83 against 155 GFLOP/s), so there f32 is quicker. The processor's name
    // decides, not a clock: the same machine must decide the same way.
    const bool isQuick = isFromAMD() || runs(dnnl::cpu_isa::avx512_core_amx);
    return isQuick && hasArithmetic(Arithmetic::bf16) ? Arithmetic::bf16 : Arithmetic::f32;
}

using Memory = dnnl::memory;

PackedWeights::PackedWeights(Convolution convolution, Arithmetic arithmetic)
    : plain(std::move(convolution)), kind(arithmetic),
      packedBias({{convolution.outputs}, Memory::data_type::f32, Memory::format_tag::a}, cpu()) {
    std::memcpy(packedBias.get_data_handle(), plain.bias.data(), plain.bias.size() * sizeof(float));
}

Memory PackedWeights::in(const Memory::desc &order) {
    for (const auto &memory : packed)
        if (memory.get_desc() == order)
            return memory;
    Memory source({{plain.outputs, plain.inputs, plain.side, plain.side},
                   Memory::data_type::f32,
                   Memory::format_tag::oihw},
                  cpu(), plain.weights.data());
    Memory target(order, cpu());
    dnnl::stream stream(cpu());
    dnnl::reorder(source, target).execute(stream, source, target);
    stream.wait();
    packed.push_back(target);
    return target;
}

namespace {

dnnl::convolution_forward::primitive_desc describe(const PackedWeights &weights,
                                                   const ConvolutionShape &shape,
                                                   ConvolutionStep::Finish finish) {
    using Kind = Memory::data_type;
    using Order = Memory::format_tag;
    const Convolution &convolution = weights.convolution();
    const Kind kind = dataType(weights.arithmetic());
    const Memory::desc source({shape.batch, convolution.inputs, shape.height, shape.width}, kind,
                              Order::nhwc);
    const Memory::desc target({shape.batch, convolution.outputs, shape.outputHeight(convolution),
                               shape.outputWidth(convolution)},
                              kind, Order::nhwc);
    const Memory::desc kernel(
        {convolution.outputs, convolution.inputs, convolution.side, convolution.side}, kind,
        Order::any);
    const Memory::desc bias({convolution.outputs}, Kind::f32, Order::a);
    const Memory::dims strides{convolution.stride, convolution.stride};
    const Memory::dims padding{shape.paddingDown, shape.paddingAcross};

    dnnl::post_ops after;
    if (finish == ConvolutionStep::Finish::addPositive)
        after.append_sum(1);
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
#if DNNL_VERSION_MAJOR >= 3
    if (finish != ConvolutionStep::Finish::store)
        after.append_eltwise(dnnl::algorithm::eltwise_relu, 0, 0);
    attributes.set_post_ops(after);
    return {cpu(),
            dnnl::prop_kind::forward_inference,
            dnnl::algorithm::convolution_direct,
            source,
            kernel,
            bias,
            target,
            strides,
            padding,
            padding,
            attributes};
#else
    if (finish != ConvolutionStep::Finish::store)
        after.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
    attributes.set_post_ops(after);
    return {{dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, source,
             kernel, bias, target, strides, padding, padding},
            attributes,
            cpu()};
#endif
}

} // namespace

ConvolutionStep::ConvolutionStep(PackedWeights &packed, const ConvolutionShape &shape,
                                 Finish finish) {
    const auto description = describe(packed, shape, finish);
    primitive = dnnl::convolution_forward(description);
    source = description.src_desc();
    target = description.dst_desc();
    scratchDescription = description.scratchpad_desc();
    scratchSize = scratchDescription.get_size();
    weights = packed.in(description.weights_desc());
    bias = packed.bias();
}

void ConvolutionStep::run(dnnl::stream &stream, const void *from, void *to, void *scratch) const {
    primitive.execute(stream, {{DNNL_ARG_SRC, Memory(source, cpu(), const_cast<void *>(from))},
                               {DNNL_ARG_WEIGHTS, weights},
                               {DNNL_ARG_BIAS, bias},
                               {DNNL_ARG_DST, Memory(target, cpu(), to)},
                               {DNNL_ARG_SCRATCHPAD, Memory(scratchDescription, cpu(), scratch)}});
}

Convolution padded(const Convolution &convolution, long inputs, long outputs) {
    Convolution result = convolution;
    result.inputs = inputs;
    result.outputs = outputs;
    const size_t taps = static_cast<size_t>(convolution.side * convolution.side);
    result.weights.assign(static_cast<size_t>(outputs * inputs) * taps, 0);
    result.bias.resize(static_cast<size_t>(outputs), 0);
    for (long output = 0; output < convolution.outputs; output++)
        for (long input = 0; input < convolution.inputs; input++)
            std::copy_n(
                &convolution
                     .weights[static_cast<size_t>(output * convolution.inputs + input) * taps],
                taps, &result.weights[static_cast<size_t>(output * inputs + input) * taps]);
    return result;
}

} // namespace clayers
