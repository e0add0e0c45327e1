internal import PhotoIndex
internal import FileLedger
internal import SystemPackage

/// Renamed copies on their way into a ZIP file.
struct RenameArchive {
    private struct Entry {
        let wish: RenameMovement.Wish
        /// Paths in the ZIP file.
        let name: FilePath
        /// The files beside it: absolute, and their paths in the ZIP file.
        let sidecars: [(from: FilePath, to: FilePath)]
        var isLeftOut = false
    }

    private let disk: Disk
    private var entries: [Entry]

    /// - Parameter wishes: in the order in which names are numbered.
    init(_ wishes: [RenameMovement.Wish], disk: Disk) throws {
        self.disk = disk
        let beside = try Sidecars(of: wishes.map(\.file.path), staying: [], disk: disk)
        var folders = PortableFolders()
        let photos = wishes.map { wish in
            RenamablePhoto(
                folder: folders.folder(wish.file.name.removingLastComponent()),
                stem: wish.stem, suffix: wish.suffix,
                name: wish.file.path.lastComponent ?? "photo",
                sidecars: beside.ofPhoto[wish.file.path] ?? [], placed: nil, isCopy: true)
        }
        let plan = RenamePlan(photos, others: [:], traits: PortableFolders.traits)
        entries = zip(wishes, zip(photos, plan.names)).map { wish, named in
            let (photo, names) = named
            let folder = wish.file.path.removingLastComponent()
            return Entry(
                wish: wish, name: photo.folder.appending(names.photo),
                sidecars: zip(photo.sidecars, names.sidecars).map {
                    (folder.appending($0), photo.folder.appending($1))
                })
        }
    }

    var renames: [RenameSummary.Rename] {
        entries.filter { !$0.isLeftOut }.map { entry in
            RenameSummary.Rename(
                photo: entry.wish.file.name.string, to: entry.name.string,
                sidecars: entry.sidecars.map {
                    RenameSummary.Rename.Sidecar(
                        from: $0.from.lastComponent?.string ?? "",
                        to: $0.to.lastComponent?.string ?? "")
                })
        }
    }

    /// Of each wish, as in ``RenameMovement/places``.
    var places: [(now: FilePath, name: FilePath)] {
        entries.map { ($0.wish.file.path, $0.name) }
    }

    var fileCount: Int { entries.reduce(0) { $0 + 1 + $1.sidecars.count } }

    /// - Throws: `.diskFull` when the ZIP file would not fit.
    func checkSpace(zip: FilePath, given: FilePath) throws {
        let needed = entries.reduce(Int64(0)) { sum, entry in
            entry.sidecars.reduce(sum + entry.wish.file.byteCount) { sum, sidecar in
                sum + ((try? disk.status(of: sidecar.from).byteCount) ?? 0)
            }
        }
        let free = try disk.freeSpace(at: zip.folder)
        // Nothing else is written to that disk.
        guard let shortage = DiskSpace.shortage(of: needed, free: free, reserve: 0) else { return }
        throw AlbumError(
            .diskFull, given.string, shortage,
            remedy: "Nothing was written; what was learnt about the photos is kept. Make room, or "
                + "choose a file on another disk with --zip.")
    }

    /// Writes the ZIP file, whole or not at all.
    ///
    /// - Parameters:
    ///   - zip: absolute; nothing lies there.
    ///   - progress: called with how many of ``fileCount`` are written, about.
    /// - Returns: what is not in it, by the names the user knows; `nil` when it was cancelled.
    mutating func pack(
        into zip: FilePath, progress: @escaping (Int) -> Void, isCancelled: @escaping () -> Bool
    ) throws -> [(name: String, reason: String)]? {
        var failures: [(String, String)] = []
        let file = try ZipFile(at: zip, disk: disk)
        var packed: [(name: String, path: FilePath, status: FileStatus)] = []
        for index in entries.indices {
            let photo = entries[index].wish.file
            let status: FileStatus
            do throws(FileError) {
                status = try disk.status(of: photo.path)
                guard try disk.hash(of: photo.path).hash == photo.photo else {
                    failures.append((photo.name.string, "it has changed since it was looked at"))
                    entries[index].isLeftOut = true
                    continue
                }
            } catch {
                failures.append((photo.name.string, error.sentence))
                entries[index].isLeftOut = true
                continue
            }
            try file.add(photo.path, as: entries[index].name, modified: status.modified)
            packed.append((photo.name.string, photo.path, status))
            for sidecar in entries[index].sidecars {
                let status: FileStatus
                do throws(FileError) {
                    status = try disk.status(of: sidecar.from)
                } catch {
                    failures.append((sidecar.from.lastComponent?.string ?? "", error.sentence))
                    continue
                }
                try file.add(sidecar.from, as: sidecar.to, modified: status.modified)
                packed.append((sidecar.from.string, sidecar.from, status))
            }
        }
        let total = Double(fileCount)
        guard
            try file.finish(
                progress: { progress(Int($0 * total)) }, isCancelled: isCancelled)
        else { return nil }
        for (name, path, before) in packed {
            let now = try? disk.status(of: path)
            if now?.byteCount != before.byteCount || now?.modified != before.modified {
                failures.append((name, "it changed while it was written: look at the copy"))
            }
        }
        return failures
    }
}

/// Names as every system takes them, Windows too: a ZIP file is unpacked anywhere.
private struct PortableFolders {
    static let traits: FileSystemTraits = {
        var traits = FileSystemTraits.posix
        traits.takesWindowsReserved = false
        traits.takesDeviceNames = false
        traits.takesInvalidUTF8 = false
        traits.isCaseSensitive = false
        traits.isNormalisationSensitive = false
        return traits
    }()

    /// The folders by what Windows takes for one.
    private var known: [[[UInt8]]: FilePath] = [:]

    /// Two folders that differ by case alone are one.
    mutating func folder(_ folder: FilePath) -> FilePath {
        let fitting = FilePath(
            root: nil, folder.components.map { AlbumName.fitting($0, traits: Self.traits).name })
        let key = AlbumName.collisionKey(fitting, traits: Self.traits)
        let first = known[key] ?? fitting
        known[key] = first
        return first
    }
}
