package import FaceCore
package import SystemPackage

/// One change of the album. Paths in the album are relative to it.
package enum Act: Hashable, Sendable {
    /// Puts the photo `hash`, whose original is at the absolute path `source`, at `to`.
    case copy(
        source: FilePath, to: FilePath, hash: ContentHash, byteCount: Int64, link: LinkKind)
    /// Moves the user's file at the absolute path `from`, perhaps on another disk, to `to`, if it
    /// still has the content `hash`.
    case bring(from: FilePath, to: FilePath, hash: ContentHash, byteCount: Int64)
    /// Renames a file of ours if it still has the content `hash`.
    case move(from: FilePath, to: FilePath, hash: ContentHash)
    /// Removes a file of ours if it still has the content `hash` and the file at the absolute path
    /// `original` has it too.
    case remove(FilePath, hash: ContentHash, original: FilePath)
    /// Moves a file of ours, if it still has the content `hash`, to
    /// `.facesort/removed/<run>/<path>`.
    case removeAside(FilePath, hash: ContentHash)
    /// Makes a folder that stays even when it is empty.
    case makeFolder(FilePath)

    package enum Kind {
        case copy, bring, move, remove, removeAside, makeFolder
    }

    package var kind: Kind {
        switch self {
        case .copy: .copy
        case .bring: .bring
        case .move: .move
        case .remove: .remove
        case .removeAside: .removeAside
        case .makeFolder: .makeFolder
        }
    }

    /// The path that the act is about: where it puts something, or takes it away.
    package var path: FilePath {
        switch self {
        case .copy(_, let to, _, _, _), .bring(_, let to, _, _), .move(_, let to, _): to
        case .remove(let path, _, _), .removeAside(let path, _), .makeFolder(let path): path
        }
    }

    /// File sizes that can be added up: up to a petabyte.
    private static let byteCounts = 0...(Int64(1) << 50)

    /// Whether every path stays where it belongs: in the album and outside its state, or absolute.
    /// A journal may come from elsewhere, so its paths are not trusted.
    var isWithinAlbum: Bool {
        switch self {
        case .copy(let source, let to, _, let byteCount, _):
            source.isAbsolute && to.isAlbumPath && Self.byteCounts.contains(byteCount)
        case .bring(let from, let to, _, let byteCount):
            from.isAbsolute && !from.hasParentSteps && to.isAlbumPath
                && Self.byteCounts.contains(byteCount)
        case .move(let from, let to, _): from.isAlbumPath && to.isAlbumPath
        case .remove(let path, _, let original): path.isAlbumPath && original.isAbsolute
        case .removeAside(let path, _), .makeFolder(let path): path.isAlbumPath
        }
    }
}

extension [Act] {
    /// How many acts share one flush of the journal and the folders. Larger groups gain little, and
    /// a crash leaves more to clear.
    private static var largestGroup: Int { 64 }

    /// Where the group of acts that begins at `start` ends. Acts that share a path of a renamed
    /// file are done, or undone, one after the other, each journalled before the next. So each act
    /// of a group can be judged before any of them is done, and a recovery can tell which of them
    /// were done. No folder both gains and loses files in one group, so that the folders that gain
    /// can be flushed first.
    ///
    /// - Parameter isOfGroup: whether an act may belong to the group at all.
    func endOfGroup(
        from start: Int, traits: FileSystemTraits, isOfGroup: (Act) -> Bool = { _ in true }
    ) -> Int {
        var paths: Set<[[UInt8]]> = []
        var gaining: Set<FilePath> = []
        var losing: Set<FilePath> = []
        var end = start
        while end < count, end - start < Self.largestGroup, isOfGroup(self[end]) {
            switch self[end] {
            case .move(let from, let to, _), .bring(let from, let to, _, _):
                let keys = [from, to].map { AlbumName.collisionKey($0, traits: traits) }
                guard paths.isDisjoint(with: keys) else { return end }
                paths.formUnion(keys)
                let (old, new) = (from.folder, to.folder)
                guard old != new else { break }
                guard !gaining.contains(old), !losing.contains(new) else { return end }
                losing.insert(old)
                gaining.insert(new)
            case .copy, .remove, .removeAside, .makeFolder: break
            }
            end += 1
        }
        return end
    }
}

extension FilePath {
    /// Whether the path is relative, without `..`, and leads to none of our state, in capital or
    /// small letters.
    package var isAlbumPath: Bool {
        let names = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return !isEmpty && !names[0].isEmpty && !hasParentSteps
            && !components.contains { $0.isStateName }
    }

    /// Whether one of its components is `.` or `..`.
    fileprivate var hasParentSteps: Bool {
        bytes.split(separator: UInt8(ascii: "/")).contains { $0 == [0x2E] || $0 == [0x2E, 0x2E] }
    }
}

extension FilePath.Component {
    /// Whether a disk may take it for the name of our state: many disks ignore case, some ignore
    /// invisible characters.
    var isStateName: Bool {
        // The first byte decides nearly every name.
        guard let first = bytes.first, first == UInt8(ascii: ".") || first >= 0x80 else {
            return false
        }
        let seen = string.unicodeScalars.filter { $0.properties.generalCategory != .format }
        return String(String.UnicodeScalarView(seen)).lowercased() == AlbumFolder.stateName.string
    }
}

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
    /// Where ``Act/removeAside(_:hash:)`` put the file, relative to the album.
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
