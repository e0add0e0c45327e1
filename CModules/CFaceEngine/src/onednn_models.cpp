#include "onednn_models.h"

#include "CNetworkLayers/buffer.h"
#include "CNetworkLayers/onednn.h"
#include "onednn_detector.h"
#include "onednn_encoder.h"

namespace cface {

namespace {

class OneDNNModels final : public NetworkModels {
  public:
    OneDNNModels(const EncoderWeights &encoderWeights, const DetectorWeights &detectorWeights,
                 Arithmetic arithmetic)
        : encoder(encoderPlan(encoderWeights, arithmetic)), detector(detectorWeights, arithmetic) {}

    std::unique_ptr<Networks> forWorker() const override;

    const std::unique_ptr<EncoderPlan> encoder;
    const DetectorPlan detector;
};

class OneDNNNetworks final : public Networks {
  public:
    explicit OneDNNNetworks(const OneDNNModels &models)
        : models(models), stream(cpu()), detector(models.detector) {}

    void encode(const uint8_t *chips, size_t count, float *encodings) override {
        holdToThisThread();
        models.encoder->encode(stream, chips, count, encodings,
                               workspace.atLeast(models.encoder->workspaceBytes()));
    }

    std::vector<CNNFace> detect(const PictureView &picture, const CNNSearch &search) override {
        holdToThisThread();
        return detector.detect(stream, picture, search);
    }

  private:
    const OneDNNModels &models;
    dnnl::stream stream;
    Buffer<uint8_t> workspace;
    DetectorRun detector;
};

std::unique_ptr<Networks> OneDNNModels::forWorker() const {
    return std::make_unique<OneDNNNetworks>(*this);
}

} // namespace

std::unique_ptr<NetworkModels> oneDNNModels(EncoderWeights encoder, DetectorWeights detector,
                                            Arithmetic arithmetic) {
    holdToThisThread();
    return std::make_unique<OneDNNModels>(encoder, detector, arithmetic);
}

} // namespace cface
