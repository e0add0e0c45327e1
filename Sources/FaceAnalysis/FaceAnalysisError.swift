public import PhotoImaging

/// One photo could not be analysed; others still may.
public struct FaceAnalysisError: Error, Hashable, Sendable {
    /// What kind of trouble; compare with the static members.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The picture cannot be decoded; see ``FaceAnalysisError/image``.
        public static let picture = Code(rawValue: "analysis.picture")
        /// There is too little memory for this picture.
        public static let outOfMemory = Code(rawValue: "analysis.outOfMemory")
        /// Anything else.
        public static let failed = Code(rawValue: "analysis.failed")
    }

    public let code: Code
    /// What is wrong, as part of a sentence.
    public let reason: String
    /// Why the picture cannot be decoded, for code `.picture`.
    public let image: ImageError?

    init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
        image = nil
    }

    init(_ image: ImageError) {
        code = .picture
        reason = image.reason
        self.image = image
    }
}

extension FaceAnalysisError: CustomStringConvertible {
    public var description: String { reason }
}
