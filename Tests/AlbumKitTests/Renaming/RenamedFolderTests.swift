@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// Renamed folders among the other commands, and people in names.
@Suite struct RenamedFolderTests {
    private func rename(
        _ party: Party, _ template: String, _ change: (inout RenameRequest) -> Void = { _ in }
    ) async throws -> RenameSummary {
        var request = RenameRequest(
            study: SurveyRequest(photos: [party.photos]), template: try RenameTemplate(template))
        request.applies = true
        change(&request)
        return try await Renamer(
            request, environment: RunEnvironment(ProcessInfo.processInfo.environment)
        ).run(interruption: Interruption()) { _ in }
    }

    private func code(_ body: () async throws -> Void) async -> AlbumError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? AlbumError)?.code
        }
    }

    @Test("People are named from left to right, by portraits or by an album")
    func people() async throws {
        let party = try await Party.small()
        let summary = try await rename(party, "{people} {kind}") { $0.study.people = party.people }
        #expect(summary.hints.isEmpty)
        #expect(
            try filesIn(party.photos).keys.filter { !$0.hasPrefix(".facesort/") }.sorted()
                == ["Anna portrait.jpg", "Anna, Ben group.jpg", "Ben portrait.jpg", "portrait.jpg"])
        try party.undoRenaming()
        try await party.sort()
        let names = try await rename(party, "{people} {kind}") {
            $0.study.album = party.album
            $0.applies = false
        }
        #expect(
            names.renames.map(\.to).sorted()
                == ["Anna portrait.jpg", "Anna, Ben group.jpg", "Ben portrait.jpg", "portrait.jpg"])
        #expect(names.analysedCount == 0)
    }

    @Test("A renamed folder is sorted, cleaned and renamed like any other, also from above")
    func asPhotos() async throws {
        let party = try await Party.small()
        _ = try await rename(party, "party {sequence}")
        #expect(try await party.sort().photoCount == 4)
        #expect(try party.listing().contains("unknown/party 004.jpg"))
        var clean = CleanRequest(
            study: SurveyRequest(photos: [party.photos]), bin: party.folder.appending("bin"),
            filters: [.noFaces])
        clean.study.album = party.album
        let cleaned = try await Cleaner(
            clean, environment: RunEnvironment(ProcessInfo.processInfo.environment)
        )
        .run(interruption: Interruption()) { _ in }
        #expect(cleaned.photoCount == 4)
        #expect(try FolderScan.scan(party.folder.path).files.count >= 4)
        #expect(try await rename(party, "{original}").renames.count == 4)
    }

    @Test("An album is not written into a renamed folder, nor an album renamed")
    func mixedUp() async throws {
        let party = try await Party.small()
        _ = try await rename(party, "party {sequence}")
        #expect(
            await code {
                try await party.run(
                    SortRequest(photos: [party.people], album: party.photos))
            } == .foreignFolder)
        #expect(
            await code {
                _ = try await Cleaner(
                    CleanRequest(
                        study: SurveyRequest(photos: [party.people]), bin: party.photos,
                        filters: [.blurred]),
                    environment: RunEnvironment(ProcessInfo.processInfo.environment)
                ).run(interruption: Interruption()) { _ in }
            } == .foreignFolder)
        try await party.sort()
        #expect(
            await code { _ = try await rename(party, "x") { $0.study.photos = [party.album] } }
                == .foldersOverlap)
        #expect(
            await code {
                _ = try await rename(party, "x") { $0.destination = .folder(party.album) }
            }
                == .foreignFolder)
        #expect(
            await code {
                _ = try await rename(party, "x") { $0.study.photos = [party.photos, party.people] }
            } == .setting)
        #expect(
            await code {
                _ = try await rename(party, "x") {
                    $0.study.photos = [party.photos.appending("party 001.jpg")]
                }
            } == .setting)
        #expect(
            await code {
                _ = try await rename(party, "x") { $0.destination = .folder(party.folder.path) }
            }
                == .foreignFolder)
        #expect(
            await code { _ = try await rename(party, "x") { $0.study.photos = [] } } == .setting)
    }

    @Test("If names cannot be changed, copies are offered")
    func readOnly() async throws {
        // The superuser may write anywhere.
        guard getuid() != 0 else { return }
        let party = try await Party.small()
        _ = runTool(["/bin/chmod", "a-w", party.photos.string])
        defer { _ = runTool(["/bin/chmod", "u+w", party.photos.string]) }
        do {
            _ = try await rename(party, "x")
            Issue.record("nothing was thrown")
        } catch let error as AlbumError {
            #expect(error.code == .readOnly && error.remedy.contains("--to"))
        }
    }
}

extension Party {
    fileprivate func undoRenaming() throws {
        _ = try Album(at: photos, disk: Disk()).undo(.last)
        _ = runTool(["/bin/rm", "-rf", photos.appending(".facesort").string])
    }
}
