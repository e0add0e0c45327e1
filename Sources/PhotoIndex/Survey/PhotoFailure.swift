public import FaceCore

/// A photo that could not be read as it should be; the run goes on.
public struct PhotoFailure: Hashable, Sendable, Codable {
    /// Relative to the PHOTOS folder it lies in.
    public let path: String
    public let code: FailureCode
    /// What is wrong; the text follows the name: "is damaged: the picture ends early".
    public let reason: String
    /// Where the photo was put and what to do about it; a sentence or two.
    public let remedy: String

    package init(path: String, code: FailureCode, reason: String, remedy: String) {
        self.path = path
        self.code = code
        self.reason = reason
        self.remedy = remedy
    }

    /// Whether the disk could not read it: nothing is known of it.
    public var isUnread: Bool { code == .notReadable }
    /// Whether the album's disk did not accept it.
    public var isUnwritten: Bool { code == .notWritten }
}
