internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

/// What the user said by moving files of the album: a stranger's folder that got a name, and photos
/// that were moved into a person's folder.
struct UserMoves {
    /// A file of ours that lies elsewhere now.
    struct Move {
        let from: PlacedFile
        let to: FilePath
        let status: FileStatus
    }

    /// A stranger's folder that got a name.
    struct Naming {
        let number: ClusterNumber
        /// Relative to the album.
        let folder: FilePath
        let name: String
        let moves: [Move]
        /// Photos that were in the folder and are not in it any more.
        let gone: Set<ContentHash>
    }

    /// A photo that was moved into a person's folder.
    struct Drag {
        let person: Person
        let move: Move
    }

    private(set) var namings: [Naming] = []
    private(set) var drags: [Drag] = []
    /// Things the user should know, each a sentence.
    private(set) var notes: [String] = []
    private let album: FilePath
    private let disk: Disk
    private let people: [Person]
    private let ours: Set<FilePath>

    /// - Parameters:
    ///   - missing: files of ours that are not at their place.
    ///   - ours: where files of ours lie, or lay.
    init(
        of missing: [PlacedFile], ours: Set<FilePath>, people: [Person], album: FilePath, disk: Disk
    ) throws {
        self.album = album
        self.disk = disk
        self.people = people
        self.ours = ours
        var open = missing.filter { $0.place != .copies && $0.place != .unreadable }
        guard !open.isEmpty else { return }
        try findNamings(&open)
        try findDrags(open)
    }

    var isEmpty: Bool { namings.isEmpty && drags.isEmpty && notes.isEmpty }

    // MARK: Finding

    private mutating func findNamings(_ open: inout [PlacedFile]) throws {
        let ofCluster = Dictionary(grouping: open) { file -> ClusterNumber? in
            if case .cluster(let number) = file.place { number } else { nil }
        }
        let folders = PlaceFolders(people: people)
        for number in ofCluster.keys.compactMap(\.self).sorted() {
            guard let path = folders.path(of: .cluster(number)),
                try disk.statusIfPresent(of: album.pushing(path)) == nil
            else { continue }
            let files = ofCluster[number] ?? []
            let found = try newFolders().map { ($0, try moves(of: files, into: $0)) }
                .max { ($0.1.count, $1.0.string) < ($1.1.count, $0.0.string) }
            guard let (folder, moves) = found, !moves.isEmpty,
                let name = folder.lastComponent?.string.normalised
            else { continue }
            let taken = Set(moves.map(\.from.path))
            open.removeAll { taken.contains($0.path) }
            do {
                _ = try FolderName.named(name)
            } catch {
                notes.append(
                    "You renamed '\(path.string)' to '\(folder.string)', but nobody can be called "
                        + "'\(name)': \(error.reason).")
                continue
            }
            let known = people.first { $0.name.folded == name.folded || $0.folder == name }
            namings.append(
                Naming(
                    number: number, folder: folder, name: known?.name ?? name, moves: moves,
                    gone: Set(files.map(\.photo)).subtracting(moves.map(\.from.photo))))
        }
    }

    /// The folders in the album and in `unknown` that are none of its places, relative to the album.
    private func newFolders() throws -> [FilePath] {
        let own = Set(people.map(\.folder.folded))
        let places = Set(Place.folderNames)
        return try [FilePath(), FilePath(Place.unknownFolder)].flatMap { parent in
            try entries(of: parent).map(parent.appending).filter { path in
                guard let name = path.lastComponent?.string, !name.hasPrefix(".") else {
                    return false
                }
                let isPlace =
                    parent.isEmpty
                    ? places.contains(name) || own.contains(name.folded)
                    : ClusterNumber(name: name) != nil
                return try !isPlace
                    && disk.statusIfPresent(of: album.pushing(path), followingLinks: false)?.kind
                        == .folder
            }
        }
    }

    private mutating func findDrags(_ open: [PlacedFile]) throws {
        guard !open.isEmpty else { return }
        for person in people {
            let moves = try moves(
                of: open.filter { $0.place != .person(person.id) }, into: FilePath(person.folder))
            drags += moves.map { Drag(person: person, move: $0) }
        }
    }

    private func entries(of folder: FilePath) throws -> [FilePath.Component] {
        guard try disk.statusIfPresent(of: album.pushing(folder))?.kind == .folder else {
            return []
        }
        return try disk.entries(of: album.pushing(folder)).map(\.name)
    }

    /// The files that lie in a folder now, byte for byte.
    private func moves(of files: [PlacedFile], into folder: FilePath) throws -> [Move] {
        var open = files
        return try entries(of: folder).compactMap { name -> Move? in
            let path = folder.appending(name)
            guard !ours.contains(path),
                let status = try disk.statusIfPresent(
                    of: album.pushing(path), followingLinks: false),
                status.kind == .file,
                open.contains(where: { $0.stamp.byteCount == status.byteCount })
            else { return nil }
            let hash = try ContentHasher.hash(fileAt: album.pushing(path), disk: disk).hash
            // Of several copies the one that had the same name was moved.
            guard
                let index = open.firstIndex(where: {
                    $0.photo == hash && $0.path.lastComponent == name
                }) ?? open.firstIndex(where: { $0.photo == hash })
            else { return nil }
            return Move(from: open.remove(at: index), to: path, status: status)
        }
    }

    // MARK: What follows

    /// What was said by it, given how the album is judged before, and a sentence about each thing.
    ///
    /// - Parameter isSupposed: whether the sentences only say what would happen.
    func sayings(_ judgement: RecognitionResult, isSupposed: Bool) -> (
        sayings: [Statement], notes: [String]
    ) {
        var sayings: [Statement] = []
        var notes = self.notes
        let are = isSupposed ? "would be" : "now"
        let faces = PhotoFaces(judgement)
        for naming in namings {
            var keys = (judgement.clusters.all.first { $0.number == naming.number }?.faces ?? [])
                .filter { !naming.gone.contains($0.photo) }.compactMap(faces.openKey)
            let photos = Set(keys.map(\.photo))
            for move in naming.moves where !photos.contains(move.from.photo) {
                let open = faces.unnamed(in: move.from.photo)
                if open.count == 1 { keys.append(open[0]) }
            }
            guard !keys.isEmpty else { continue }
            sayings.append(.isPerson(keys.sorted(), name: naming.name))
            let count = keys.count
            notes.append(
                "You renamed '\(Place.unknownFolder)/\(naming.number.name)' to "
                    + "'\(naming.folder.string)': \(count) \(count == 1 ? "face" : "faces") "
                    + (isSupposed ? "would be \(naming.name)." : "of it are \(naming.name) now."))
        }
        for drag in drags where !judgement.people[drag.move.from.photo].contains(drag.person.id) {
            let open = faces.unnamed(in: drag.move.from.photo)
            let start = "You moved '\(drag.move.to.string)' there"
            guard open.count == 1 else {
                notes.append(
                    "\(start), but \(open.isEmpty ? "no face" : "\(open.count) faces") in it "
                        + "\(open.count > 1 ? "have" : "has") no name: say on the review page which is "
                        + "\(drag.person.name).")
                continue
            }
            sayings.append(.isPerson(open, name: drag.person.name))
            notes.append("\(start): the face without a name is \(drag.person.name) \(are).")
        }
        return (sayings, notes)
    }

    /// The files as they are ours now: those that lie with somebody who is in their photo.
    func adopted(
        _ judgement: RecognitionResult, people: [Person], run: String
    ) -> [(from: PlacedFile, to: PlacedFile, status: FileStatus)] {
        let named = namings.flatMap { naming in
            people.first { $0.name.folded == naming.name.folded }
                .map { person in naming.moves.map { (person, $0) } } ?? []
        }
        return (named + drags.map { ($0.person, $0.move) }).compactMap { person, move in
            guard judgement.people[move.from.photo].contains(person.id) else { return nil }
            let stamp = FileStamp(byteCount: move.status.byteCount, modified: move.status.modified)
            let file = PlacedFile(
                path: move.to, place: .person(person.id), photo: move.from.photo, stamp: stamp,
                state: .present, run: run)
            return (move.from, file, move.status)
        }
    }
}

/// The faces of photos by who they are.
private struct PhotoFaces {
    private let keys: [FaceID: FaceKey]
    private let matches: [FaceID: Match]
    private let ofPhoto: [ContentHash: [FaceID]]

    init(_ judgement: RecognitionResult) {
        let faces = judgement.photos.flatMap(\.faces)
        keys = Dictionary(uniqueKeysWithValues: faces.map { ($0.id, FaceKey($0)) })
        ofPhoto = Dictionary(grouping: faces.map(\.id), by: \.photo)
        matches = Dictionary(
            uniqueKeysWithValues: judgement.recognition.matches.map { ($0.face, $0) })
    }

    /// Where a face lies that has no name and was not left out.
    func openKey(_ face: FaceID) -> FaceKey? {
        guard let match = matches[face], match.named == nil, match.reason != .ignored,
            match.reason != .notAGuest
        else { return nil }
        return keys[face]
    }

    func unnamed(in photo: ContentHash) -> [FaceKey] {
        (ofPhoto[photo] ?? []).compactMap(openKey)
    }
}
