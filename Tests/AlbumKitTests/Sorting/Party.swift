@testable import PhotoIndex
@testable import FileLedger
import AlbumCatalogue
import FaceAnalysis
import FaceCore
import Foundation
import PhotoImaging
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// The people of the sample photos, eleven portraits of each.
enum Guest: String, CaseIterable {
    case salley = "John_Salley"
    case savage = "John_Savage"
    case schneider = "John_Schneider"
    case shimkus = "John_Shimkus"
    case simm = "John_Simm"

    /// The file of one of the portraits; they are in order of names.
    func portrait(_ number: Int = 0) throws -> [UInt8] {
        try Self.portraits.with { portraits in
            if let known = portraits[self] { return known[number] }
            let folder = samples.appending("johns").appending(rawValue)
            let read = try Disk().entries(of: folder).map {
                try Disk().contents(of: folder.appending($0.name), limit: 1 << 24)
            }
            portraits[self] = read
            return read[number]
        }
    }

    /// Read once, because most tests begin with some of them.
    private static let portraits = Locked([Guest: [[UInt8]]]())
}

let samples: FilePath = {
    let environment = ProcessInfo.processInfo.environment
    let cache =
        environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.cache"
    return FilePath(cache).appending("facesort/samples")
}()

/// Photos, people and an album in a folder of a test's own.
struct Party: Sendable {
    let folder: TemporaryFolder
    var photos: FilePath { folder.appending("photos") }
    var people: FilePath { folder.appending("people") }
    var album: FilePath { folder.appending("album") }

    init() throws {
        folder = try TemporaryFolder(.inMemory)
        try Disk().makeFolders(photos)
        try Disk().makeFolders(people)
    }

    /// Three photos of Salley, Savage and both with Simm, and the first two as known people.
    ///
    /// - Parameter isAnalysed: whether the album's catalogue knows the faces already, which saves
    ///   a second; else there is no album.
    static func small(isAnalysed: Bool = true) async throws -> Party {
        let party = try Party()
        try party.add(.salley, as: "people/Anna.jpg")
        try party.add(.savage, as: "people/Ben.jpg")
        try party.add(.salley, as: "photos/a.jpg", mark: 1)
        try party.add(.savage, as: "photos/b.jpg", mark: 2)
        try party.add([.salley, .savage, .simm], as: "photos/c.jpg")
        try party.add(.simm, as: "photos/d.jpg", mark: 3)
        if isAnalysed { try await analysed.value.teach(party) }
        return party
    }

    /// The result of analysing ``small(isAnalysed:)``, made once.
    private static let analysed = Task {
        try await Analysed(small(isAnalysed: false))
    }

    /// The engine's results for the photos of a party, for other parties with the same photos.
    struct Analysed {
        let space: EncodingSpace?
        let photos: [PhotoRecord]
        let portraits: [PortraitAnalysis]

        /// Sorts the party.
        init(_ party: Party) async throws {
            try await party.sort()
            let catalogue = try Catalogue(
                path: AlbumFolder(party.album).catalogue, access: .read, journalMode: .rollback)
            space = try catalogue.encodingSpace()
            photos = try catalogue.photos()
            portraits = try catalogue.portraits().map(\.outcome)
        }

        func teach(_ party: Party) throws {
            let folder = AlbumFolder(party.album)
            try folder.prepare()
            let catalogue = try Catalogue(path: folder.catalogue, access: .write)
            try space.map { try catalogue.setEncodingSpace($0) }
            for portrait in portraits {
                try catalogue.record(portrait, version: FaceAnalyser.version)
            }
            // As if they had been in the folder once under other names.
            let source = try catalogue.rememberSource(.photos, at: party.photos)
            for (number, photo) in photos.enumerated() {
                let file = PhotoFile(
                    source: source.id, path: FilePath("before-\(number).jpg"),
                    stamp: FileStamp(byteCount: photo.byteCount, modified: 0), photo: photo.hash)
                try catalogue.record(photo, version: FaceAnalyser.version, file: file)
            }
            try catalogue.close()
        }
    }

    /// What ``small()`` becomes.
    static let smallAlbum = [
        "Anna/a.jpg", "Anna/c.jpg", "Ben/b.jpg", "Ben/c.jpg", "group/c.jpg", "unknown/d.jpg",
    ]

    /// A portrait of `guest` at `name`, relative to the folder.
    ///
    /// - Parameter mark: put behind the end of the picture, it makes it a photo of its own.
    func add(_ guest: Guest, _ number: Int = 0, as name: String, mark: Int? = nil) throws {
        let end = mark.map { Array("mark \($0)".utf8) } ?? []
        try write(try guest.portrait(number) + end, to: name)
    }

    /// One picture with the guests side by side.
    func add(_ guests: [Guest], as name: String) throws {
        try write(try Self.shot(of: guests).jpegData(quality: 95), to: name)
    }

    static func shot(of guests: [Guest]) throws -> PixelBuffer {
        var shot = try PixelBuffer(width: 150 * guests.count, height: 150)
        for (index, guest) in guests.enumerated() {
            let portrait = try PhotoSource(bytes: guest.portrait()).pixels()
            for y in 0..<min(150, portrait.height) {
                for x in 0..<min(150, portrait.width) {
                    shot[150 * index + x, y] = portrait[x, y]
                }
            }
        }
        return shot
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try write(bytes, to: folder.appending(name))
    }

    func write(_ bytes: [UInt8], to path: FilePath) throws {
        try Disk().makeFolders(path.folder)
        try Disk().removeIfPresent(path)
        try Disk().create(path, mode: 0o644, contents: bytes)
    }

    func remove(_ name: String) throws {
        removeTree(folder.appending(name))
    }

    func rename(_ name: String, to other: String) throws {
        try Disk().makeFolders(folder.appending(other).folder)
        try Disk().rename(folder.appending(name), to: folder.appending(other), method: .noReplace)
    }

    func bytes(_ name: String) throws -> [UInt8] {
        try Disk().contents(of: folder.appending(name), limit: 1 << 24)
    }

    func has(_ name: String) throws -> Bool {
        try Disk().statusIfPresent(of: folder.appending(name), followingLinks: false) != nil
    }

    /// A sort of the photos with the people.
    var request: SortRequest { SortRequest(photos: [photos], people: people, album: album) }

    @discardableResult
    func sort(
        disk: Disk = Disk(), _ change: (inout SortRequest) -> Void = { _ in }
    ) async throws(AlbumError) -> SortSummary {
        var request = request
        change(&request)
        return try await run(request, disk: disk)
    }

    /// `sort --to ALBUM` alone.
    @discardableResult
    func sortAgain(
        disk: Disk = Disk(), _ change: (inout SortRequest) -> Void = { _ in }
    ) async throws(AlbumError) -> SortSummary {
        var request = SortRequest(photos: [], album: album)
        change(&request)
        return try await run(request, disk: disk)
    }

    @discardableResult
    func run(
        _ request: SortRequest, disk: Disk = Disk(),
        interruption: Interruption = Interruption(),
        onEvent: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) async throws(AlbumError) -> SortSummary {
        try await Sorter(
            request,
            environment: RunEnvironment(
                ProcessInfo.processInfo.environment,
                now: { Date(timeIntervalSince1970: 1_800_000_000) }, disk: disk)
        ).run(interruption: interruption, onEvent: onEvent)
    }

    /// The album's files without our state, by path, in order.
    func listing() throws -> [String] { try contents().keys.sorted() }

    /// The album's files without our state.
    func contents() throws -> [String: [UInt8]] {
        try filesIn(album).filter { !$0.key.hasPrefix(".facesort/") }
    }

    /// The photos and the people.
    func originals() throws -> [String: [UInt8]] {
        try filesIn(photos).merging(filesIn(people)) { first, _ in first }
    }

    /// Every file in the album but the lock, with everything that a write would change.
    func state() throws -> [String: FileStatus] {
        var found: [String: FileStatus] = [:]
        try visit(album) { path, status in
            if status.kind != .folder, path != ".facesort/lock" { found[path.string] = status }
        }
        return found
    }

    /// Opens the album for questions and undo.
    func opened(disk: Disk = Disk()) throws(AlbumError) -> Album {
        try Album(at: album, disk: disk)
    }

    @discardableResult
    func undo(
        _ selection: UndoSelection = .last, disk: Disk = Disk()
    ) throws(AlbumError) -> UndoSummary {
        try opened(disk: disk).undo(selection)
    }

    /// Copies a folder of the party with times and permissions.
    func copyFolder(_ name: String, to other: String) {
        #expect(
            runTool([
                "/bin/cp", "-a", folder.appending(name).string, folder.appending(other).string,
            ]) == 0)
    }
}

/// The files below a folder by relative path, with their content.
func filesIn(_ root: FilePath) throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    try visit(root) { path, status in
        guard status.kind == .file else { return }
        found[path.string] = try Disk().contents(of: root.pushing(path), limit: 1 << 24)
    }
    return found
}

private func visit(
    _ root: FilePath, _ body: (FilePath, FileStatus) throws -> Void
) throws {
    func visit(_ folder: FilePath) throws {
        guard try Disk().statusIfPresent(of: root.pushing(folder)) != nil else { return }
        for entry in try Disk().entries(of: root.pushing(folder)) {
            let path = folder.appending(entry.name)
            let status = try Disk().status(of: root.pushing(path), followingLinks: false)
            try body(path, status)
            if status.kind == .folder { try visit(path) }
        }
    }
    try visit(FilePath())
}

/// The code of the error that `body` throws; `nil` when it throws none.
func code(_ body: () async throws(AlbumError) -> Void) async -> AlbumError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return error.code
    }
}
