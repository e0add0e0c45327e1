internal import CFileSystem
package import SystemPackage

/// What the program asks of the disk; every operation of ``Disk`` is one of these.
package enum DiskOperation: String, Sendable, CaseIterable {
    case list, status, read, create, write, copyContents, synchronise, synchroniseFolder, rename
    case remove, makeFolder, removeFolder, hardLink, symbolicLink, setAttributes, truncate, space
    case lock
}

/// What lies in the place of a file or folder of our state, though this program makes no such thing
/// there. It is never followed, opened or removed.
package enum StateIntruder: String, Hashable, Sendable {
    /// A symbolic link: it may lead to the user's files.
    case link
    /// A file with several names (hard links), so it may be one of the user's.
    case severalNames
    /// A folder, a pipe, a socket or a device where a file belongs.
    case noFile
    /// A file or the like where a folder belongs.
    case noFolder
    /// A file that belongs to another user than the folder of our state.
    case foreignOwner

    package var sentence: String {
        switch self {
        case .link: "it is a link, where facesort keeps files of its own"
        case .severalNames: "it is a file with further names (hard links) elsewhere"
        case .noFile: "it is no file, where facesort keeps a file of its own"
        case .noFolder: "it is no folder, where facesort keeps a folder of its own"
        case .foreignOwner: "it belongs to another user"
        }
    }
}

/// One operation on one file or folder that the system refused.
package struct FileError: Error, Hashable, Sendable {
    package let operation: DiskOperation
    package let path: FilePath
    /// The system's code, as in `errno.h`.
    package let errno: Int32
    /// What lies in the place of our own state and is not ours; `nil` for other errors.
    package let intruder: StateIntruder?

    package init(
        operation: DiskOperation, path: FilePath, errno: Int32, intruder: StateIntruder? = nil
    ) {
        self.operation = operation
        self.path = path
        self.errno = errno
        self.intruder = intruder
    }

    /// The same error, with what lies at the path if that does not belong to our state.
    package func of(_ intruder: StateIntruder?) -> FileError {
        FileError(operation: operation, path: path, errno: errno, intruder: intruder)
    }

    /// The error for a workspace that is not where it was opened.
    package static func gone(_ workspace: AlbumFolder) -> FileError {
        FileError(operation: .status, path: workspace.path, errno: ESTALE)
    }

    /// Nothing lies at the path.
    package var isMissing: Bool { intruder == nil && (errno == ENOENT || errno == ENOTDIR) }
    /// No space, no more files, or the user's quota is used up.
    package var isDiskFull: Bool { errno == ENOSPC || errno == EDQUOT }
    /// The whole disk is mounted read-only.
    package var isReadOnly: Bool { errno == EROFS }
    /// The workspace is no longer at the path where it was opened.
    package var isGone: Bool { [ESTALE, ENODEV, ENXIO, ENOTCONN].contains(errno) }
    /// Something lies at the path already.
    package var isTaken: Bool { intruder == nil && errno == EEXIST }
    /// The file system does not accept this name.
    package var isNameRefused: Bool {
        errno == ENAMETOOLONG || errno == EILSEQ || (errno == EINVAL && operation.givesName)
    }
    /// The file is larger than the file system can hold (4 GB on FAT).
    package var isTooLarge: Bool { errno == EFBIG }

    /// What is wrong, without the path: "the disk is full".
    package var sentence: String {
        if let intruder { return intruder.sentence }
        return switch errno {
        case ENOSPC: "the disk is full"
        case EDQUOT: "the disk quota of this user is used up"
        case EROFS: "the disk is read-only"
        case EACCES, EPERM: accessSentence
        case ENOENT: "there is nothing of that name"
        case ENOTDIR: "a part of its path is a file, not a folder"
        case EISDIR: "it is a folder, not a file"
        case EEXIST: "something of that name is there already"
        case ENOTEMPTY: "the folder is not empty"
        case ENAMETOOLONG: "the name is longer than this disk takes"
        case EILSEQ: "the name has characters that this disk does not take"
        case EINVAL where isNameRefused: "the name has characters that this disk does not take"
        case EFBIG: "the file is too large"
        case EIO: "the disk reported a fault while \(operation.gerund)"
        case ELOOP: "too many links lead in a circle"
        case EMFILE, ENFILE: "too many files are open"
        case EXDEV: "it lies on another disk"
        case ESTALE: "its folder was moved or its disk is gone"
        case ENODEV, ENXIO, ENOTCONN: "the disk is gone"
        case EBADMSG: "it is damaged"
        case EWOULDBLOCK: "another program has locked it"
        default: "\(operation.gerund) failed: \(String(cString: strerror(errno)))"
        }
    }

    private var accessSentence: String {
        switch operation {
        case .list, .read, .status: "it may not be read by this user"
        case .create, .rename, .remove, .makeFolder, .removeFolder, .hardLink, .symbolicLink:
            "the folder is read-only for this user"
        default: "it may not be changed by this user"
        }
    }
}

extension FileError: CustomStringConvertible {
    package var description: String { "'\(path)': \(sentence)" }
}

extension DiskOperation {
    /// Whether it creates a name, which the file system may refuse.
    fileprivate var givesName: Bool {
        switch self {
        case .create, .rename, .makeFolder, .hardLink, .symbolicLink: true
        default: false
        }
    }

    /// The operation as in "failed while …".
    fileprivate var gerund: String {
        switch self {
        case .list: "listing the folder"
        case .status: "looking at it"
        case .read: "reading"
        case .create: "creating it"
        case .write, .copyContents: "writing"
        case .synchronise, .synchroniseFolder: "making it durable"
        case .rename: "renaming"
        case .remove: "removing it"
        case .makeFolder: "making the folder"
        case .removeFolder: "removing the folder"
        case .hardLink, .symbolicLink: "linking"
        case .setAttributes: "setting its time and permissions"
        case .truncate: "shortening"
        case .space: "asking for free space"
        case .lock: "locking"
        }
    }
}
