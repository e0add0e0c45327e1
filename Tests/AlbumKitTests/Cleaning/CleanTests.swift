@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import Foundation
import PhotoImaging
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// The small party, with a copy, a picture of nobody and files beside photos; the bin knows its
/// faces.
struct Attic {
    let party: Party
    var bin: FilePath { party.album }

    init() async throws {
        party = try await Party.small()
        try party.write(party.bytes("photos/a.jpg"), to: "photos/copies/a copy.jpg")
        try party.write(Array("settings".utf8), to: "photos/copies/a copy.xmp")
        try party.write(Array("more".utf8), to: "photos/copies/a copy.jpg.aae")
        try party.write(Array("mine".utf8), to: "photos/a.xmp")
        let empty = PNGFile(width: 320, height: 200) { x, y in [x * 255 / 320, y * 255 / 200, 90] }
        try party.write(empty.bytes, to: "photos/nobody.png")
        try party.write([1, 2, 3], to: "photos/broken.jpg")
    }

    static let all: Set<CleanFilter> = [.duplicates, .noFaces, .noKnown]

    /// The contents of the bin after everything went.
    static let cleaned = [
        "duplicates/a copy.jpg", "duplicates/a copy.jpg.aae", "duplicates/a copy.xmp",
        "no-faces/nobody.png", "others/d.jpg",
    ]

    @discardableResult
    func clean(
        _ filters: Set<CleanFilter> = all, applies: Bool = true, disk: Disk = Disk(),
        _ change: (inout CleanRequest) -> Void = { _ in }
    ) async throws(AlbumError) -> CleanSummary {
        var request = CleanRequest(
            study: SurveyRequest(photos: [party.photos]), bin: bin, filters: filters)
        if filters.contains(.noKnown) { request.study.people = party.people }
        request.applies = applies
        change(&request)
        return try await Cleaner(
            request,
            environment: RunEnvironment(
                ProcessInfo.processInfo.environment,
                now: { Date(timeIntervalSince1970: 1_800_000_000) }, disk: disk)
        ).run(interruption: Interruption()) { _ in }
    }
}

@Suite("Cleaning") struct CleanTests {
    @Test("Without --apply it lists what would go and moves nothing")
    func dryRun() async throws {
        let attic = try await Attic()
        let before = try attic.party.originals()
        let summary = try await attic.clean(applies: false)
        #expect(try attic.party.originals() == before)
        #expect(try attic.party.listing().isEmpty)
        #expect(!summary.isApplied && summary.run == nil)
        #expect(
            summary.moves.map { "\($0.to) \($0.reason)" } == [
                "duplicates/a copy.jpg has the same bytes as 'a.jpg'",
                "others/d.jpg shows nobody who is known",
                "no-faces/nobody.png shows no face that could be found",
            ])
        #expect(summary.moves[0].sidecars == ["a copy.jpg.aae", "a copy.xmp"])
        #expect(summary.failures.map(\.path) == ["broken.jpg"])
        #expect(
            summary.groups.count == 1 && summary.groups[0].members.map(\.isKept) == [true, false])
    }

    @Test("With --apply photos go with the files beside them, and undo brings all back")
    func apply() async throws {
        let attic = try await Attic()
        let before = try attic.party.originals()
        let summary = try await attic.clean()
        #expect(try attic.party.listing() == Attic.cleaned)
        #expect(summary.isApplied && summary.run == 1)
        let after = try attic.party.originals()
        #expect(after.keys.contains("a.xmp") && after.keys.contains("broken.jpg"))
        #expect(after.count == before.count - Attic.cleaned.count)
        // The second time there is nothing to do, and nothing is written.
        let again = try await attic.clean()
        #expect(again.moves.isEmpty && again.run == nil)
        let status = try attic.party.opened().status()
        #expect(status.bin == ["duplicates": 3, "no-faces": 1, "others": 1])
        let planned = try attic.party.opened().undo(.last, isDryRun: true)
        #expect(planned.movedFileCount == 5 && planned.removedFileCount == 0)
        let undone = try attic.party.undo()
        #expect(undone.movedFileCount == 5 && undone.left.isEmpty)
        #expect(try attic.party.originals() == before)
        #expect(try attic.party.listing().isEmpty)
    }

    @Test("Files beside photos can be left, and a name of two photos is numbered")
    func names() async throws {
        let attic = try await Attic()
        try attic.party.write(attic.party.bytes("photos/b.jpg"), to: "photos/one/x.jpg")
        try attic.party.write(attic.party.bytes("photos/c.jpg"), to: "photos/two/x.jpg")
        let summary = try await attic.clean([.duplicates]) { $0.sidecars = .leave }
        #expect(
            try attic.party.listing() == [
                "duplicates/a copy.jpg", "duplicates/x (2).jpg", "duplicates/x.jpg",
            ])
        #expect(summary.keptSidecarCount == 2)
        #expect(try attic.party.has("photos/copies/a copy.xmp"))
    }

    @Test("A bin in the photos' folder is skipped")
    func binInside() async throws {
        let attic = try await Attic()
        let bin = attic.party.photos.appending("bin")
        for _ in 0..<2 { try await attic.clean([.duplicates]) { $0.bin = bin } }
        #expect(try attic.party.has("photos/bin/duplicates/a copy.jpg"))
        #expect(try !attic.party.has("photos/bin/duplicates/a copy (2).jpg"))
    }

    @Test("An album's own people and answers count, and the photos must be the album's")
    func album() async throws {
        let attic = try await Attic()
        try await attic.party.sort()
        let bin = attic.party.folder.appending("bin")
        let change: (inout CleanRequest) -> Void = {
            $0.bin = bin
            $0.study.people = nil
            $0.study.album = attic.party.album
        }
        let summary = try await attic.clean(applies: false, change)
        #expect(summary.moves.map(\.to).contains("others/d.jpg"))
        #expect(summary.analysedCount == 0)
        let other = attic.party.folder.appending("elsewhere")
        try Disk().makeFolders(other)
        await #expect(throws: AlbumError.self) {
            try await attic.clean {
                change(&$0)
                $0.study.photos = [other]
            }
        }
    }

    @Test("A request that makes no sense is refused before anything is written")
    func refusals() async throws {
        let attic = try await Attic()
        try attic.party.write([1], to: "foreign/file")
        let before = try attic.party.originals()
        let folder = attic.party.folder
        let photos = attic.party.photos
        let wrong: [(String, (inout CleanRequest) -> Void)] = [
            ("setting", { $0.filters = [] }), ("setting", { $0.study.people = nil }),
            ("setting", { $0.study.photos = [] }),
            ("notFound", { $0.study.photos = [folder.appending("none")] }),
            ("foreignFolder", { $0.bin = folder.appending("foreign") }),
            ("notAFolder", { $0.bin = folder.appending("foreign/file") }),
            ("foldersOverlap", { $0.bin = photos }),
            ("foldersOverlap", { $0.bin = folder.path }),
        ]
        for (code, change) in wrong {
            do throws(AlbumError) {
                _ = try await attic.clean(Attic.all, change)
                Issue.record("\(code) was accepted")
            } catch {
                #expect(error.code.rawValue == code, "\(error)")
                #expect(!error.remedy.isEmpty)
            }
        }
        try await attic.party.sort()
        await #expect(throws: AlbumError.self) { try await attic.clean() }
        #expect(try attic.party.originals() == before)
    }

    @Test("Files beside photos follow them after a kill in between, when no photo is left to go")
    func killedBeforeSidecars() async throws {
        let attic = try await Attic()
        let before = try attic.party.originals()
        let isDead = Locked(false)
        let dying = Disk { operation, path throws(FileError) in
            let fails = isDead.with { isDead in
                isDead = isDead || operation == .rename && path.lastComponent?.extension == "xmp"
                return isDead
            }
            if fails { throw FileError(operation: operation, path: path, errno: 5) }
        }
        await #expect(throws: AlbumError.self) { try await attic.clean(disk: dying) }
        #expect(try attic.party.has("album/duplicates/a copy.jpg"))
        #expect(try attic.party.has("photos/copies/a copy.xmp"))
        let again = try await attic.clean()
        #expect(again.run == 1 && again.failures.map(\.path) == ["broken.jpg"])
        #expect(try attic.party.listing() == Attic.cleaned)
        try attic.party.undo()
        #expect(try attic.party.originals() == before)
    }

    @Test(
        "Whichever disk operation fails, the same command, or undo, leaves each file once",
        .slow,
        arguments: CountingDisk.Failure.allCases)
    func everyOperation(_ failure: CountingDisk.Failure) async throws {
        let attic = try await Attic()
        // The faces and the measures of the pictures are known.
        try await attic.clean(applies: false)
        let party = attic.party
        let before = try party.originals()
        party.copyFolder("album", to: "before")
        party.copyFolder("photos", to: "photos before")
        let isProbe: @Sendable (FilePath) -> Bool = { $0.string.contains("/.facesort/probe") }
        let counting = CountingDisk(failure, at: 0) { !isProbe($1) }
        try await attic.clean(disk: counting.disk)
        let undisturbed = try party.contents()
        let remaining = try party.originals()
        #expect(undisturbed.keys.sorted() == Attic.cleaned)
        #expect(counting.operations > 100)
        // Files move at the end: every step there, and before that one in eight.
        let start = counting.operations - 140
        for step in 1...counting.operations where step > start || step % 8 == 0 {
            for folder in ["album", "photos"] { try party.remove(folder) }
            party.copyFolder("before", to: "album")
            party.copyFolder("photos before", to: "photos")
            let first = try? await attic.clean(
                disk: CountingDisk(failure, at: step) { !isProbe($1) }.disk)
            let everywhere = try Array(party.originals().values) + Array(party.contents().values)
            #expect(everywhere.count == before.count, "\(failure), step \(step)")
            for bytes in before.values { #expect(everywhere.contains(bytes), "step \(step)") }
            // A file beside a photo that could not be read is reported, and stays where it was.
            let isTold = first?.failures.contains { $0.code == .notMoved } == true
            if step % 2 == 0 {
                try await attic.clean()
                if !isTold {
                    #expect(try party.contents() == undisturbed, "\(failure), step \(step)")
                    #expect(try party.originals() == remaining, "\(failure), step \(step)")
                }
            }
            _ = try? party.undo(.all)
            #expect(try party.originals() == before, "\(failure), step \(step)")
            #expect(try party.contents().isEmpty, "\(failure), step \(step)")
        }
    }
}

@Suite("Files beside photos") struct SidecarTests {
    @Test(
        "A file beside a photo gets the photo's new name",
        arguments: [
            ("a.xmp", "a.jpg", "a (2).jpg", "a (2).xmp"),
            ("a.jpg.xmp", "a.jpg", "a (2).jpg", "a (2).jpg.xmp"),
            ("A.MOV", "a.jpg", "a.jpg", "a.MOV"), ("a", "a.jpg", "b.jpg", "b"),
        ])
    func names(_ sidecar: String, _ old: String, _ new: String, _ expected: String) throws {
        let named = try Sidecars.name(
            #require(FilePath.Component(sidecar)), of: #require(FilePath.Component(old)),
            now: #require(FilePath.Component(new)))
        #expect(named.string == expected)
    }

    @Test("A file beside two photos stays if one of them stays")
    func shared() throws {
        let folder = try TemporaryFolder(.inMemory)
        for name in ["a.jpg", "a.heic", "a.xmp", "a.heic.xmp", ".a.xmp"] {
            try Disk().create(folder.appending(name), contents: [1])
        }
        let beside = try Sidecars(
            of: [folder.appending("a.heic")], staying: [folder.appending("a.jpg")], disk: Disk())
        #expect(beside.ofPhoto.values.flatMap { $0 }.map(\.string) == ["a.heic.xmp"])
        #expect(beside.keptCount == 1)
    }
}
