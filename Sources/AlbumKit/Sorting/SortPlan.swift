internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

/// One file that is to be written, moved or taken away, and for which photo and place.
struct PlannedAct {
    var act: Act
    let photo: ContentHash
    let place: Place
}

/// An original that can be reached now.
struct Original {
    let source: SourceID
    /// Absolute.
    let path: FilePath
    /// As the user knows it: relative to the PHOTOS folder.
    let name: FilePath
}

/// Derives what has to be done from where photos belong and where they lie. Touches nothing.
struct SortPlan {
    struct Input {
        let album: FilePath
        let photos: [PhotoRecord]
        /// By photo, in stable order; a photo without any is out of reach.
        let originals: [ContentHash: [Original]]
        /// The photos in the order of their first paths, then those out of reach.
        let order: [ContentHash]
        let places: [ContentHash: Set<Place>]
        let present: [PlacedFile]
        let leftToUser: [PlacedFile]
        let folders: PlaceFolders
        let link: LinkKind
        let traits: FileSystemTraits
        let prunes: Bool
        /// The names in one of the album's folders as it is on the disk.
        let namesOnDisk: (FilePath) throws -> [FilePath.Component]
        /// Whether a file of the album, which is not ours, holds this photo.
        let holds: (FilePath, ContentHash, Int64) throws -> Bool
    }

    private(set) var acts: [PlannedAct] = []
    private(set) var renames: [SortSummary.Rename] = []
    /// Photos whose copies stay only because no original can be seen.
    private(set) var heldPhotoCount = 0
    /// Photos that no place has, and that cannot be copied because no original can be seen.
    private(set) var outOfReachCount = 0
    private var names: [FilePath: TakenNames] = [:]
    /// The originals of ``renames``.
    private var renamed: Set<String> = []
    private let ours: Set<FilePath>
    private let input: Input

    init(_ input: Input) throws {
        self.input = input
        ours = Set(input.present.map(\.path))
        let present = Dictionary(grouping: input.present, by: \.photo)
        let given = Dictionary(grouping: input.leftToUser, by: \.photo)
        let records = Dictionary(uniqueKeysWithValues: input.photos.map { ($0.hash, $0) })
        for photo in input.order {
            guard let record = records[photo] else { continue }
            try plan(record, present: present[photo] ?? [], given: given[photo] ?? [])
        }
        // Copies before removals: at no moment is a photo in none of its places.
        acts =
            acts.filter(\.isMove) + acts.filter(\.isCopy)
            + acts.filter { !$0.isMove && !$0.isCopy }
    }

    /// The bytes that copies will take.
    func byteCount(link: LinkKind) -> Int64 {
        guard link == .copy || link == .clone else { return 0 }
        return acts.reduce(0) { $0 + ($1.act.byteCount ?? 0) }
    }

    /// Another free name for a copy whose name turned out to be taken.
    mutating func renamed(_ planned: PlannedAct) throws -> PlannedAct {
        guard let source = planned.act.origin, let byteCount = planned.act.byteCount,
            let name = planned.act.path.lastComponent
        else { return planned }
        let to = try claim(name, in: planned.act.path.removingLastComponent())
        var other = planned
        other.act = .copy(
            source: source, to: to, hash: planned.photo, byteCount: byteCount, link: input.link)
        return other
    }

    private mutating func plan(
        _ record: PhotoRecord, present: [PlacedFile], given: [PlacedFile]
    ) throws {
        let originals = input.originals[record.hash] ?? []
        let wanted = input.places[record.hash] ?? []
        if originals.isEmpty && !present.isEmpty {
            if input.prunes { return prune(present) }
            heldPhotoCount += 1
        }
        var missing = wanted.subtracting(present.map(\.place))
        for file in present where file.place != .copies {
            if !wanted.contains(file.place), file.place.isOfStrangers,
                let place = missing.filter(\.isOfStrangers).min()
            {
                // Needs no original, and keeps the photo in the album at every moment.
                try move(file, to: place)
                missing.remove(place)
            } else if let original = originals.first, !wanted.contains(file.place) {
                remove(file, original)
            } else {
                try follow(file)
            }
        }
        try planFurtherNames(record, originals: originals, present: present, given: given)
        missing.subtract(given.map(\.place))
        // From whichever stranger's folder the user took the photo: it is not put back.
        if given.contains(where: \.place.isOfStrangers) {
            missing = missing.filter { !$0.isOfStrangers }
        }
        if missing.isEmpty { return }
        // Without an original a copy of ours, checked while it is read, serves as well.
        guard
            let source = originals.first?.path
                ?? present.first.map({ input.album.pushing($0.path) })
        else {
            outOfReachCount += 1
            return
        }
        let name = originals.first?.name.lastComponent ?? present.first?.path.lastComponent
        for place in missing.sorted() {
            if let name { try copy(record, from: source, as: name, to: place) }
        }
    }

    /// Keeps a file in `copies` for each name that the photo has beside its first one.
    private mutating func planFurtherNames(
        _ record: PhotoRecord, originals: [Original], present: [PlacedFile], given: [PlacedFile]
    ) throws {
        guard let first = originals.first else { return }
        var names: [FilePath.Component] = []
        var keys: Set<[UInt8]> = [key(first.name.lastComponent)]
        for original in originals.dropFirst() {
            guard let name = original.name.lastComponent else { continue }
            if keys.insert(key(name)).inserted { names.append(name) }
        }
        var kept = NamedFiles(present.filter { $0.place == .copies }, traits: input.traits)
        let known = NamedFiles(given.filter { $0.place == .copies }, traits: input.traits)
        let missing = names.filter { !kept.take($0) }.filter { !kept.take(numbered: $0) }
        for name in missing where !known.has(name) {
            try copy(record, from: first.path, as: name, to: .copies)
        }
        for file in kept.files { remove(file, first) }
    }

    private func key(_ name: FilePath.Component?) -> [UInt8] {
        name.map { AlbumName.collisionKey($0, traits: input.traits) } ?? []
    }

    private mutating func remove(_ file: PlacedFile, _ original: Original) {
        let act = Act.remove(file.path, hash: file.photo, original: original.path)
        acts.append(PlannedAct(act: act, photo: file.photo, place: file.place))
    }

    private mutating func prune(_ files: [PlacedFile]) {
        acts += files.map {
            PlannedAct(
                act: .removeAside($0.path, hash: $0.photo), photo: $0.photo, place: $0.place)
        }
    }

    /// Moves a file along with its person's folder when that was renamed, or out of the folder of a
    /// stranger who has a name now.
    private mutating func follow(_ file: PlacedFile) throws {
        guard let folder = input.folders.path(of: file.place),
            file.path.removingLastComponent() != folder,
            file.path.components.count == 2 || PlaceFolders.placeOfStrangers(file.path) != nil
        else { return }
        try move(file, to: file.place)
    }

    /// Moves a file of ours to a place, under its name or the next that is free there.
    private mutating func move(_ file: PlacedFile, to place: Place) throws {
        guard let folder = input.folders.path(of: place), let name = file.path.lastComponent
        else { return }
        let to = try claim(name, in: folder)
        acts.append(
            PlannedAct(
                act: .move(from: file.path, to: to, hash: file.photo), photo: file.photo,
                place: place))
    }

    private mutating func copy(
        _ record: PhotoRecord, from source: FilePath, as original: FilePath.Component,
        to place: Place
    ) throws {
        guard let folder = input.folders.path(of: place) else { return }
        let name = AlbumName.fitting(original, traits: input.traits)
        if let change = name.change, renamed.insert(original.string).inserted {
            renames.append(
                SortSummary.Rename(
                    original: original.string, name: name.name.string, reason: change))
        }
        let there = folder.appending(name.name)
        if try isTaken(name.name, in: folder), !ours.contains(there),
            try input.holds(there, record.hash, record.byteCount)
        {
            return  // The user put the very same photo there: nothing is missing.
        }
        let to = try claim(name.name, in: folder)
        acts.append(
            PlannedAct(
                act: .copy(
                    source: source, to: to, hash: record.hash, byteCount: record.byteCount,
                    link: input.link), photo: record.hash, place: place))
    }

    private mutating func claim(_ name: FilePath.Component, in folder: FilePath) throws
        -> FilePath
    {
        try learnNames(in: folder)
        // In place: a copy for each of thousands of names takes longer than all else.
        return folder.appending(names[folder]!.claim(name))
    }

    private mutating func isTaken(_ name: FilePath.Component, in folder: FilePath) throws -> Bool {
        try learnNames(in: folder)
        return names[folder]!.contains(name)
    }

    private mutating func learnNames(in folder: FilePath) throws {
        guard names[folder] == nil else { return }
        names[folder] = TakenNames(try input.namesOnDisk(folder), traits: input.traits)
    }
}

extension PlannedAct {
    var isMove: Bool { act.effect == .moves }
    var isCopy: Bool { act.effect == .adds }
}

/// Files of one photo by their names: there may be thousands.
private struct NamedFiles {
    private let all: [PlacedFile]
    private let traits: FileSystemTraits
    /// The indices of those that are left.
    private var byName: [FilePath.Component: [Int]]

    init(_ files: [PlacedFile], traits: FileSystemTraits) {
        all = files
        self.traits = traits
        byName = [:]
        for (index, file) in files.enumerated() {
            guard let name = file.path.lastComponent else { continue }
            byName[name, default: []].append(index)
        }
    }

    /// Those that are left, in their order.
    var files: [PlacedFile] { byName.values.joined().sorted().map { all[$0] } }

    /// Takes the file that bears `name`; `false` when there is none.
    mutating func take(_ name: FilePath.Component) -> Bool {
        takeFile(AlbumName.fitting(name, traits: traits).name)
    }

    /// Takes one that bears the name with a number behind it.
    mutating func take(numbered name: FilePath.Component) -> Bool {
        guard !byName.isEmpty else { return false }
        let fitting = AlbumName.fitting(name, traits: traits).name
        return (2...99).contains { takeFile(AlbumName.numbered(fitting, $0, traits: traits)) }
    }

    /// Whether a file bears the name, numbered or not.
    func has(_ name: FilePath.Component) -> Bool {
        let fitting = AlbumName.fitting(name, traits: traits).name
        return !byName.isEmpty
            && (byName[fitting] != nil
                || (2...99).contains {
                    byName[AlbumName.numbered(fitting, $0, traits: traits)] != nil
                })
    }

    private mutating func takeFile(_ name: FilePath.Component) -> Bool {
        guard var left = byName[name] else { return false }
        left.removeFirst()
        byName[name] = left.isEmpty ? nil : left
        return true
    }
}
