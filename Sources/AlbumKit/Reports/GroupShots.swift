internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
internal import FaceCore
internal import Foundation
public import SystemPackage

/// What collecting group shots did.
public struct CollectSummary: Sendable, Codable {
    public let copied: Int
    public let alreadyThere: Int
    /// Photos that neither an original nor a copy can be found of.
    public let unreachable: [String]
}

extension Album {
    /// Photos with at least `minimumFaces` faces in which all of `names` are, and with `only`
    /// nobody else; by path.
    ///
    /// `minimumFaces` is the group size of the album's last run by default; with names, as many as
    /// there are names.
    ///
    /// - Throws: ``AlbumError`` `.unknownPerson` for a name that the album does not know.
    public func groups(with names: [String], only: Bool, minimumFaces: Int?) throws(AlbumError)
        -> [GroupPhoto]
    {
        try ask { workspace in
            try shots(in: workspace, with: names, only: only, minimumFaces: minimumFaces)
                .map(\.shot)
        }
    }

    /// Copies those photos into `folder`, which may be new, empty, or collected into before; undone
    /// by `undo` on that folder.
    public func collectGroups(
        with names: [String], only: Bool, minimumFaces: Int?, to folder: FilePath
    ) throws(AlbumError) -> CollectSummary {
        let found = try ask { workspace in
            try shots(in: workspace, with: names, only: only, minimumFaces: minimumFaces)
        }
        return try withAlbumErrors(of: folder) {
            try Collection(folder: folder, disk: disk).copy(found)
        }
    }

    fileprivate func shots(
        in workspace: Workspace, with names: [String], only: Bool, minimumFaces: Int?
    ) throws -> [Collection.Item] {
        let catalogue = workspace.catalogue
        let namesOfPeople = try catalogue.namesOfPeople()
        let wanted = try Set(
            names.map { try person(named: $0, among: try catalogue.people()).id })
        let settings = try catalogue.settingsOfMatches()
        let minimum = minimumFaces ?? (names.isEmpty ? settings.groupSize : wanted.count)
        let photos = try catalogue.photos()
        let peopleOfPhotos = PeopleOfPhotos(
            try catalogue.matches(), try catalogue.copiedNames(),
            unfound: workspace.book.decisions(on: photos.flatMap(\.faces)).unfound,
            numbers: Dictionary(
                namesOfPeople.map { ($0.value.folded, $0.key) },
                uniquingKeysWith: { first, _ in first }))
        let paths = try PhotoPaths(catalogue, album: folder, disk: disk)
        return try photos.compactMap { photo -> Collection.Item? in
            let people = peopleOfPhotos[photo.hash]
            let faceCount = peopleOfPhotos.faceCount(of: photo)
            guard faceCount >= minimum, people.isSuperset(of: wanted),
                !only || (people == wanted && faceCount == wanted.count)
            else { return nil }
            let files = try catalogue.files(of: photo.hash)
            let placed = try catalogue.placedFiles(of: photo.hash)
            guard let name = files.first?.path ?? placed.first?.path else { return nil }
            return Collection.Item(
                shot: GroupPhoto(
                    photo: name.string, faceCount: faceCount,
                    people: people.compactMap { namesOfPeople[$0] }.sorted()),
                name: name, hash: photo.hash, byteCount: photo.byteCount,
                paths: paths.all(files, placed))
        }.sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
    }

    func person(named name: String, among people: [Person]) throws -> Person {
        if let person = people.first(where: { $0.name.folded == name.folded }) { return person }
        let known = people.filter(\.isListed).map(\.name).sorted()
        throw AlbumError(
            .unknownPerson, name, "is nobody this album knows",
            remedy: known.isEmpty
                ? "It knows no people yet; give it portraits with 'facesort sort --people'."
                : "It knows \(known.prefix(12).joined(separator: ", "))"
                    + (known.count > 12 ? " and \(known.count - 12) more." : "."))
    }
}

/// A folder into which photos are collected: a workspace of its own, so that it can be undone.
private struct Collection {
    struct Item {
        let shot: GroupPhoto
        let name: FilePath
        let hash: ContentHash
        let byteCount: Int64
        /// Where its bytes may be found; absolute.
        let paths: [FilePath]
    }

    let folder: FilePath
    let disk: Disk

    func copy(_ items: [Item]) throws -> CollectSummary {
        let album = AlbumFolder(folder.absolute)
        let condition = try album.condition(disk: disk)
        // A file that has the name is refused like a folder of others.
        try (condition == .notAFolder ? AlbumFolder.Condition.foreign : condition)
            .check(folder, not: "written", photos: "is a folder of renamed photos")
        let workspace = try Workspace(album, access: .write(command: "groups"), disk: disk)
        defer { workspace.close() }
        var taken = TakenNames(traits: workspace.traits)
        var hashes: Set<ContentHash> = []
        for entry in try disk.entries(of: album.path) {
            taken.insert(entry.name)
            let path = album.path.appending(entry.name)
            if try disk.status(of: path, followingLinks: false).kind == .file {
                hashes.insert(try ContentHasher.hash(fileAt: path, disk: disk).hash)
            }
        }
        let fresh = items.filter { !hashes.contains($0.hash) }
        let attempts = fresh.map { item in
            let name = item.name.lastComponent ?? "photo"
            let to = taken.claim(AlbumName.fitting(name, traits: workspace.traits).name)
            return Attempt(
                item: item, to: FilePath(root: nil, [to]),
                paths: item.paths.filter { (try? disk.statusIfPresent(of: $0)) ?? nil != nil }[...])
        }
        let (copied, unreachable) = try write(attempts, in: workspace)
        return CollectSummary(
            copied: copied, alreadyThere: items.count - fresh.count,
            unreachable: unreachable.map(\.name.string))
    }

    /// A photo to be copied, and the paths that were not tried yet.
    private struct Attempt {
        let item: Item
        let to: FilePath
        var paths: ArraySlice<FilePath>

        var act: Act? {
            paths.first.map {
                .copy(
                    source: $0, to: to, hash: item.hash, byteCount: item.byteCount, link: .copy)
            }
        }
    }

    /// At an original's path may lie another photo by now; then the next path is tried.
    private func write(
        _ attempts: [Attempt], in workspace: Workspace
    ) throws -> (copied: Int, unreachable: [Item]) {
        var unreachable = attempts.filter { $0.act == nil }.map(\.item)
        var open = attempts.filter { $0.act != nil }
        guard !open.isEmpty else { return (0, unreachable) }
        let log = try RunLog(
            workspace, command: "groups", settings: "{}", isRehearsal: false, now: { Date() })
        let writer = AlbumWriter(
            album: workspace.folder, journal: try log.journal(),
            traits: workspace.traits, disk: disk)
        var copied = 0
        while !open.isEmpty {
            let outcomes = try writer.perform(open.compactMap(\.act))
            var again: [Attempt] = []
            for (attempt, outcome) in zip(open, outcomes) {
                if case .done = outcome {
                    copied += 1
                    continue
                }
                var next = attempt
                next.paths.removeFirst()
                if next.act == nil { unreachable.append(next.item) } else { again.append(next) }
            }
            open = again
        }
        _ = try log.finish(.finished, summary: nil)
        return (copied, unreachable)
    }
}
