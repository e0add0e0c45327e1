internal import CFileSystem
package import SystemPackage

/// The file system, as the few operations that the album needs.
///
/// Paths are bytes, so every name on a disk can be handled. A hook can make any operation fail; so
/// the tests show that nothing is lost when a disk dies at any moment.
///
/// A path through a folder called `.facesort` is our own state, which may come from somebody else.
/// No operation follows a link there, and each opens only regular files that have one name;
/// anything else is an error that says what lies there (``FileError/intruder``).
package struct Disk: Sendable {
    /// Called before each operation; what it throws is thrown instead of the operation.
    package typealias Hook = @Sendable (DiskOperation, FilePath) throws(FileError) -> Void

    let hook: Hook?
    /// What this machine knows of runs, beside the workspaces themselves.
    package let marks: RunMarks
    /// The changes that would be on the disk; `nil` when everything is really done.
    package let rehearsal: DiskRehearsal?

    package init(before hook: Hook? = nil, marks: RunMarks = .ofThisUser) {
        self.init(before: hook, marks: marks, rehearsal: nil)
    }

    init(before hook: Hook?, marks: RunMarks, rehearsal: DiskRehearsal?) {
        self.hook = hook
        self.marks = marks
        self.rehearsal = rehearsal
    }

    /// The same disk, but nothing on it is changed: changes are only remembered, and this value and
    /// its copies show them.
    package func rehearsing() -> Disk {
        Disk(before: hook, marks: marks, rehearsal: DiskRehearsal())
    }

    func announce(_ operation: DiskOperation, _ path: FilePath) throws(FileError) {
        if let hook { try hook(operation, path) }
    }

    /// Announces `operation`, then calls `body` with the spot of the path; calls it again when a
    /// signal interrupted it.
    ///
    /// - Throws: the cause when `body` returns -1.
    @discardableResult
    func call<Result: SignedInteger>(
        _ operation: DiskOperation, _ path: FilePath, _ body: (cfile_spot_t) -> Result
    ) throws(FileError) -> Result {
        try announce(operation, path)
        return try unannounced(operation, path, body)
    }

    /// Like ``call(_:_:_:)``, for a further system call of an operation already announced.
    @discardableResult
    func unannounced<Result: SignedInteger>(
        _ operation: DiskOperation, _ path: FilePath, _ body: (cfile_spot_t) -> Result
    ) throws(FileError) -> Result {
        var cause: Int32 = 0
        var area = CFILE_AREA_OUTSIDE
        let result = path.withPlatformString { text -> Result in
            var spot = cfile_spot_t()
            guard cfile_locate(text, &spot) == 0 else {
                cause = systemErrno
                area = Int(spot.area)
                return -1
            }
            defer { cfile_leave(&spot) }
            area = Int(spot.area)
            while true {
                let result = body(spot)
                guard result == -1 else { return result }
                cause = systemErrno
                if cause != EINTR { return result }
            }
        }
        guard result == -1 else { return result }
        let isLink = area != CFILE_AREA_OUTSIDE && cause == ELOOP
        throw FileError(
            operation: operation, path: path, errno: cause, intruder: isLink ? .link : nil)
    }

    /// Calls `body` with the spots of two paths; the error is about the second.
    @discardableResult
    func call(
        _ operation: DiskOperation, from path: FilePath, to target: FilePath,
        _ body: (cfile_spot_t, cfile_spot_t) -> Int32
    ) throws(FileError) -> Int32 {
        try refuseInRehearsal(operation, target)
        return try call(operation, target) { target in
            path.withPlatformString { text in
                var spot = cfile_spot_t()
                guard cfile_locate(text, &spot) == 0 else { return -1 }
                defer { cfile_leave(&spot) }
                return body(spot, target)
            }
        }
    }

    /// Calls a function that needs no path; again when a signal interrupted it. The path is for the
    /// error.
    @discardableResult
    func onOpenFile<Result: SignedInteger>(
        _ operation: DiskOperation, _ path: FilePath, _ body: () -> Result
    ) throws(FileError) -> Result {
        while true {
            let result = body()
            guard result == -1 else { return result }
            guard systemErrno == EINTR else {
                throw FileError(operation: operation, path: path, errno: systemErrno)
            }
        }
    }

    /// Opens the file at `path`.
    ///
    /// - Parameter flags: those of `open`; what is made or changed must be a file.
    /// - Returns: a descriptor for the caller to close.
    func open(
        _ operation: DiskOperation, _ path: FilePath, _ flags: Int32, mode: UInt16 = 0
    ) throws(FileError) -> Int32 {
        try announce(operation, path)
        if flags & (O_ACCMODE | O_CREAT) != O_RDONLY { try refuseInRehearsal(operation, path) }
        let path = try truePath(operation, path)
        let wantsFolder = flags & O_DIRECTORY != 0
        var isState = false
        var descriptor: Int32 = -1
        do {
            // Not blocking: a pipe in the place of a file would wait for ever.
            descriptor = try unannounced(operation, path) { spot in
                isState = Int(spot.area) == CFILE_AREA_STATE
                return cfile_open(spot, flags | O_NONBLOCK, UInt32(mode))
            }
        } catch  where isState && !error.isTaken {
            // For a link, a pipe or a folder, systems report different errors.
            let found = try? statusIfPresent(of: path)
            throw error.of(found?.intruder(wantsFolder: wantsFolder))
        }
        guard isState else { return descriptor }
        do throws(FileError) {
            if let intruder = try status(descriptor, path).intruder(wantsFolder: wantsFolder) {
                throw FileError(operation: operation, path: path, errno: EPERM, intruder: intruder)
            }
            return descriptor
        } catch {
            systemClose(descriptor)
            throw error
        }
    }
}

extension FileStatus {
    /// Why it is no file, or no folder, of our state; `nil` when it may be ours.
    package func intruder(wantsFolder: Bool) -> StateIntruder? {
        switch kind {
        case .symbolicLink: .link
        case .folder: wantsFolder ? nil : .noFile
        case .file where wantsFolder: .noFolder
        case .file: linkCount > 1 ? .severalNames : nil
        case .other: wantsFolder ? .noFolder : .noFile
        }
    }
}

extension FilePath {
    /// Whether it is a workspace's folder for our state, or lies in one.
    fileprivate var isOfState: Bool { components.contains(AlbumFolder.stateName) }

    // The library splits a path into components and checks each. Working on bytes takes a tenth of
    // the time, which counts with a hundred thousand photos.

    /// The folder that holds this path; "." for a bare name.
    package var folder: FilePath {
        let bytes = bytes
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return FilePath(bytes: slash == 0 ? bytes[...0] : bytes[..<slash])
    }

    /// The relative path `other` as seen from this folder.
    package func joined(to other: FilePath) -> FilePath {
        if isEmpty { return other }
        if other.isEmpty { return self }
        return FilePath(bytes: bytes + [UInt8(ascii: "/")] + other.bytes)
    }

    /// Whether it names a folder of our state, or leads into one.
    package var isState: Bool {
        components.contains { $0 == AlbumFolder.stateName }
    }

    init(bytes: some Sequence<UInt8>) {
        self.init(platformString: bytes.map { CChar(bitPattern: $0) } + [0])
    }

    /// The path as the system gets it, without the final zero.
    package var bytes: [UInt8] {
        withPlatformString { start in
            Array(UnsafeRawBufferPointer(start: start, count: strlen(start)))
        }
    }
}
