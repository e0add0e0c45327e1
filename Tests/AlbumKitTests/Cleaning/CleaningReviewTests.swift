import FaceCore
@testable import PhotoIndex
@testable import FileLedger
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

extension Attic {
    /// The attic with one picture three times, as separate photos.
    static func withPictures() async throws -> Attic {
        let attic = try await Attic()
        for number in 1...2 {
            try attic.party.add(.savage, as: "photos/b more \(number).jpg", mark: 6 + number)
        }
        return attic
    }

    func look(
        _ filters: Set<CleanFilter> = all, disk: Disk = Disk(),
        onEvent: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) async throws(AlbumError) -> CleaningReview {
        var request = CleanRequest(
            study: SurveyRequest(photos: [party.photos]), bin: bin, filters: filters)
        if filters.contains(.noKnown) { request.study.people = party.people }
        return try await CleaningReview.begin(
            request,
            environment: RunEnvironment(
                ProcessInfo.processInfo.environment,
                now: { Date(timeIntervalSince1970: 1_800_000_000) }, disk: disk),
            interruption: Interruption(), onEvent: onEvent)
    }
}

extension CleaningReview {
    /// The one group of several photos.
    fileprivate func picture() throws -> CleanGroup {
        try #require(groups(.duplicates).first { Set($0.tiles.map(\.photo.id)).count > 1 })
    }

    fileprivate func tile(_ name: String, _ filter: CleanFilter) throws -> CleanTile {
        try #require(groups(filter).flatMap(\.tiles).first { $0.photo.name == name })
    }

    fileprivate func choose(
        _ tile: CleanTile, isKept: Bool, _ filter: CleanFilter = .duplicates
    ) throws {
        try choose([(tile.photo.id, isKept)], filter)
    }

    fileprivate func move() throws(AlbumError) -> CleanSummary {
        try move(interruption: Interruption()) { _, _ in }
    }
}

@Suite("Looking through what goes") struct CleaningReviewTests {
    @Test("A choice is kept across runs, and counts in the plain command too", .slow)
    func persists() async throws {
        let attic = try await Attic.withPictures()
        let look = try await attic.look([.duplicates])
        let tiles = try look.picture().tiles
        #expect(tiles.map(\.isKept) == [true, false, false])
        try look.choose(tiles[1], isKept: true)
        #expect(try look.picture().tiles.map(\.isKept) == [true, true, false])
        #expect(try look.picture().tiles[1].reason == "is kept by you")
        look.close()

        let summary = try await attic.clean([.duplicates], applies: false)
        #expect(summary.keptByYouCount == 1 && summary.sortedOutByYouCount == 0)
        #expect(
            summary.moves.map(\.photo).sorted() == [tiles[2].path, "copies/a copy.jpg"].sorted())
        let again = try await attic.look([.duplicates])
        #expect(try again.picture().tiles.map(\.isChosen) == [false, true, false])
        #expect(again.overview.chosenCounts == [.duplicates: 1])
        let taken = try again.takeBack(.duplicates)
        #expect(taken.map(\.photo) == [tiles[1].photo.id] && taken[0].isKept)
        #expect(try again.picture().tiles.map(\.isKept) == [true, false, false])
        again.close()
    }

    @Test("If the best photo is sorted out, the next best stays; if all are, all go")
    func nextBest() async throws {
        let attic = try await Attic.withPictures()
        let look = try await attic.look([.duplicates])
        let tiles = try look.picture().tiles
        try look.choose(tiles[0], isKept: false)
        let after = try look.picture().tiles
        #expect(after.count { $0.isKept } == 1 && !after[0].isKept)
        #expect(after[0].reason == "is sorted out by you")
        let next = try #require(after.first { $0.isKept })
        #expect(next.reason == "is kept: the best of those that you did not sort out")
        let last = try #require(after.dropFirst().first { !$0.isKept })
        #expect(
            last.reason
                == "is like '\(after[0].path)', which you sorted out; '\(next.path)' stays")
        // Another one is chosen, so that one stays instead.
        try look.choose(last, isKept: true)
        #expect(try look.picture().tiles.filter(\.isKept).map(\.path) == [last.path])
        try look.choose([(next.photo.id, false), (last.photo.id, false)], .duplicates)
        #expect(try look.picture().tiles.allSatisfy { !$0.isKept })
        look.close()
        let summary = try await attic.clean([.duplicates])
        #expect(Set(tiles.map(\.path)).isSubset(of: summary.moves.map(\.photo)))
        #expect(summary.sortedOutByYouCount == 3)
        #expect(try attic.party.undo().left.isEmpty)
    }

    @Test("One of equal files stays, unless the photo itself is sorted out; then all go")
    func equalFiles() async throws {
        let attic = try await Attic()
        let look = try await attic.look([.duplicates])
        let group = try #require(look.groups(.duplicates).first)
        #expect(group.tiles.map(\.isCopy) == [false, true])
        #expect(group.tiles.map(\.isKept) == [true, false])
        try look.choose(group.tiles[0], isKept: true)
        #expect(look.groups(.duplicates)[0].tiles.map(\.isKept) == [true, false])
        try look.choose(group.tiles[0], isKept: false)
        #expect(look.groups(.duplicates)[0].tiles.map(\.isKept) == [false, false])
        #expect(look.overview.goingCount == 2)
        look.close()
    }

    @Test("A choice counts only for its own filter")
    func subjects() async throws {
        let attic = try await Attic()
        let look = try await attic.look()
        let nobody = try look.tile("nobody.png", .noFaces)
        #expect(nobody.photo.width == 320 && !nobody.isKept)
        try look.choose(nobody, isKept: true, .noFaces)
        // It shows no known person either.
        #expect(try look.tile("nobody.png", .noFaces).otherReason == .noKnown)
        #expect(try look.tile("nobody.png", .noKnown).isKept == false)
        try look.choose(nobody, isKept: true, .noKnown)
        #expect(try look.tile("nobody.png", .noFaces).otherReason == nil)
        let going = look.overview.goingCount
        look.close()
        let summary = try await attic.clean(applies: false)
        #expect(summary.moves.count == going)
        #expect(!summary.moves.map(\.photo).contains("nobody.png"))
        let other = try await attic.clean([.noFaces], applies: false)
        #expect(other.keptByYouCount == 1)
    }

    @Test("The pages move what the command moves, and undo brings it back")
    func movesAndUndoes() async throws {
        let attic = try await Attic()
        let before = try attic.party.originals()
        let look = try await attic.look()
        let revision = look.overview.revision
        let summary = try look.move()
        #expect(try attic.party.listing() == Attic.cleaned)
        #expect(summary.run == 1 && summary.failures.isEmpty)
        #expect(look.overview.revision > revision && look.overview.goingCount == 0)
        #expect(look.groups(.duplicates).isEmpty && look.groups(.noFaces).isEmpty)
        #expect(look.overview.photoCount == 4)
        let undone = try look.undo(run: 1)
        #expect(undone.movedFileCount == Attic.cleaned.count && undone.left.isEmpty)
        #expect(try attic.party.originals() == before)
        #expect(look.groups(.duplicates).count == 1 && look.overview.goingCount == 3)
        #expect(try look.move().run == 2)
        look.close()
        #expect(try attic.party.listing() == Attic.cleaned)
    }

    @Test(
        "During a move nothing can be chosen; a file that changed meanwhile stays and is reported")
    func failures() async throws {
        let attic = try await Attic.withPictures()
        let look = try await attic.look([.duplicates])
        let tiles = try look.picture().tiles
        try attic.party.write([1, 2, 3], to: "photos/\(tiles[2].path)")
        let codes = Codes()
        let summary = try look.move(interruption: Interruption()) { _, _ in
            do throws(AlbumError) {
                try look.choose([(tiles[0].photo.id, false)], .duplicates)
            } catch {
                codes.add(error.code)
            }
        }
        #expect(codes.all.allSatisfy { $0 == .inUse } && !codes.all.isEmpty)
        #expect(summary.failures.map(\.path) == [tiles[2].path])
        #expect(summary.failures.map(\.code) == [.notMoved])
        #expect(try attic.party.bytes("photos/\(tiles[2].path)") == [1, 2, 3])
        look.close()
    }

    @Test("A move that is stopped can be undone, and carried on")
    func stopped() async throws {
        let attic = try await Attic()
        let before = try attic.party.originals()
        let look = try await attic.look()
        let interruption = Interruption()
        let error = #expect(throws: AlbumError.self) {
            try look.move(interruption: interruption) { _, _ in interruption.request() }
        }
        #expect(error?.code == .interrupted)
        _ = try look.undo(run: #require(look.lastRun))
        #expect(try attic.party.originals() == before)
        _ = try look.move()
        #expect(try attic.party.listing() == Attic.cleaned)
        look.close()
    }

    @Test("A photo that is not shown cannot be chosen, and the bin is locked")
    func refusals() async throws {
        let attic = try await Attic()
        let look = try await attic.look([.duplicates])
        let stranger = try #require(ReviewToken(rawValue: "0123456789abcdef"))
        let error = #expect(throws: AlbumError.self) {
            try look.choose([(stranger, true)], .duplicates)
        }
        #expect(error?.code == .unknownPhoto)
        #expect(look.picture(ofPhoto: stranger, side: 320) == nil)
        let id = try #require(look.groups(.duplicates).first?.id)
        #expect(look.picture(ofPhoto: id, side: 320)?.starts(with: [0xFF, 0xD8]) == true)
        await #expect(throws: AlbumError.self) { try await attic.clean([.duplicates]) }
        look.close()
        try await attic.clean([.duplicates], applies: false)
    }

    @Test(
        "Whichever disk operation fails while the page moves files, each file is there once",
        .slow,
        arguments: CountingDisk.Failure.allCases)
    func everyOperation(_ failure: CountingDisk.Failure) async throws {
        let attic = try await Attic()
        try await attic.clean(applies: false)
        let party = attic.party
        let before = try party.originals()
        party.copyFolder("album", to: "before")
        party.copyFolder("photos", to: "photos before")
        let isProbe: @Sendable (FilePath) -> Bool = { $0.string.contains("/.facesort/probe") }
        let counting = CountingDisk(failure, at: 0) { !isProbe($1) }
        let undisturbed = try await attic.look(disk: counting.disk)
        let looked = counting.operations
        _ = try undisturbed.move()
        undisturbed.close()
        #expect(counting.operations - looked > 50)
        for step in looked...counting.operations where step % 3 == 0 {
            for folder in ["album", "photos"] { try party.remove(folder) }
            party.copyFolder("before", to: "album")
            party.copyFolder("photos before", to: "photos")
            let look = try? await attic.look(
                disk: CountingDisk(failure, at: step) { !isProbe($1) }.disk)
            _ = try? look?.move()
            let everywhere = try Array(party.originals().values) + Array(party.contents().values)
            #expect(everywhere.count == before.count, "\(failure), step \(step)")
            for bytes in before.values { #expect(everywhere.contains(bytes), "step \(step)") }
            look?.close()
            _ = try? party.undo(.all)
            #expect(try party.originals() == before, "\(failure), step \(step)")
        }
    }
}

/// The error thrown on another thread.
private final class Codes: Sendable {
    private let lock = NSLock()
    // Only used with the lock held.
    nonisolated(unsafe) private var codes: [AlbumError.Code] = []

    func add(_ code: AlbumError.Code) { lock.withLock { codes.append(code) } }
    var all: [AlbumError.Code] { lock.withLock { codes } }
}
