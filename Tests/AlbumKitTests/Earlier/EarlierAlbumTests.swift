@testable import FileLedger
@testable import PhotoIndex
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite("What an earlier version wrote is read, undone and carried on")
struct EarlierAlbumTests {
    private let earlier: EarlierAlbums

    init() throws { earlier = try EarlierAlbums() }

    private func album(_ name: String) throws -> Album { try Album(at: earlier.path(name)) }

    /// Sorts as the earlier version did; without photos, those that the album remembers.
    private func sort(
        _ photos: String? = nil, to album: String
    ) async throws(AlbumError) -> SortSummary {
        try await Sorter(
            SortRequest(
                photos: photos.map { [earlier.path($0)] } ?? [],
                people: photos.map { _ in earlier.path("people") }, album: earlier.path(album)),
            environment: RunEnvironment(ProcessInfo.processInfo.environment)
        ).run(interruption: Interruption()) { _ in }
    }

    private func check(_ name: String) throws -> CheckReport {
        try album(name).check(interruption: Interruption()) { _, _ in }
    }

    private func json(_ value: some Encodable) throws -> Any {
        try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
    }

    private func decisions() throws -> [UInt8] {
        try Disk().contents(of: AlbumFolder(earlier.path("album")).decisions, limit: 1 << 20)
    }

    @Test(
        "Status says all that the earlier version said: runs, people, places, failures",
        arguments: ["album", "killed", "bin", "killed-bin", "holiday"])
    func status(name: String) throws {
        let all = try #require(earlier.answers["status"] as? [String: Any])
        var said = try #require(all[name] as? [String: Any])
        said["album"] = earlier.path(name).string
        let status = try album(name).status()
        #expect(has(try json(status), all: said), "\(said) became \(status)")
        #expect(!status.runs.isEmpty)
    }

    @Test("Each face is who it was, with the same distance, band and cluster")
    func faces() throws {
        let said = try #require(earlier.answers["faces"] as? [String: Any])
        let rows = try #require(said["faces"] as? [Any])
        #expect(try has(json(album("album").faces()), all: rows) && rows.count > 20)
    }

    @Test("Nothing in an album is damaged, and all of it is known to the journals")
    func check() throws {
        let report = try check("album")
        #expect(report.problems.isEmpty && report.checkedFileCount == 21)
        #expect(try check("killed").problems.contains { $0.sentence.contains("was killed") })
    }

    @Test("Sorted again the album stays as it is: names, answers and files that were moved by hand")
    func sortedAgain() async throws {
        let said = try decisions()
        let people = try album("album").status().people
        let photos = try earlier.listing("photos")
        let summary = try await sort(to: "album")
        #expect(summary.analysedCount == 0 && summary.copiedFileCount == 0)
        #expect(summary.movedFileCount == 0 && summary.removedFileCount == 0)
        #expect(try earlier.isAs("album sorted again"))
        #expect(try earlier.listing("album") == earlier.before("album"))
        #expect(try decisions() == said && album("album").status().people == people)
        #expect(summary.decisions.answerCount == 5 && summary.leftToUserCount == 1)
        #expect(try earlier.listing("photos") == photos)
    }

    @Test("A new photo is sorted by the people, answers and names of then")
    func carriedOn() async throws {
        let portrait = try Guest.simm.portrait(8)
        try Disk().create(earlier.path("photos/new.jpg"), mode: 0o644, contents: portrait)
        let summary = try await sort(to: "album")
        #expect(summary.analysedCount == 1 && summary.copiedFileCount == 1 && summary.run == 3)
        #expect(try earlier.listing("album").keys.contains("Carla/new.jpg"))
        _ = try album("album").undo(.last)
        #expect(try earlier.listing("album") == earlier.before("album"))
    }

    @Test("Undo takes back the last run and then the first, to what the earlier version came to")
    func undone() throws {
        let photos = try earlier.listing("photos")
        #expect(try album("album").undo(.last).runs == [2])
        #expect(try earlier.isAs("album undone once"))
        #expect(try album("album").undo(.last).runs == [1])
        #expect(try earlier.isAs("album undone twice"))
        #expect(try album("album").status().runs.map(\.state) == [.undone, .undone])
        #expect(try earlier.listing("photos") == photos)
    }

    @Test("A killed sort is carried on as the same run, and nothing half-written is left")
    func killedCarriedOn() async throws {
        #expect(earlier.before("killed").keys.contains { $0.contains("/.facesort-0001-") })
        let summary = try await sort("photos", to: "killed")
        #expect(summary.run == 1 && summary.analysedCount == 0)
        #expect(try earlier.isAs("killed carried on"))
    }

    @Test("A killed sort can be undone instead")
    func killedUndone() throws {
        #expect(try album("killed").undo(.last).left.isEmpty)
        #expect(try earlier.isAs("killed undone"))
    }

    @Test("Photos leave a bin only when that is allowed, for that version noted no folders")
    func bin() throws {
        let before = try earlier.listing("bin")
        #expect {
            _ = try album("bin").undo(.all)
        } throws: {
            ($0 as? AlbumError)?.code == .foreignFolder
        }
        #expect(try earlier.listing("bin") == before)
        #expect(try album("bin").undo(.all, allowsForeign: true).left.isEmpty)
        #expect(try earlier.isAs("bin undone"))
    }

    @Test("A killed clean can be undone")
    func killedBin() throws {
        #expect(try album("killed-bin").undo(.last, allowsForeign: true).left.isEmpty)
        #expect(try earlier.isAs("killed-bin undone"))
    }

    @Test("A killed clean is gone on with, and no photo is lost")
    func killedBinCarriedOn() async throws {
        let photos = earlier.path("killed-camera")
        var request = CleanRequest(
            study: SurveyRequest(photos: [photos]), bin: earlier.path("killed-bin"),
            filters: [.duplicates, .noFaces])
        request.applies = true
        _ = try await Cleaner(
            request, environment: RunEnvironment(ProcessInfo.processInfo.environment)
        )
        .run(interruption: Interruption()) { _ in }
        #expect(try earlier.isAs("killed-bin carried on"))
    }

    @Test("A renamed folder gets the names of before its second renaming, then of before its first")
    func renamed() throws {
        #expect(try album("holiday").undo(.last).movedFileCount == 5)
        #expect(try earlier.isAs("holiday undone once"))
        #expect(try album("holiday").undo(.last).movedFileCount == 5)
        #expect(try earlier.isAs("holiday undone twice"))
    }

    @Test("Labels of what is worth keeping count")
    func labels() async throws {
        let study = SurveyRequest(photos: [earlier.path("sorted")])
        let check = try await KeepChecker(
            KeepRequest(study: study, bin: earlier.path("choices")), folders: nil,
            environment: RunEnvironment(ProcessInfo.processInfo.environment)
        ).run(interruption: Interruption()) { _ in }
        var said = try #require(earlier.answers["labels"] as? [String: Any])
        said["bin"] = earlier.path("choices").string
        #expect(try has(json(check), all: said), "\(said) became \(check)")
        #expect(check.keepCount > 0 && check.discardCount == 3)
    }
}
