@testable import FileLedger
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A folder of photos; some are moved into a bin on the same disk or on another one.
private struct Outing {
    let event: Event
    let photos: [Photo]
    let acts: [Act]
    private let bin: TemporaryFolder
    private let source: TemporaryFolder

    init(_ method: RenameMethod, isAcross: Bool) throws {
        bin = try TemporaryFolder(.inMemory)
        source = try TemporaryFolder(isAcross ? .onDisk : .inMemory)
        let event = try Event(source.path, renaming: method)
        self.event = Event(source.path, album: bin.path, renaming: method)
        try AlbumFolder(bin.path).prepare()
        photos = try ["a.jpg", "b.jpg", oddNames[10], "stays.jpg"].map {
            try event.photo($0, byteCount: 50)
        }
        acts = zip(photos, ["duplicates", "blurred", "blurred"]).map { photo, folder in
            .bring(
                from: photo.path,
                to: FilePath(folder).appending(photo.path.lastComponent!),  // They have names.
                hash: photo.hash, byteCount: 50)
        }
    }

    var liesOnTwoDisks: Bool {
        get throws {
            try Disk().status(of: bin.path).identity.device
                != Disk().status(of: source.path).identity.device
        }
    }

    /// The run, by a program that may have been killed before.
    func run(_ disk: Disk = Disk()) throws {
        let recovery = try Recovery.recover(event.album, disk: disk)
        // It may have failed in the very last step.
        if try Journal.runs(event.album).last?.state == .finished { return }
        let isOpen = recovery.openRuns.contains { $0.run == "clean" }
        let journal =
            try isOpen
            ? Journal.resume(event.album, run: "clean", disk: disk)
            : event.begin("clean", disk: disk)
        let placed = Set(try Journal.replay(event.album).map(\.path))
        let outcomes = try event.writer(journal, disk: disk).perform(
            acts.filter { !placed.contains($0.path) })
        for outcome in outcomes where outcome.performed == nil { throw Remark(text: "\(outcome)") }
        try journal.end(.finished)
    }

    func undo(_ disk: Disk = Disk()) throws {
        _ = try Recovery.recover(event.album, disk: disk)
        // A run that failed at its first step leaves nothing to undo.
        guard try Journal.runs(event.album).contains(where: { $0.header.run == "clean" }) else {
            return
        }
        let report = try event.undo("clean", disk: disk)
        if let left = report.left.first { throw Remark(text: left.reason) }
    }

    /// Every photo is whole, at a path with its name.
    func expectNothingLost(_ step: Int) throws {
        let names = try event.originals().merging(event.contents()) { $1 }
            .filter { $0.key.lastComponent?.isHidden == false }
        let seen = Set(names.values.compactMap { $0 })
        for photo in photos {
            #expect(seen.contains(photo.content), "step \(step): \(photo.path) is lost")
        }
    }

    func files() throws -> [FilePath: [UInt8]?] {
        let bin = try event.contents().filter { $0.value != nil }
        return try event.originals().merging(bin) { $1 }
    }
}

private struct Remark: Error {
    let text: String
}

@Suite("Moving photos into a bin") struct BringingTests {
    static let cases = RenameMethod.allCases.flatMap { method in
        Failing.allCases.flatMap { failing in [(method, failing, false), (method, failing, true)] }
    }

    /// Every operation if the disk renames in one step; the fallbacks differ only in a few.
    private func steps(_ method: RenameMethod, of count: Int) -> StrideThrough<Int> {
        let isAll = getenv("FACESORT_EVERY_STEP") != nil || method == .noReplace
        return stride(from: 1, through: count, by: isAll ? 1 : 3)
    }

    @Test(
        "Wherever the disk fails, the same run again moves each file once, and undo moves it back",
        .slow,
        arguments: cases)
    func failing(method: RenameMethod, failing: Failing, isAcross: Bool) throws {
        let undisturbed = try Outing(method, isAcross: isAcross)
        #expect(try undisturbed.liesOnTwoDisks == isAcross)
        let before = try undisturbed.files()
        let counting = Countdown(failing, at: 0)
        try undisturbed.run(counting.disk)
        let after = try undisturbed.files()
        #expect(after.count == 4)
        #expect(Set(try undisturbed.event.originals().keys) == ["stays.jpg"])
        for step in steps(method, of: counting.operations) {
            let outing = try Outing(method, isAcross: isAcross)
            _ = try? outing.run(Countdown(failing, at: step).disk)
            try outing.expectNothingLost(step)
            if step % 2 == 0 {
                try outing.run()
                #expect(try outing.files() == after, "step \(step)")
            }
            // Straight after the failure, or after the run that carried on.
            try outing.undo()
            #expect(try outing.files() == before, "step \(step)")
        }
    }

    @Test(
        "Wherever undoing fails, undoing again moves every file back", .slow, arguments: cases
    )
    func failingToUndo(method: RenameMethod, failing: Failing, isAcross: Bool) throws {
        let undisturbed = try Outing(method, isAcross: isAcross)
        let before = try undisturbed.files()
        try undisturbed.run()
        let counting = Countdown(failing, at: 0)
        try undisturbed.undo(counting.disk)
        #expect(try undisturbed.files() == before)
        for step in steps(method, of: counting.operations) {
            let outing = try Outing(method, isAcross: isAcross)
            try outing.run()
            _ = try? outing.undo(Countdown(failing, at: step).disk)
            try outing.expectNothingLost(step)
            try outing.undo()
            #expect(try outing.files() == before, "step \(step)")
        }
    }

    @Test(
        "A photo that changed, vanished, is a link or may not be moved stays; the rest goes",
        arguments: [false, true])
    func unexpected(isAcross: Bool) throws {
        let outing = try Outing(.noReplace, isAcross: isAcross)
        let event = outing.event
        try Disk().remove(outing.photos[0].path)
        try Disk().write([1, 2, 3], replacing: outing.photos[1].path)
        let link = event.photos.appending("link.jpg")
        try Disk().symbolicLink(to: outing.photos[3].path, at: link)
        let fixed = try event.photo("fixed.jpg", byteCount: 50)
        let disk = Disk { operation, path throws(FileError) in
            // The rename names its target, the removal after a copy the file itself.
            guard
                operation == .rename && path.lastComponent == "fixed.jpg" && !isAcross
                    || operation == .remove && path == fixed.path
            else { return }
            throw FileError(operation: operation, path: path, errno: EACCES)
        }
        let acts =
            outing.acts + [
                .bring(
                    from: link, to: "blurred/link.jpg", hash: outing.photos[3].hash, byteCount: 50),
                .bring(
                    from: fixed.path, to: "blurred/fixed.jpg", hash: fixed.hash, byteCount: 50),
            ]
        let journal = try event.begin("clean")
        let outcomes = try event.writer(journal, disk: disk).perform(acts)
        try journal.end(.finished)
        #expect(outcomes[0] == .failed(.sourceMissing))
        #expect(outcomes[1] == .failed(.sourceChanged))
        #expect(outcomes[2].performed != nil)
        #expect(outcomes[3] == .failed(.sourceIsLink))
        guard case .failed(.sourceFixed) = outcomes[4] else {
            Issue.record("\(outcomes[4])")
            return
        }
        #expect(try event.contents().filter { $0.value != nil }.count == 1)
        #expect(try Disk().contents(of: fixed.path, limit: 100) == fixed.content)
        try outing.undo()
        #expect(try event.contents().filter { $0.value != nil }.isEmpty)
    }

    @Test("Undo leaves a file whose place is taken, and accepts one that was put back by hand")
    func taken() throws {
        let outing = try Outing(.noReplace, isAcross: false)
        try outing.run()
        try Disk().create(outing.photos[0].path, contents: [1])
        try Disk().create(outing.photos[1].path, contents: outing.photos[1].content)
        let report = try outing.event.undo("clean")
        let left = report.left.filter { $0.act.effect == .brings }
        #expect(left.map(\.reason) == ["another file is where it was"])
        #expect(report.reverted.count { $0.act.effect == .brings } == 2)
        #expect(
            try outing.event.contents().filter { $0.value != nil }.map(\.key)
                == ["duplicates/a.jpg"])
    }
}
