@testable import FileLedger
import FaceCore
import SystemPackage
import TestSupport

@testable import AlbumKit

/// An event of a few small "photos" (any bytes will do here) and an album to write it to.
struct Event {
    let photos: FilePath
    let album: AlbumFolder
    let traits: FileSystemTraits

    init(_ folder: FilePath, renaming method: RenameMethod = .noReplace) throws {
        photos = folder.appending("photos")
        album = AlbumFolder(folder.appending("album"))
        var traits = FileSystemTraits.posix
        traits.renameMethod = method
        self.traits = traits
        try Disk().makeFolders(photos)
        try album.prepare()
    }

    /// The photos of another event, with an album of their own.
    init(_ folder: FilePath, album: FilePath, renaming method: RenameMethod) {
        photos = folder.appending("photos")
        self.album = AlbumFolder(album)
        var traits = FileSystemTraits.posix
        traits.renameMethod = method
        self.traits = traits
    }

    /// Makes a photo whose content is its name, repeated.
    @discardableResult
    func photo(_ name: FilePath.Component, byteCount: Int = 3000) throws -> Photo {
        let photo = expectedPhoto(name, byteCount: byteCount)
        try Disk().create(photo.path, mode: 0o640, contents: photo.content)
        try Disk().setAttributes(photo.path, modified: 1_700_000_001_123_456_789)
        return photo
    }

    /// The content that ``photo(_:byteCount:)`` makes.
    func expectedPhoto(_ name: FilePath.Component, byteCount: Int) -> Photo {
        let bytes = name.bytes
        let content = (0..<byteCount).map { bytes[$0 % bytes.count] }
        return Photo(path: photos.appending(name), content: content)
    }

    func begin(_ run: String, disk: Disk = Disk()) throws -> Journal {
        try Journal.begin(
            album, run: run, command: "facesort sort", started: "2026-01-02T03:04:05Z",
            settings: "{}", sources: [photos], origins: [photos], disk: disk)
    }

    func writer(_ journal: Journal, disk: Disk = Disk()) -> AlbumWriter {
        AlbumWriter(album: album, journal: journal, traits: traits, disk: disk)
    }

    /// One whole run.
    @discardableResult
    func perform(_ run: String, _ acts: [Act], disk: Disk = Disk()) throws -> [ActOutcome] {
        let journal = try begin(run, disk: disk)
        let outcomes = try writer(journal, disk: disk).perform(acts)
        try journal.end(.finished)
        return outcomes
    }

    func undo(_ run: String, disk: Disk = Disk()) throws -> UndoReport {
        try Undo.undo(album, run: run, traits: traits, disk: disk)
    }

    /// The album's folders (empty text) and files (content), without our state.
    func contents() throws -> [FilePath: [UInt8]?] { try tree(album.path, without: ".facesort") }

    /// The originals.
    func originals() throws -> [FilePath: [UInt8]?] { try tree(photos, without: nil) }
}

struct Photo {
    let path: FilePath
    let content: [UInt8]
    var hash: ContentHash { ContentHasher.hash(content) }

    func copy(to: FilePath, link: LinkKind = .copy) -> Act {
        .copy(source: path, to: to, hash: hash, byteCount: Int64(content.count), link: link)
    }
}

/// What a folder holds, by relative path; `nil` for a folder.
func tree(
    _ root: FilePath, without excluded: FilePath.Component?
) throws -> [FilePath: [UInt8]?] {
    var found: [FilePath: [UInt8]?] = [:]
    func visit(_ folder: FilePath) throws {
        for entry in try Disk().entries(of: root.pushing(folder)) where entry.name != excluded {
            let path = folder.appending(entry.name)
            guard let status = try Disk().statusIfPresent(of: root.pushing(path)) else {
                found.updateValue([], forKey: path)
                continue
            }
            if status.kind == .folder {
                found.updateValue(nil, forKey: path)
                try visit(path)
            } else {
                found.updateValue(
                    try Disk().contents(of: root.pushing(path), limit: 1 << 24), forKey: path)
            }
        }
    }
    try visit(FilePath())
    return found
}

/// A file's name from bytes that need not be UTF-8.
func name(_ bytes: [UInt8]) -> FilePath.Component {
    FilePath.Component(bytes: bytes)!  // The tests write names without slash and zero.
}

/// Names that have broken programs before.
let oddNames: [FilePath.Component] = [
    "with space.jpg", "caf\u{E9}.jpg", "cafe\u{301}.jpg", "写真.jpg", "👩‍👩‍👧.jpg", "-rf", "new\nline.jpg",
    "quote'\"$(x).jpg", "no extension", "two.dots.jpg", name([0x49, 0xFF, 0xE9, 0x2E, 0x6A]),
    name(Array(repeating: 0x78, count: 255)),
    name(Array(String(repeating: "é", count: 125).utf8) + Array(".jpg".utf8)),
]
