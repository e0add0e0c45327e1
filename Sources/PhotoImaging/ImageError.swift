public import FaceCore

/// Why a picture, or the file that should hold one, cannot be used.
public struct ImageError: Error, Hashable, Sendable, CustomStringConvertible {
    public let code: FailureCode
    /// A sentence for the user without capital and full stop: "the picture ends early".
    public let reason: String

    public init(code: FailureCode, reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { reason }

    /// The file is above ``PhotoSource/maximumByteCount``.
    package static let tooLargeFile = ImageError(
        code: .tooLarge,
        reason: "the file is larger than \(PhotoSource.maximumByteCount / 1_000_000_000) GB")
}
