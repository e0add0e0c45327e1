@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// Something that facesort never makes, in the place of a file or folder of our state.
enum Intruder: String, CaseIterable, Sendable {
    case link, linkToFolder, danglingLink, hardLink, pipe, folder, file

    /// Puts it at `path`; if it leads anywhere, it leads to the user's files in `home`.
    func put(at path: FilePath, home: FilePath) throws {
        let disk = Disk()
        switch self {
        case .link: try disk.symbolicLink(to: home.appending("thesis.txt"), at: path)
        case .linkToFolder: try disk.symbolicLink(to: home, at: path)
        case .danglingLink: try disk.symbolicLink(to: home.appending("none"), at: path)
        case .hardLink: try disk.hardLink(home.appending("thesis.txt"), at: path)
        case .pipe: #expect(runTool(["/usr/bin/mkfifo", path.string]) == 0)
        case .folder: try disk.makeFolder(path)
        case .file: try disk.create(path, contents: [1])
        }
    }

    /// What a name of our state must never be.
    static func unfit(for name: String) -> [Intruder] {
        let isFolder = ["journal", "cache", "removed", ".facesort"].contains(name)
        return allCases.filter { isFolder ? $0 != .folder : $0 != .file }
    }
}

/// A name of our state and the intrusion in its place.
struct Intrusion: Sendable, CustomTestStringConvertible {
    let name: String
    let intruder: Intruder
    var testDescription: String { "\(name) is a \(intruder)" }

    static let all =
        [
            "lock", "catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm",
            "catalogue.sqlite-journal", "decisions.jsonl", "choices.jsonl", "keep-model",
            "settings.toml", "photos", "journal", "journal/0001.jsonl", "cache", "removed",
            ".facesort",
        ].flatMap { name in Intruder.unfit(for: name).map { Intrusion(name: name, intruder: $0) } }
        + [Intruder.link, .linkToFolder, .danglingLink].map {
            Intrusion(name: "probe", intruder: $0)
        }

    func place(in workspace: FilePath) -> FilePath {
        name == ".facesort" ? workspace.appending(name) : workspace.appending(".facesort/" + name)
    }
}

@Suite("Our state comes from somebody else") struct StateTrustTests {
    private let party: Party
    private let home: FilePath

    init() async throws {
        party = try await Party.small(isAnalysed: false)
        home = party.folder.appending("home")
        try party.write(Array("my thesis, 400 pages\n".utf8), to: "home/thesis.txt")
        try party.write(Array("{\"a\":1}\n".utf8), to: "home/0001.jsonl")
        try party.write(Array("only copy".utf8), to: "home/Pictures/IMG_1.jpg")
    }

    private func homeState() throws -> [String: FileStatus] {
        var found: [String: FileStatus] = [:]
        for name in ["thesis.txt", "0001.jsonl", "Pictures/IMG_1.jpg", "Pictures", ""] {
            found[name] = try Disk().status(of: home.pushing(FilePath(name)))
        }
        return found
    }

    /// Commands that analyse photos, which takes a while before they reach the workspace.
    private func longCommands(_ album: FilePath) -> [(String, () async throws -> Void)] {
        var sort = party.request
        sort.album = album
        let sorting = sort
        let rename = RenameRequest(
            study: SurveyRequest(photos: [album]), template: try! RenameTemplate("{sequence}"))
        var clean = CleanRequest(
            study: SurveyRequest(photos: [party.photos]), bin: album, filters: [.noFaces])
        clean.applies = true
        let cleaning = clean
        let environment = ProcessInfo.processInfo.environment
        return [
            ("sort", { try await self.party.run(sorting) }),
            (
                "clean",
                {
                    _ = try await Cleaner(cleaning, environment: RunEnvironment(environment))
                        .run(interruption: Interruption()) { _ in }
                }
            ),
            (
                "rename",
                {
                    var applied = rename
                    applied.applies = true
                    _ = try await Renamer(applied, environment: RunEnvironment(environment))
                        .run(interruption: Interruption()) { _ in }
                }
            ),
        ]
    }

    /// Commands; the names are for the message of a failure.
    private func commands(_ album: FilePath) -> [(String, () throws -> Void)] {
        [
            ("undo", { _ = try Album(at: album).undo(.all) }),
            ("undo --dry-run", { _ = try Album(at: album).undo(.all, isDryRun: true) }),
            ("status", { _ = try Album(at: album).status() }),
            (
                "keep label",
                {
                    _ = try Bin.open(
                        AlbumFolder(album), given: album, command: "keep", disk: Disk())
                }
            ),
            ("recovery", { _ = try Workspace(AlbumFolder(album), access: .write(command: "x")) }),
        ]
    }

    /// A workspace as it may be received, which contains only `intrusion`.
    private func received(_ intrusion: Intrusion, isOfPhotos: Bool) throws -> FilePath {
        let album = party.folder.appending("received")
        let place = intrusion.place(in: album)
        try Disk().makeFolders(place.folder)
        if isOfPhotos, intrusion.name != ".facesort", intrusion.name != "photos" {
            try party.write([], to: album.appending(".facesort/photos"))
        }
        try intrusion.intruder.put(at: place, home: home)
        return album
    }

    @Test(
        "Nothing is written where it leads, and what lies there is named",
        arguments: Intrusion.all)
    func refused(intrusion: Intrusion) async throws {
        for isOfPhotos in [false, true] {
            let album = try received(intrusion, isOfPhotos: isOfPhotos)
            defer { removeTree(album) }
            let before = try homeState()
            for (name, command) in commands(album) {
                let error = #expect(throws: (any Error).self, "\(name)") { try command() }
                try check(error, name, before)
            }
            guard intrusion.intruder == .link else { continue }
            for (name, command) in longCommands(album) {
                let error = await #expect(throws: (any Error).self, "\(name)") {
                    try await command()
                }
                try check(error, name, before)
            }
        }
    }

    private func check(
        _ error: (any Error)?, _ command: String, _ before: [String: FileStatus]
    ) throws {
        let ofAlbum = error as? AlbumError
        let intruder = (error as? FileError ?? ofAlbum?.underlying as? FileError)?.intruder
        // The folder itself may be refused before its state is read.
        let others: [AlbumError.Code] = [.foreignFolder, .notAnAlbum, .foldersOverlap]
        #expect(
            intruder != nil || ofAlbum.map { others.contains($0.code) } == true,
            "\(command): \(String(describing: error))")
        #expect(try homeState() == before, "\(command)")
    }

    @Test("A link instead of an album's own state is an error that names it")
    func named() async throws {
        let album = try received(Intrusion(name: "lock", intruder: .link), isOfPhotos: false)
        let error = #expect(throws: AlbumError.self) { try Album(at: album).undo(.last) }
        #expect(error?.code == .intruder)
        #expect(error?.subject.hasSuffix(".facesort/lock") == true)
        #expect(error?.reason.contains("it is a link") == true)
        #expect(try Disk().entries(of: album.appending(".facesort")).map(\.name) == ["lock"])
    }

    @Test("A folder of the state that became a link after the check is not followed")
    func exchanged() throws {
        let folder = AlbumFolder(party.folder.appending("exchanged"))
        try folder.prepare()
        let workspace = try Workspace(folder, access: .write(command: "x"))
        defer { workspace.close() }
        for path in [folder.journals, folder.removed, folder.cache] {
            removeTree(path)
            try Disk().symbolicLink(to: home, at: path)
        }
        let disk = Disk()
        let attempts: [(String, () throws(FileError) -> Void)] = [
            (
                "create",
                { () throws(FileError) in
                    try disk.create(folder.journals.appending("x"), contents: [1])
                }
            ),
            (
                "replace",
                { () throws(FileError) in
                    try disk.write([1], replacing: folder.cache.appending("thesis.txt"))
                }
            ),
            (
                "remove",
                { () throws(FileError) in
                    try disk.remove(folder.removed.appending("thesis.txt"))
                }
            ),
            (
                "remove below",
                { () throws(FileError) in
                    try disk.remove(folder.removed.appending("Pictures/IMG_1.jpg"))
                }
            ),
            (
                "folder",
                { () throws(FileError) in
                    try disk.makeFolder(folder.removed.appending("new"))
                }
            ),
            (
                "remove folder",
                { () throws(FileError) in
                    try disk.removeFolder(folder.removed.appending("Pictures"))
                }
            ),
            ("list", { () throws(FileError) in _ = try disk.entries(of: folder.journals) }),
            (
                "read",
                { () throws(FileError) in
                    _ = try disk.contents(of: folder.journals.appending("0001.jsonl"), limit: 100)
                }
            ),
            (
                "rename",
                { () throws(FileError) in
                    try disk.rename(
                        folder.lock, to: folder.removed.appending("lock"), method: .noReplace)
                }
            ),
            (
                "link",
                { () throws(FileError) in
                    try disk.hardLink(folder.lock, at: folder.cache.appending("lock"))
                }
            ),
        ]
        let before = try homeState()
        for (name, attempt) in attempts {
            let error = #expect(throws: FileError.self, "\(name)") { try attempt() }
            #expect(error?.intruder == .link, "\(name): \(String(describing: error))")
        }
        #expect(try homeState() == before)
    }

    @Test(
        "A killed probe's files are removed; a folder with anything else stays")
    func probes() throws {
        let folder = AlbumFolder(party.folder.appending("probed"))
        try folder.prepare()
        for name in ["probe", "probe-12ab"] {
            try Disk().makeFolder(folder.state.appending(name))
            try Disk().createEmpty(folder.state.appending(name).appending("from"))
            try Disk().symbolicLink(
                to: home, at: folder.state.appending(name).appending("symbolic"))
        }
        try party.write([1, 2], to: folder.state.appending("probe-keep/photo.jpg"))
        let before = try homeState()
        _ = try FileSystemTraits.probe(folder)
        #expect(
            try Disk().entries(of: folder.state).map(\.name) == ["journal", "probe-keep"])
        #expect(try Disk().entries(of: folder.state.appending("probe-keep")).count == 1)
        #expect(try homeState() == before)
    }

    @Test("Only the owner can open the folder of our state")
    func mode() throws {
        let folder = AlbumFolder(party.folder.appending("private"))
        try folder.prepare()
        for path in [folder.state, folder.journals] {
            #expect(try Disk().status(of: path).mode == 0o700)
        }
        #expect(try Disk().status(of: folder.path).mode & 0o755 == 0o755)
    }
}
