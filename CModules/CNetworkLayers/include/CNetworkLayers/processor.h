// Which instructions our own code may use. Chosen at run time: one binary for all processors.
#pragma once

namespace clayers {

enum class Instructions { plain, avx2, avx512 };

// The widest that this processor has and oneDNN's ONEDNN_MAX_CPU_ISA allows: that variable limits
// the whole engine, to measure the gain or to avoid a fault.
Instructions widestInstructions();

} // namespace clayers
