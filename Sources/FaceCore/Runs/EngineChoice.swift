/// What runs the detector's and the encoder's networks.
///
/// It changes faces and names only by rounding: encodings of ``f32`` lie within 1e-5 of dlib's own,
/// those of ``bf16`` within 0.02.
public enum EngineChoice: String, Hashable, Sendable, CaseIterable {
    /// oneDNN with the arithmetic that is quickest on this processor.
    case auto
    /// oneDNN with 32-bit floats.
    case f32
    /// oneDNN with 16-bit floats; only on processors that have them.
    case bf16
    /// dlib's own execution: the reference, five to twenty times slower, and gigabytes of memory.
    case dlib
}
