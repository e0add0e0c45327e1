// A residual network in one of dlib's files.
#pragma once

#include <vector>

#include "CNetworkLayers/convolution.h"
#include "dlib_file.h"

namespace cimagenet {

// Which residual network is expected, from the picture on.
struct ResidualShape {
    // Blocks one after the other that have the same channels; the first may halve the picture.
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

// Reads all of a network but its loss: what is below dlib's loss layer. Accepts what dlib 19.24
// reads, among it older versions of the layers.
//
// Throws FileProblem where it is another network.
ResidualWeights residualWeights(DlibFile &file, const ResidualShape &shape);

// Reads the details of one affine layer, or of the batch normalisation that dlib turns into one.
struct Affine {
    std::vector<float> gamma, beta;
};
Affine affine(DlibFile &file, long channels);

} // namespace cimagenet
