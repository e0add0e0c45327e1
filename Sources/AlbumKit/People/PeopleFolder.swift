internal import FaceCore
internal import Foundation
internal import PhotoImaging
internal import SystemPackage

/// What a PEOPLE folder holds: `<name>.jpg` and `<name>/*.jpg`, mixed.
struct PeopleFolder {
    struct PortraitFile: Hashable {
        /// Relative to the PEOPLE folder.
        let path: FilePath
        let byteCount: Int64
        let modified: Int64
    }

    /// Folders that a system keeps for itself; nobody's.
    let machineFolders: [FilePath]
    /// A sentence about them; `nil` when there are none.
    let machineNote: String?
    /// Pictures of formats that are not read; they lie there, and help nobody.
    let unusable: [FilePath]
    /// Every name with its portraits, in order of names; a folder without portraits is there too.
    let portraits: [(name: String, files: [PortraitFile])]
    let base: FilePath

    /// - Throws: ``AlbumError`` `.personName` when two names differ only by case or Unicode form.
    init(at path: FilePath, disk: Disk) throws {
        let scan = try FolderScan.scan(path, disk: disk)
        base = scan.base
        machineFolders = scan.machineFolders
        machineNote = scan.machineNote
        // A person whose folder the disk does not show must not be taken for one who is gone.
        if let failure = scan.failures.first { throw Self.unreadable(failure, in: path) }
        var files: [String: [PortraitFile]] = [:]
        var spellings: [String: Set<[UInt8]>] = [:]
        func note(_ component: [UInt8], as name: String) {
            files[name, default: []] += []
            spellings[name, default: []].insert(component)
        }
        for entry in try disk.entries(of: path)
        where !entry.name.isHidden && !MachineFolders.contains(entry.name) {
            let kind = try entry.kind ?? disk.status(of: path.appending(entry.name)).kind
            if kind == .folder { note(entry.name.bytes, as: Self.name(entry.name.string)) }
        }
        var unusable: [FilePath] = []
        let companions = Companions(among: scan.files)
        for file in scan.files where companions.kind(of: file.path) == nil {
            guard Self.mayBePortrait(file.path) else {
                if Self.isOtherPicture(scan.base.pushing(file.path), disk) {
                    unusable.append(file.path)
                }
                continue
            }
            let first = Array(file.path.components)[0]
            let isAlone = file.path.components.count == 1
            let written = isAlone ? first.stem : first.string
            note(Array(written.utf8), as: Self.name(written))
            files[Self.name(written), default: []].append(
                PortraitFile(
                    path: file.path, byteCount: file.byteCount, modified: file.modified))
        }
        try Self.refuseAlikeNames(files.keys.sorted(), spellings: spellings, in: path)
        self.unusable = unusable
        portraits = files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func unreadable(_ failure: ScanFailure, in folder: FilePath) -> AlbumError {
        AlbumError(
            .file, folder.pushing(failure.path).string,
            "could not be read: \(failure.error.sentence)",
            remedy: "Nothing was sorted, because people would be missing. Mend the cause, then run "
                + "it again.", underlying: failure.error)
    }

    /// Text and thumbnails' databases lie in such folders too; only what claims to be a picture
    /// counts as a portrait, so that a broken one is reported rather than passed over.
    private static func mayBePortrait(_ path: FilePath) -> Bool {
        PhotoImaging.FileKind.claimsToBePhoto(fileExtension: path.extension ?? "")
    }

    private static func isOtherPicture(_ path: FilePath, _ disk: Disk) -> Bool {
        let count = PhotoImaging.FileKind.probeLength
        guard let start = try? disk.firstBytes(of: path, count: count) else { return false }
        switch PhotoImaging.FileKind.of(firstBytes: start, fileExtension: path.extension ?? "") {
        case .photo, .raw, .otherPicture: return true
        case .video, .unrecognised: return false
        }
    }

    private static func name(_ written: String) -> String {
        written.precomposedStringWithCanonicalMapping
    }

    private static func refuseAlikeNames(
        _ names: [String], spellings: [String: Set<[UInt8]>], in folder: FilePath
    ) throws {
        var seen: [String: String] = [:]
        for name in names {
            let key = name.folded
            if let other = seen[key] {
                throw alike(other, name, "only by capital letters")
            }
            seen[key] = name
            if spellings[name, default: []].count > 1 {
                throw alike(name, name, "only by their Unicode form, which nobody can see")
            }
        }
    }

    private static func alike(_ one: String, _ other: String, _ how: String) -> AlbumError {
        AlbumError(
            .personName, other, "and '\(one)' differ \(how)",
            remedy:
                "They would share one folder, so nothing was done. Put their portraits into one "
                + "folder if they are one person, or rename one of them.")
    }
}
