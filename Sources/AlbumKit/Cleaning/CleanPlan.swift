internal import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

/// Which files go into which folder of the bin, and why.
///
/// A photo goes for the first of ``CleanFilter``'s reasons that it gives; of a photo with several
/// files one stays unless the photo itself goes. A photo that cannot be read, or of which too little
/// is there to tell, stays: nobody has seen what is on it.
struct CleanPlan {
    struct Verdict {
        let file: StudiedFile
        let filter: CleanFilter
        let reason: String
    }

    struct Input {
        /// In stable order.
        let files: [StudiedFile]
        let photos: [ContentHash: PhotoRecord]
        /// Of the photos that have files.
        let groups: [DuplicateGroup]
        let sharpness: [ContentHash: SharpnessScore]
        /// How many faces a photo shows, those that a person ignores left out.
        let faceCount: (PhotoRecord) -> Int
        let isKnownPersonIn: (ContentHash) -> Bool
        let filters: Set<CleanFilter>
    }

    /// One picture or burst: its photos, the best first, and what they are to it.
    private struct Picture {
        let members: [(photo: ContentHash, member: DuplicateGroup.Member?)]
    }

    /// In the order of the files.
    private(set) var verdicts: [Verdict] = []
    private(set) var groups: [CleanSummary.Group] = []

    init(_ input: Input) {
        let filesOfPhoto = Dictionary(grouping: input.files, by: \.photo)
            .mapValues { files in files.sorted { Self.isBetterName($0.name, $1.name) } }
        var reasons: [StudiedFile: (CleanFilter, String)] = [:]
        func move(_ file: StudiedFile, _ filter: CleanFilter, _ reason: String) {
            guard input.filters.contains(filter), reasons[file] == nil else { return }
            reasons[file] = (filter, reason)
        }

        let grouped = Set(input.groups.flatMap { $0.members.map(\.photo) })
        let pictures =
            input.groups.map { Picture(members: $0.members.map { ($0.photo, $0) }) }
            // Files of one photo are a group too; what cannot be read can still be there twice.
            + filesOfPhoto.filter { $1.count > 1 && !grouped.contains($0) }
            .map { Picture(members: [($0.key, nil)]) }
        let position = Dictionary(
            uniqueKeysWithValues: input.files.enumerated().map { ($1, $0) })
        let described = pictures.compactMap { picture -> (Int, [CleanSummary.Group.Member])? in
            guard let best = filesOfPhoto[picture.members[0].photo]?.first else { return nil }
            var rows: [CleanSummary.Group.Member] = []
            for (photo, member) in picture.members {
                for (number, file) in (filesOfPhoto[photo] ?? []).enumerated() {
                    let reason =
                        if file == best {
                            CleanReasons.kept(member)
                        } else if number > 0 {
                            CleanReasons.exactCopy(of: filesOfPhoto[photo]?[0].name)
                        } else if let member {
                            CleanReasons.sentence(member, best: best.name)
                        } else {
                            CleanReasons.exactCopy(of: best.name)
                        }
                    rows.append(
                        CleanSummary.Group.Member(
                            photo: file.name.string, isKept: file == best, reason: reason))
                    if file != best { move(file, .duplicates, reason) }
                }
            }
            return (position[best] ?? 0, rows)
        }
        groups = described.sorted { $0.0 < $1.0 }.enumerated().map { number, group in
            CleanSummary.Group(number: number + 1, members: group.1)
        }

        for file in input.files {
            guard let photo = input.photos[file.photo], photo.condition == .analysed else {
                continue
            }
            if let sharpness = input.sharpness[file.photo], sharpness.isBlurred {
                move(
                    file, .blurred,
                    CleanReasons.blurred(sharpness, limit: BlurSettings.default.leastRadius))
            }
            let faceCount = input.faceCount(photo)
            if faceCount == 0 { move(file, .noFaces, CleanReasons.noFaces) }
            if !input.isKnownPersonIn(file.photo) {
                move(file, .noKnown, CleanReasons.noKnown(faceCount: faceCount))
            }
        }
        verdicts = input.files.compactMap { file in
            reasons[file].map { Verdict(file: file, filter: $0.0, reason: $0.1) }
        }
    }

    /// Of files with equal bytes the one whose name looks like the original's: nearer the top, then
    /// shorter, as `IMG_1.jpg` beside `IMG_1 (copy).jpg`.
    private static func isBetterName(_ one: FilePath, _ other: FilePath) -> Bool {
        if one.components.count != other.components.count {
            return one.components.count < other.components.count
        }
        let (left, right) = (one.bytes, other.bytes)
        return left.count == right.count
            ? left.lexicographicallyPrecedes(right) : left.count < right.count
    }
}

/// The files beside photos that bear their names: settings, sound, the RAW picture.
struct Sidecars {
    /// The names beside a photo that go with it.
    let ofPhoto: [FilePath: [FilePath.Component]]
    /// How many stay because a photo of the same name stays.
    let keptCount: Int

    var count: Int { keptCount + ofPhoto.values.reduce(0) { $0 + $1.count } }

    /// - Parameters:
    ///   - going: absolute paths of the photos that go, in stable order.
    ///   - staying: absolute paths of the photos that stay.
    init(of going: [FilePath], staying: [FilePath], disk: Disk) throws {
        try self.init(of: going, staying: staying) { folder in
            // The user may have tidied up since a run was killed.
            guard try disk.statusIfPresent(of: folder) != nil else { return [] }
            return Self.candidates(try disk.entries(of: folder))
        }
    }

    /// What may lie beside a photo as something of it.
    static func candidates(_ entries: [FolderEntry]) -> [FilePath.Component] {
        entries.filter { $0.kind == .file && !$0.name.isHidden }.map(\.name)
    }

    /// - Parameters:
    ///   - going, staying: as above.
    ///   - candidates: the names of the files in a folder, photos among them.
    init(
        of going: [FilePath], staying: [FilePath],
        candidates: (FilePath) throws -> [FilePath.Component]
    ) rethrows {
        let photos = Set(going).union(staying)
        let stays = Set(staying.map { Self.key($0.folder, stem: Self.stem($0)) })
        var claimed: Set<FilePath> = []
        var found: [FilePath: [FilePath.Component]] = [:]
        var kept: Set<FilePath> = []
        for (folder, paths) in Dictionary(grouping: going, by: \.folder) {
            let others = try candidates(folder).filter { !photos.contains(folder.appending($0)) }
            guard !others.isEmpty else { continue }
            for photo in paths {
                guard let name = photo.lastComponent else { continue }
                for other in others where Self.belongs(other, to: name) {
                    let path = folder.appending(other)
                    // `IMG_1.jpg.xmp` is of that file alone; `IMG_1.xmp` of all that bear the name.
                    let isOfFile = other.bytes.starts(with: name.bytes)
                    if !isOfFile, stays.contains(Self.key(folder, stem: Self.stem(path))) {
                        kept.insert(path)
                    } else if claimed.insert(path).inserted {
                        found[photo, default: []].append(other)
                    }
                }
            }
        }
        ofPhoto = found
        keptCount = kept.count
    }

    /// The name beside a photo that is now called `photo`.
    static func name(
        _ sidecar: FilePath.Component, of old: FilePath.Component, now photo: FilePath.Component
    ) -> FilePath.Component {
        let isOfFile = sidecar.bytes.starts(with: old.bytes + [UInt8(ascii: ".")])
        let before = isOfFile ? old.bytes : Self.stem(old)
        let after = isOfFile ? photo.bytes : Self.stem(photo)
        return FilePath.Component(bytes: after + sidecar.bytes.dropFirst(before.count)) ?? sidecar
    }

    private static func belongs(
        _ other: FilePath.Component, to photo: FilePath.Component
    ) -> Bool {
        other.bytes.starts(with: photo.bytes + [UInt8(ascii: ".")])
            || lowered(stem(other)) == lowered(stem(photo))
    }

    private static func key(_ folder: FilePath, stem: [UInt8]) -> [UInt8] {
        folder.bytes + [0] + lowered(stem)
    }

    private static func stem(_ path: FilePath) -> [UInt8] {
        path.lastComponent.map(stem) ?? []
    }

    /// A name up to its last dot.
    private static func stem(_ name: FilePath.Component) -> [UInt8] {
        let bytes = name.bytes
        return bytes.lastIndex(of: UInt8(ascii: ".")).map { Array(bytes[..<$0]) } ?? bytes
    }

    private static func lowered(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }
}
