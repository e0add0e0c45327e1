/// A portrait, or a person, that makes recognition worse.
public struct PortraitTrouble: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
        /// No face was found.
        case noFace
        /// Several faces; the largest and most central one was taken.
        case severalFaces
        /// The file cannot be read.
        case unreadable
        /// A portrait of somebody else is so near that the two are hard to tell apart.
        case lookAlike
        /// Far from every other portrait of the same person.
        case outlier
        /// None of the person's portraits can be used.
        case noReference
        /// The face is too small to be encoded well.
        case tooSmall
        /// The face is too blurred to be encoded well.
        case tooBlurred
        /// One portrait, which leaves too much open.
        case thin
        /// Strangers look like the person, and more portraits would help.
        case crowded
    }

    public let kind: Kind
    public let person: String
    /// Relative to the PEOPLE folder; `nil` when the trouble is the person's as a whole.
    public let portrait: String?
    /// A whole sentence that names the person.
    public let sentence: String
    /// What the user can do about it; a sentence.
    public let remedy: String
}
