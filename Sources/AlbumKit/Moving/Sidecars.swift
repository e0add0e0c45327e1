internal import FileLedger
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
        let isGoing = Set(going)
        var inFolder = Dictionary(grouping: going, by: \.folder)
        for path in staying where inFolder[path.folder] != nil && !isGoing.contains(path) {
            inFolder[path.folder]?.append(path)
        }
        var found: [FilePath: [FilePath.Component]] = [:]
        var kept = 0
        for (folder, paths) in inFolder {
            let photos = PhotoNames(paths.compactMap(\.lastComponent))
            for other in try candidates(folder) where !photos.contains(other) {
                let owners = photos.owners(of: other).map { folder.appending($0) }
                // What a photo that stays needs as well stays.
                let first = owners.first(where: isGoing.contains)
                if let first, owners.allSatisfy(isGoing.contains) {
                    found[first, default: []].append(other)
                } else if first != nil {
                    kept += 1
                }
            }
        }
        ofPhoto = found
        keptCount = kept
    }

    /// The name beside a photo that is now called `photo`.
    static func name(
        _ sidecar: FilePath.Component, of old: FilePath.Component, now photo: FilePath.Component
    ) -> FilePath.Component {
        let after: [UInt8]
        if sidecar.bytes.starts(with: old.bytes + [UInt8(ascii: ".")]) {
            after = photo.bytes + sidecar.bytes.dropFirst(old.bytes.count)
        } else if let end = PhotoNames.end(of: sidecar, beside: old) {
            after = photo == old ? sidecar.bytes : photo.bytes + end
        } else {
            after = Self.stem(photo) + sidecar.bytes.dropFirst(Self.stem(old).count)
        }
        return FilePath.Component(bytes: after) ?? sidecar
    }

    /// Another name for a file beside `photo` when its own is taken: `IMG_1.jpg.2.xmp`, which is still
    /// that photo's.
    static func numbered(
        _ sidecar: FilePath.Component, _ number: Int, beside photo: FilePath.Component
    ) -> FilePath.Component {
        let start = photo.bytes + [UInt8(ascii: ".")]
        let end =
            sidecar.bytes.starts(with: start)
            ? sidecar.bytes.dropFirst(photo.bytes.count)
            : sidecar.bytes.dropFirst(Self.stem(sidecar).count)
        return FilePath.Component(bytes: start + Array("\(number)".utf8) + end) ?? sidecar
    }

    /// A name up to its last dot.
    fileprivate static func stem(_ name: FilePath.Component) -> [UInt8] {
        let bytes = name.bytes
        return bytes.lastIndex(of: UInt8(ascii: ".")).map { Array(bytes[..<$0]) } ?? bytes
    }
}

/// The photos of one folder, and which of them a file beside them is of.
private struct PhotoNames {
    private let names: [FilePath.Component]
    private var byName: [[UInt8]: Int] = [:]
    private var byStem: [[UInt8]: [Int]] = [:]
    private var byTakeout: [TakeoutName: [Int]] = [:]

    /// - Parameter names: in stable order.
    init(_ names: [FilePath.Component]) {
        self.names = names
        for (index, name) in names.enumerated() {
            byName[name.bytes] = index
            byStem[Self.lowered(Sidecars.stem(name)), default: []].append(index)
            for title in TakeoutName.titles(ofPhoto: name.bytes).own {
                byTakeout[title, default: []].append(index)
            }
        }
        // An edited photo shares its original's, where that is.
        for (index, name) in names.enumerated() {
            for title in TakeoutName.titles(ofPhoto: name.bytes).original {
                byTakeout[title, default: []].append(index)
            }
        }
    }

    func contains(_ name: FilePath.Component) -> Bool { byName[name.bytes] != nil }

    /// Those that a file goes with, in order; the one whose file it is alone, if there is one.
    func owners(of other: FilePath.Component) -> [FilePath.Component] {
        let bytes = other.bytes
        for (title, _) in TakeoutName.titles(ofFile: bytes) {
            if let owners = byTakeout[title] { return owners.map { names[$0] } }
            // Another photo of that title is not the one that it tells of.
            if title.number > 0, byName[title.title] != nil { return [] }
        }
        // `IMG_1.jpg.xmp` is of that file alone; `IMG_1.xmp` of all that bear the name.
        let dots = bytes.indices.reversed().filter { bytes[$0] == UInt8(ascii: ".") }
        if let owner = dots.lazy.compactMap({ byName[Array(bytes[..<$0])] }).first {
            return [names[owner]]
        }
        return (byStem[Self.lowered(Sidecars.stem(other))] ?? []).map { names[$0] }
    }

    /// How the name of a JSON file goes on behind that of its photo; `nil` when it is no such file.
    static func end(of other: FilePath.Component, beside photo: FilePath.Component) -> [UInt8]? {
        let titles = TakeoutName.titles(ofPhoto: photo.bytes)
        let own = Set(titles.own + titles.original)
        return TakeoutName.titles(ofFile: other.bytes).first { own.contains($0.name) }?.end
    }

    private static func lowered(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }
}
