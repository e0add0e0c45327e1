package import FileLedger
internal import Foundation
internal import PhotoImaging
package import SystemPackage

/// What a PEOPLE folder holds: `<name>.jpg` and `<name>/*.jpg`, mixed.
package struct PeopleFolder {
    /// Folders that a system keeps for itself; they belong to no person.
    package let machineFolders: [FilePath]
    /// A sentence about them; `nil` when there are none.
    package let machineNote: String?
    /// Pictures in unsupported formats; they are of no use.
    package let unusable: [FilePath]
    /// Every name with its portraits, in order of names; a folder without portraits is there too.
    package let portraits: [(name: String, files: [ScannedFile])]
    package let base: FilePath

    /// - Throws: ``SourceError`` when a folder cannot be read, or two names differ only by case or
    ///   Unicode form.
    package init(at path: FilePath, disk: Disk) throws {
        let scan = try FolderScan.scan(path, disk: disk)
        base = scan.base
        machineFolders = scan.machineFolders
        machineNote = scan.machineNote
        // A person whose folder cannot be read must not be mistaken for one who is gone.
        if let failure = scan.failures.first {
            throw SourceError.portraitUnread(path.pushing(failure.path), failure.error)
        }
        var files: [String: [ScannedFile]] = [:]
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
            files[Self.name(written), default: []].append(file)
        }
        try Self.refuseAlikeNames(files.keys.sorted(), spellings: spellings, in: path)
        self.unusable = unusable
        portraits = files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Such folders also hold text and thumbnail databases. Only a file that claims to be a picture
    /// counts as a portrait, so that a broken one is reported rather than skipped.
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
                throw SourceError.alikeNames(other, name, .onlyInCase)
            }
            seen[key] = name
            if spellings[name, default: []].count > 1 {
                throw SourceError.alikeNames(name, name, .onlyInUnicodeForm)
            }
        }
    }
}
