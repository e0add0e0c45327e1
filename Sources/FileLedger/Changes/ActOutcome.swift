package import SystemPackage

/// What was done, as it is recorded.
package struct PerformedAct: Hashable, Sendable {
    /// The act's place in the list given to `AlbumWriter.perform(_:isCancelled:recorded:)`; `nil`
    /// for a folder made on the way and for an act that a recovery found.
    package let index: Int?
    /// The act's number in the journal; 0 for a folder that existed already.
    package let number: Int
    package let act: Act
    /// The file as it lies in the album now, after a copy or a move.
    package let status: FileStatus?
    /// Where ``SetAside`` put the file, relative to the album.
    package let aside: FilePath?
    /// What the user should know: "copied: this disk has no hard links".
    package let note: String?
}

/// Why an act could not be done although the disk works.
package enum ActFailure: Hashable, Sendable {
    case sourceMissing
    /// The original is no longer the photo that was looked at.
    case sourceChanged
    case sourceUnreadable(FileError)
    /// The file to be moved is a link; its target may be needed where it is.
    case sourceIsLink
    /// The file that should stay instead, at this path, is the very file to be removed.
    case sourceStays(FilePath)
    /// The file that should stay instead, at this path, no longer exists.
    case nothingStays(FilePath)
    /// The original may be read but not moved away.
    case sourceFixed(FileError)
    /// The file system does not accept the name, or no file so large.
    case refused(FileError)
    /// A link replaced the folder in the album, and nothing is written to the link's target.
    case folderIsLink(FilePath)

    package var sentence: String {
        switch self {
        case .sourceMissing: "the original is no longer there"
        case .sourceChanged: "the original was changed since it was looked at"
        case .sourceUnreadable(let error): "the original cannot be read: \(error.sentence)"
        case .sourceIsLink: "it is a link to a file elsewhere"
        case .sourceStays(let path): "it is the same file as '\(path)', which stays"
        case .nothingStays(let path): "'\(path)', which should stay, is no longer there"
        case .sourceFixed(let error): "it cannot be moved from where it is: \(error.sentence)"
        case .refused(let error): error.sentence
        case .folderIsLink(let path): "'\(path)' in the album is a link to another folder"
        }
    }
}

/// Why a file of ours was left where it is.
package enum KeptReason: Hashable, Sendable {
    /// It no longer exists.
    case missing
    case changed
    case unreadable(FileError)
    case originalMissing
    case originalChanged
    case originalUnreadable(FileError)
    /// Its path in the album leads to the original itself.
    case isOriginal
    case folderIsLink(FilePath)

    package var sentence: String {
        switch self {
        case .missing: "it is no longer in the album"
        case .changed: "it was changed since it was written"
        case .unreadable(let error): "it cannot be read: \(error.sentence)"
        case .originalMissing: "its original is not there to be seen"
        case .originalChanged: "its original was changed"
        case .originalUnreadable(let error): "its original cannot be read: \(error.sentence)"
        case .isOriginal: "it is the original itself"
        case .folderIsLink(let path): "'\(path)' in the album is a link to another folder"
        }
    }
}

package enum ActOutcome: Hashable, Sendable {
    case done(PerformedAct)
    /// Something that is not ours lies at the target; another name is needed.
    case conflict(holdsSameBytes: Bool)
    case failed(ActFailure)
    case kept(KeptReason)
    /// The run was interrupted before.
    case notReached
}
