package import FileLedger
package import AlbumCatalogue
package import FaceCore
internal import PhotoImaging
package import SystemPackage

/// Which photos the sources hold now, and which of them the catalogue does not know yet.
package struct PhotoInventory {
    /// A file that has to be read.
    package struct Candidate: Sendable {
        package let source: Source
        /// The folder that ``path`` is relative to.
        package let base: FilePath
        package let path: FilePath
        package let stamp: FileStamp
    }

    /// Files whose photo is known, in stable order: by source, then bytewise by path.
    package private(set) var known: [PhotoFile] = []
    /// Files to be read, in stable order.
    package private(set) var candidates: [Candidate] = []
    /// Those of no known photo's size; the others were most likely copied, moved or renamed.
    package private(set) var likelyNew: [Candidate] = []
    /// Recorded files that are gone from a source that can be reached.
    package private(set) var vanished: [SourceID: [FilePath]] = [:]
    /// Files that are no photos, by source.
    package private(set) var skipped: [SourceID: [SkippedFile]] = [:]
    /// Folders that systems keep for themselves, by source.
    package private(set) var machineFolders: [SourceID: [SkippedFile]] = [:]
    /// Folders and files that the disk would not show.
    package private(set) var failed: [FailedFile] = []
    /// Which names belong to the same file.
    package private(set) var shared = SharedFiles([])
    /// The folder that a reachable source's paths are relative to.
    package private(set) var bases: [SourceID: FilePath] = [:]
    package private(set) var unreachable: [Source] = []
    /// Sentences about what was passed over.
    package private(set) var notes: [String] = []
    /// The photos whose faces, searched for so deeply as now, are known.
    package let searched: Set<ContentHash>
    /// Photos with nothing left to learn: the features of their pictures are known, too.
    let knownInFull: Set<ContentHash>

    /// How many photo files there are, known and new, by their names.
    package var photoCount: Int { known.count + candidates.count }

    /// As `failed`, for the user.
    package var failures: [PhotoFailure] { failed.map(PhotoFailure.init) }

    /// - Parameters:
    ///   - excluded: folders inside the sources that hold no photos of the event.
    ///   - search: how deeply a photo must have been searched to count as known.
    package init(
        of sources: [Source], excluding excluded: [FilePath], search: SearchDepth,
        catalogue: Catalogue, disk: Disk
    ) throws {
        searched = try catalogue.analysedPhotos(version: PhotoReader.version, search: search)
        knownInFull = searched.intersection(
            try catalogue.measuredPhotos(version: PictureFeatures.version))
        var scans: [(source: SourceID, files: [ScannedFile])] = []
        for source in sources {
            guard let scan = try Self.scan(source, excluding: excluded, disk: disk) else {
                unreachable.append(source)
                continue
            }
            bases[source.id] = scan.base
            scans.append((source.id, scan.files))
            note(scan, of: source)
            try sort(scan, of: source, catalogue: catalogue, disk: disk)
        }
        shared = SharedFiles(scans)
        noteFurtherNames()
        guard !candidates.isEmpty else { return }
        let sizes = Set(
            try catalogue.byteCounts().filter { knownInFull.contains($0.key) }.values)
        likelyNew = candidates.filter { !sizes.contains($0.stamp.byteCount) }
    }

    /// - Returns: `nil` when the source is not there now.
    private static func scan(_ source: Source, excluding excluded: [FilePath], disk: Disk) throws
        -> FolderScan?
    {
        guard try disk.statusIfPresent(of: source.path) != nil else { return nil }
        return try FolderScan.scan(source.path, excluding: excluded, disk: disk)
    }

    private mutating func sort(
        _ scan: FolderScan, of source: Source, catalogue: Catalogue, disk: Disk
    ) throws {
        var recorded = Dictionary(
            uniqueKeysWithValues: try catalogue.photoFiles(in: source.id).map { ($0.path, $0) })
        var others: [SkippedFile] = []
        let companions = Companions(among: scan.files)
        for file in scan.files {
            if let kind = companions.kind(of: file.path) {
                others.append(SkippedFile(source: source.id, path: file.path, kind: kind))
                continue
            }
            let stamp = FileStamp(byteCount: file.byteCount, modified: file.modified)
            if let before = recorded.removeValue(forKey: file.path), before.stamp == stamp,
                knownInFull.contains(before.photo)
            {
                known.append(before)
                continue
            }
            if let kind = kindIfNoPhoto(scan.base.pushing(file.path), disk: disk) {
                others.append(SkippedFile(source: source.id, path: file.path, kind: kind))
                continue
            }
            candidates.append(
                Candidate(source: source, base: scan.base, path: file.path, stamp: stamp))
        }
        // A folder that could not be listed hides its files; they are not gone.
        let hidden = scan.failures.map(\.path)
        vanished[source.id] = recorded.keys
            .filter { path in !hidden.contains { path.starts(with: $0) } }
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        skipped[source.id] = others
    }

    /// What the file is when it is no photo and does not claim to be one.
    ///
    /// A file whose name claims a photo is not opened here: over a slow card that would cost the
    /// two seconds in which the user wants to know how much there is to do.
    private func kindIfNoPhoto(_ path: FilePath, disk: Disk) -> String? {
        let fileExtension = path.extension ?? ""
        if PhotoImaging.FileKind.claimsToBePhoto(fileExtension: fileExtension) { return nil }
        guard
            let start = try? disk.firstBytes(of: path, count: PhotoImaging.FileKind.probeLength)
        else { return nil }
        return PhotoImaging.FileKind.of(firstBytes: start, fileExtension: fileExtension).skippedName
    }

    private mutating func note(_ scan: FolderScan, of source: Source) {
        for failure in scan.failures {
            failed.append(
                FailedFile(
                    source: source.id, path: failure.path, code: FailedFile.notReadable,
                    reason: "could not be read: \(failure.error.sentence)",
                    remedy: "What is in it was not sorted. Mend its permissions, then sort again."))
        }
        machineFolders[source.id] = scan.machineFolders.map {
            SkippedFile(source: source.id, path: $0, kind: SkippedFile.machineFolder)
        }
        notes += scan.machineNote.map { [$0] } ?? []
        for skip in scan.skipped
        where skip.isFolder && ![.hidden, .machineMade].contains(skip.reason) {
            notes.append("'\(skip.path.string)' was passed over: \(skip.reason.sentence).")
        }
        let hidden = scan.skipped.count { $0.reason == .hidden }
        if hidden > 0 {
            notes.append(
                "\(hidden) hidden \(hidden == 1 ? "file or folder" : "files and folders") in "
                    + "'\(source.path.string)' \(hidden == 1 ? "was" : "were") passed over.")
        }
        let odd = scan.skipped.filter { !$0.isFolder && $0.reason != .hidden }
        for skip in odd.prefix(5) {
            notes.append("'\(skip.path.string)' was passed over: \(skip.reason.sentence).")
        }
        if odd.count > 5 { notes.append("\(odd.count - 5) more were passed over likewise.") }
    }

    private mutating func noteFurtherNames() {
        guard shared.hasFurtherNames else { return }
        let all = names
        let counted = Set(shared.distinct(all, by: \.self))
        let further = all.filter { !counted.contains($0) }.map(\.path)
        guard !further.isEmpty else { return }
        notes.append(
            "\(named(further)) \(further.count == 1 ? "is a further name" : "are further names") of "
                + "photos that are there anyway: each file counts once.")
    }

    /// Of every photo file.
    package var names: [SharedFiles.Name] {
        known.map { SharedFiles.Name(source: $0.source, path: $0.path) }
            + candidates.map { SharedFiles.Name(source: $0.source.id, path: $0.path) }
    }
}

extension FolderScan {
    /// Folders that were skipped because a system keeps them for itself.
    package var machineFolders: [FilePath] {
        skipped.filter { $0.reason == .machineMade }.map(\.path)
    }

    /// A sentence about them; `nil` when there are none.
    package var machineNote: String? {
        let folders = machineFolders
        guard !folders.isEmpty else { return nil }
        return
            "\(named(folders)) in '\(base.string)' \(folders.count == 1 ? "was" : "were") passed "
            + "over: \(SkipReason.machineMade.sentence)."
    }
}

/// "'a', 'b' and 12 more": paths that may be many, within a sentence.
package func named(_ paths: [FilePath]) -> String {
    let limit = paths.count == 4 ? 4 : 3
    let shown = paths.prefix(limit).map { "'\($0.string)'" }
    let rest = paths.count - limit
    return enumerated(shown + (rest > 0 ? ["\(grouped(rest)) more"] : []))
}

extension SkippedFile {
    /// The kind of a folder that a system keeps for itself, as the user is told.
    static let machineFolder = "system folder"
}
