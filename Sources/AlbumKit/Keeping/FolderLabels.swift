internal import PhotoIndex
internal import FileLedger
internal import FaceCore
internal import PhotoImaging
public import SystemPackage

/// What two folders say of the photos in them.
struct FolderLabels {
    /// By content, so that copies agree; without those that both folders hold.
    private(set) var verdicts: [ContentHash: Choice.Verdict] = [:]
    /// Pairs of files with the same content, one in each folder, as the user knows them.
    private(set) var contradictions: [(keep: FilePath, discard: FilePath)] = []
    /// Files that are no photos.
    private(set) var otherFileCount = 0
    private(set) var failures: [PhotoFailure] = []
    /// What was skipped, each a sentence.
    private(set) var notes: [String] = []

    init(_ folders: LabelFolders, _ run: RunContext) throws {
        let disk = run.disk
        let scans = try [folders.keep, folders.discard].map { given in
            (given: given, scan: try Self.scan(given, disk))
        }
        let (one, other) = (folders.keep.absolute.resolved, folders.discard.absolute.resolved)
        guard !one.starts(with: other), !other.starts(with: one) else {
            throw AlbumError(
                .foldersOverlap, folders.discard.string,
                "and '\(folders.keep.string)' lie in each other",
                remedy: "Nothing was labelled. Name two folders that have no photo in common.")
        }
        let total = scans.reduce(0) { $0 + $1.scan.files.count }
        var done = 0
        var found: [[ContentHash: FilePath]] = []
        for (given, scan) in scans {
            var names: [ContentHash: FilePath] = [:]
            notes += scan.machineNote.map { [$0] } ?? []
            for failure in scan.failures {
                failures.append(Self.failure(given.pushing(failure.path), failure.error))
            }
            for file in scan.files {
                if run.interruption.isRequested {
                    throw AlbumError(
                        .interrupted, given.string, "was not read to its end: it was interrupted",
                        remedy: "Nothing was labelled. Run the same command again.")
                }
                let name = given.pushing(file.path)
                do {
                    if let hash = try Self.photo(scan.base.pushing(file.path), disk) {
                        // The first name of several copies.
                        if names[hash] == nil { names[hash] = name }
                    } else {
                        otherFileCount += 1
                    }
                } catch {
                    failures.append(Self.failure(name, error))
                }
                done += 1
                run.onEvent(.hashing(done: done, total: total))
            }
            found.append(names)
        }
        settle(found[0], found[1])
    }

    private mutating func settle(
        _ kept: [ContentHash: FilePath], _ discarded: [ContentHash: FilePath]
    ) {
        for (hash, name) in kept {
            if let other = discarded[hash] {
                contradictions.append((name, other))
            } else {
                verdicts[hash] = .keep
            }
        }
        for hash in discarded.keys where kept[hash] == nil { verdicts[hash] = .discard }
        contradictions.sort { $0.keep.bytes.lexicographicallyPrecedes($1.keep.bytes) }
    }

    private static func scan(_ given: FilePath, _ disk: Disk) throws -> FolderScan {
        guard let status = try disk.statusIfPresent(of: given.absolute) else {
            throw AlbumError(
                .notFound, given.string, "does not exist",
                remedy: "Nothing was labelled. Check the name of the folder.")
        }
        guard status.kind == .folder else {
            throw AlbumError(
                .notAFolder, given.string, "is a file, not a folder",
                remedy: "Nothing was labelled. Name a folder with photos to keep, and one with "
                    + "photos to discard.")
        }
        return try FolderScan.scan(given.absolute, disk: disk)
    }

    /// - Returns: `nil` for a file that is no photo.
    private static func photo(_ path: FilePath, _ disk: Disk) throws(FileError) -> ContentHash? {
        let kind = PhotoImaging.FileKind.of(
            firstBytes: try disk.firstBytes(of: path, count: PhotoImaging.FileKind.probeLength),
            fileExtension: path.extension ?? "")
        guard case .photo = kind else { return nil }
        return try disk.hash(of: path).hash
    }

    private static func failure(_ name: FilePath, _ error: FileError) -> PhotoFailure {
        PhotoFailure(
            path: name.string, code: .notReadable,
            reason: "could not be read: \(error.sentence)",
            remedy: "It was not labelled. Mend the cause, then run the same command again.")
    }
}

extension LabelFolders {
    /// The folders `keep` and `discard` in `folder`, when it has both.
    public init?(in folder: FilePath) {
        let folders = LabelFolders(
            keep: folder.appending("keep"), discard: folder.appending("discard"))
        let disk = Disk()
        func isFolder(_ path: FilePath) -> Bool {
            (try? disk.statusIfPresent(of: path.absolute))??.kind == .folder
        }
        guard isFolder(folders.keep), isFolder(folders.discard) else { return nil }
        self = folders
    }
}
