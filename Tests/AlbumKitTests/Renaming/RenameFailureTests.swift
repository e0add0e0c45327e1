@testable import FileLedger
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// A renaming with a swap, a chain, files beside photos and a sub-folder, on a disk that fails at
/// every single operation in turn.
@Suite struct RenameFailureTests {
    private func event() throws -> RenamingEvent {
        let event = try RenamingEvent(
            [
                .init(name: "001.jpg", taken: "2024-05-01T12:00:02"),
                .init(name: "002.jpg", taken: "2024-05-01T12:00:01"),
                .init(name: "003.jpg", taken: "2024-05-01T12:00:04"),
                .init(name: "x.png", taken: "2024-05-01T12:00:03"),
                .init(name: "sub/IMG.jpg", taken: "2024-05-01T12:00:09"),
            ], others: ["001.xmp", "002.xmp", "003.MOV", "sub/IMG.jpg.xmp"])
        event.copyFolder("photos", to: "before")
        return event
    }

    private static let done = [
        "001.jpg": "photo 002.jpg", "001.xmp": "other 002.xmp", "002.jpg": "photo 001.jpg",
        "002.xmp": "other 001.xmp", "003.jpg": "photo x.png", "004.jpg": "photo 003.jpg",
        "004.MOV": "other 003.MOV", "sub/005.jpg": "photo sub/IMG.jpg",
        "sub/005.jpg.xmp": "other sub/IMG.jpg.xmp",
    ]

    /// A disk that dies between two changes is in the same state wherever between them it dies; a
    /// disk that fails once may fail at any operation.
    private static func counts(
        _ failure: CountingDisk.Failure
    ) -> @Sendable (DiskOperation, FilePath) -> Bool {
        { operation, path in
            guard !path.string.contains("/.facesort/probe") else { return false }
            switch operation {
            case .list, .status, .read, .space, .lock: return failure == .once
            default: return true
            }
        }
    }

    private func restore(_ event: RenamingEvent, _ name: String) throws {
        try Disk().rename(
            event.photos, to: event.folder.appending("over"), method: .noReplace)
        event.copyFolder(name, to: "photos")
        removeTree(event.folder.appending("over"))
    }

    private func undo(_ event: RenamingEvent, disk: Disk = Disk()) throws -> UndoSummary? {
        do {
            return try event.undo(disk: disk)
        } catch let error as AlbumError where error.code == .unknownRun {
            return nil
        }
    }

    @Test(
        "Whichever operation fails, every file is in one place; repeating or undo finishes",
        .slow,
        arguments: CountingDisk.Failure.allCases)
    func renaming(_ failure: CountingDisk.Failure) async throws {
        let event = try event()
        let before = try event.contents()
        let counting = CountingDisk(failure, at: 0, counting: Self.counts(failure))
        let firstAct = CountingDisk(failure, at: 0, counting: Self.counts(failure))
        firstAct.stopCounting { $0 == .create && $1.string.contains("/journal/") }
        try await event.rename(
            "{sequence}",
            disk: Disk { operation, path throws(FileError) in
                try counting.see(operation, path)
                try firstAct.see(operation, path)
            })
        #expect(try event.contents() == Self.done)
        var failed = 0
        for step in 1...counting.operations {
            // Before the first act little can go wrong.
            if step < firstAct.operations && step % 8 > 0 { continue }
            // After each step either is tried, by the one failure or by the other.
            let isUndone = (step % 2 == 0) == (failure == .once)
            try restore(event, "before")
            let disk = CountingDisk(failure, at: step, counting: Self.counts(failure)).disk
            do {
                try await event.rename("{sequence}", disk: disk)
            } catch {
                failed += 1
            }
            let left = try event.contents().filter { !$0.key.contains(".facesort-") }
            #expect(left.values.sorted() == before.values.sorted(), "step \(step): \(left)")
            if isUndone {
                let summary = try undo(event)
                #expect(summary?.left.isEmpty != false, "step \(step): \(summary as Any)")
                #expect(try event.contents() == before, "\(failure), step \(step)")
            } else {
                let summary = try await event.rename("{sequence}")
                #expect(summary.failures.isEmpty)
                #expect(try event.contents() == Self.done, "\(failure), step \(step)")
            }
        }
        #expect(failed > 30)
    }

    @Test(
        "Whichever operation fails while undoing, undoing again gives every name back", .slow,
        arguments: CountingDisk.Failure.allCases)
    func undoing(_ failure: CountingDisk.Failure) async throws {
        let event = try event()
        let before = try event.contents()
        try await event.rename("{sequence}")
        event.copyFolder("photos", to: "renamed")
        let counting = CountingDisk(failure, at: 0, counting: Self.counts(failure))
        _ = try undo(event, disk: counting.disk)
        #expect(try event.contents() == before)
        for step in 1...counting.operations {
            try restore(event, "renamed")
            let disk = CountingDisk(failure, at: step, counting: Self.counts(failure)).disk
            _ = try? undo(event, disk: disk)
            #expect(
                try event.contents().values.sorted() == before.values.sorted(), "step \(step)")
            let summary = try undo(event)
            #expect(summary?.left.isEmpty != false, "step \(step): \(summary as Any)")
            #expect(try event.contents() == before, "\(failure), step \(step)")
        }
    }
}
