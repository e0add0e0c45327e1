import CFaceEngine
import FaceCore

extension EngineChoice {
    /// The choice as CFaceEngine names it.
    var networks: Int32 {
        switch self {
        case .auto: Int32(CFACE_NETWORKS_FASTEST)
        case .f32: Int32(CFACE_NETWORKS_F32)
        case .bf16: Int32(CFACE_NETWORKS_BF16)
        case .dlib: Int32(CFACE_NETWORKS_DLIB)
        }
    }
}
