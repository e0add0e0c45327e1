// A residual network in one of dlib's files.
#pragma once

#include <vector>

#include "CNetworkLayers/convolution.h"
#include "dlib_file.h"

namespace clayers {

// The expected residual network, from the picture on.
struct ResidualShape {
    // Consecutive blocks with the same channels; the first may halve the picture.
    struct Level {
        long channels, blocks;
        bool halves;
    };

    long side; // of the picture, in pixels
    long firstChannels;
    std::vector<Level> levels;
    long outputs; // of the last layer
    bool hasBias; // the last layer
};

// Its weights, with every affine layer folded into the convolution below it.
struct ResidualWeights {
    std::vector<clayers::Convolution> convolutions; // from the picture on
    std::vector<float> projection;                  // [channel][output]
    std::vector<float> bias;                        // one for each output, or none
};

// Reads a network except its loss: everything below dlib's loss layer. Accepts what dlib 19.24
// reads, older versions of the layers included.
//
// Throws FileProblem for another network.
ResidualWeights residualWeights(DlibFile &file, const ResidualShape &shape);

// Reads the details of one affine layer, or of the batch normalisation that dlib turns into one.
struct Affine {
    std::vector<float> gamma, beta;
};
Affine affine(DlibFile &file, long channels);

} // namespace clayers
