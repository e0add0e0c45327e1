import PhotoIndex
import FileLedger
import AlbumKit
import FaceCore
import Foundation
import SystemPackage

/// Runs commands on a workspace of a scene.
struct StateVisit {
    let scene: StateScene
    let workspace: StateScene.Workspace
    /// Whether this machine remembers the runs that made it; else it is as if it had come from
    /// somebody else.
    let isKnown: Bool
    private let disk: Disk
    private let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_800_100_000) }

    init(_ scene: StateScene, _ workspace: StateScene.Workspace, isKnown: Bool) {
        self.scene = scene
        self.workspace = workspace
        self.isKnown = isKnown
        disk = scene.disk(isKnown: isKnown)
    }

    enum Command: String, CaseIterable {
        case status, check, plannedUndo, plannedUndoOfAll, undo, undoAll, undoFirst
        case sort, plannedSort, pruningSort, review, answer, people
        case clean, plannedClean, checkModel, judge
        case rename, plannedRename
    }

    /// Those that make sense for the workspace; what writes is there more than once.
    var commands: [Command] {
        let all: [Command] = [
            .status, .check, .plannedUndo, .plannedUndoOfAll, .undo, .undoAll, .undoFirst,
        ]
        switch workspace {
        case .album:
            return all + [.sort, .sort, .plannedSort, .pruningSort, .review, .answer, .people]
        case .bin: return all + [.clean, .plannedClean, .checkModel, .judge, .judge]
        case .renamed: return all + [.rename, .rename, .plannedRename]
        }
    }

    /// What came of it, in words.
    func outcome(of command: Command) async -> String {
        do throws(AlbumError) {
            try await run(command)
            return "done"
        } catch {
            return "\(error.code.rawValue): \(error)"
        }
    }

    private func run(_ command: Command) async throws(AlbumError) {
        let path = scene.path(workspace)
        switch command {
        case .status: _ = try Album(at: path, disk: disk).status()
        case .check:
            _ = try Album(at: path, disk: disk).check(interruption: Interruption()) { _, _ in }
        case .people: _ = try Album(at: path, disk: disk).people()
        case .plannedUndo: _ = try Album(at: path, disk: disk).undo(.last, isDryRun: true)
        case .plannedUndoOfAll: _ = try Album(at: path, disk: disk).undo(.all, isDryRun: true)
        case .undo: _ = try Album(at: path, disk: disk).undo(.last)
        case .undoAll: _ = try Album(at: path, disk: disk).undo(.all)
        case .undoFirst: _ = try Album(at: path, disk: disk).undo(.run(1))
        case .sort: try await sort()
        case .plannedSort: try await sort { $0.isDryRun = true }
        case .pruningSort: try await sort { $0.prunes = true }
        case .review:
            _ = try Review(of: Album(at: path, disk: disk), environment: RunEnvironment([:]))
                .start()
        case .answer: try await answer()
        case .clean: try await clean(applies: true)
        case .plannedClean: try await clean(applies: false)
        case .checkModel:
            _ = try await KeepChecker(
                keep, folders: nil, environment: RunEnvironment([:], disk: disk)
            )
            .run(interruption: Interruption()) { _ in }
        case .judge:
            var request = keep
            request.applies = true
            _ = try await KeepApplier(
                request, environment: RunEnvironment([:], now: now, disk: disk)
            )
            .run(interruption: Interruption()) { _ in }
        case .rename: try await rename(applies: true)
        case .plannedRename: try await rename(applies: false)
        }
    }

    private func sort(
        _ change: (inout SortRequest) -> Void = { _ in }
    ) async throws(AlbumError) {
        var request = SortRequest(photos: [], album: scene.path(.album))
        change(&request)
        _ = try await Sorter(request, environment: RunEnvironment([:], now: now, disk: disk))
            .run(interruption: Interruption()) { _ in }
    }

    private func answer() async throws(AlbumError) {
        let review = try Review(
            of: Album(at: scene.path(.album), disk: disk), environment: RunEnvironment([:]))
        guard let group = try review.groups().first else { return }
        _ = try review.answer(
            .are(group.faces.map(\.id), .name("Dora")), seen: review.revision)
        // It would go on while the next input is made.
        await review.waitUntilReconsidered()
    }

    private var study: SurveyRequest { SurveyRequest(photos: [scene.home.appending("phone")]) }
    private var keep: KeepRequest { KeepRequest(study: study, bin: scene.path(.bin)) }

    private func clean(applies: Bool) async throws(AlbumError) {
        var request = CleanRequest(
            study: study, bin: scene.path(.bin), filters: [.noFaces, .duplicates])
        request.applies = applies
        _ = try await Cleaner(request, environment: RunEnvironment([:], now: now, disk: disk))
            .run(interruption: Interruption()) { _ in }
    }

    private func rename(applies: Bool) async throws(AlbumError) {
        guard let template = try? RenameTemplate("{kind} {sequence}") else { return }
        var request = RenameRequest(
            study: SurveyRequest(photos: [scene.path(.renamed)]), template: template)
        request.applies = applies
        _ = try await Renamer(request, environment: RunEnvironment([:], now: now, disk: disk))
            .run(interruption: Interruption()) { _ in }
    }
}
