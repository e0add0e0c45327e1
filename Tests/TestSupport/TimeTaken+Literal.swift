public import FaceCore

/// A time written down in a test: `2024-05-01T12:33:10`.
extension TimeTaken: ExpressibleByStringInterpolation {
    public init(stringLiteral text: String) {
        guard let time = TimeTaken(text) else { preconditionFailure("'\(text)' is no time") }
        self = time
    }
}
