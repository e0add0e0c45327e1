internal import SystemPackage

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
