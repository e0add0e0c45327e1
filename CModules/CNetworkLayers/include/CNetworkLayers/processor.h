// Which instructions our own code may use. Chosen at run time: one binary for all processors.
#pragma once

namespace clayers {

enum class Instructions { plain, avx2, avx512 };

// The widest that this processor has and that oneDNN is allowed: its ONEDNN_MAX_CPU_ISA holds all
// of the engine to less, to measure how much is gained or to go round a fault.
Instructions widestInstructions();

} // namespace clayers
