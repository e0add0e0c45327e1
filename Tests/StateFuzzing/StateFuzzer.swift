import AlbumKit
import FaceCore
import Foundation
import SystemPackage
import TestSupport

/// Tries the program on hostile state and watches what is not its own.
package struct StateFuzzer {
    let scene: StateScene

    package init() async throws {
        scene = try await StateScene()
    }

    /// What went wrong with one input; empty when nothing did.
    package struct Trial: Sendable {
        package let kind: StateKind
        package let seed: UInt64
        /// What the state was made and what was tried on it.
        package let story: [String]
        package let faults: [String]
    }

    /// Makes the state hostile, runs commands on it, and looks at everybody's files.
    ///
    /// - Parameter begun: called with what is tried before it is tried, for the case that the
    ///   program does not survive it.
    package func trial(
        _ kind: StateKind, seed: UInt64, begun: ([String]) -> Void = { _ in }
    ) async throws -> Trial {
        var random = SplitMix64(seed: seed &* 6 &+ UInt64(StateKind.allCases.firstIndex(of: kind)!))
        try scene.reset()
        let workspace = Self.workspace(for: kind, &random)
        var mutation = Mutation(scene, workspace, random)
        try mutation.apply(kind)
        random = mutation.random
        let commands = (0..<mutation.pick([1, 2, 3])).map { _ in
            Self.commands(for: workspace).randomElement(using: &random)!  // There are some.
        }
        var story = ["\(kind) of '\(workspace)', seed \(seed)"] + mutation.steps
        let hostile = try FileTree(scene.home)
        for command in commands {
            story.append("then \(command)")
            begun(story)
            story.append("    \(await outcome(of: command, workspace))")
        }
        return Trial(
            kind: kind, seed: seed, story: story,
            faults: faults(hostile, try FileTree(scene.home), workspace))
    }

    private static func workspace(
        for kind: StateKind, _ random: inout SplitMix64
    ) -> StateScene.Workspace {
        switch kind {
        case .decisions: .album
        case .choices, .model: .bin
        // Where the most is written, most often.
        case .journals, .catalogue, .places:
            [.album, .album, .bin, .renamed].randomElement(using: &random)!  // There are four.
        }
    }

    // MARK: Commands

    private enum Command: String, CaseIterable {
        case status, check, plannedUndo, plannedUndoOfAll, undo, undoAll, undoFirst
        case sort, plannedSort, pruningSort, review, answer, people
        case clean, plannedClean, checkModel, judge
        case rename, plannedRename
    }

    private static func commands(for workspace: StateScene.Workspace) -> [Command] {
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
    private func outcome(of command: Command, _ workspace: StateScene.Workspace) async -> String {
        do throws(AlbumError) {
            try await run(command, workspace)
            return "done"
        } catch {
            return "\(error.code.rawValue): \(error)"
        }
    }

    private func run(
        _ command: Command, _ workspace: StateScene.Workspace
    ) async throws(AlbumError) {
        let path = scene.path(workspace)
        switch command {
        case .status: _ = try Album(at: path).status()
        case .check: _ = try Album(at: path).check(interruption: Interruption()) { _, _ in }
        case .people: _ = try Album(at: path).people()
        case .plannedUndo: _ = try Album(at: path).undo(.last, isDryRun: true)
        case .plannedUndoOfAll: _ = try Album(at: path).undo(.all, isDryRun: true)
        case .undo: _ = try Album(at: path).undo(.last)
        case .undoAll: _ = try Album(at: path).undo(.all)
        case .undoFirst: _ = try Album(at: path).undo(.run(1))
        case .sort: try await sort()
        case .plannedSort: try await sort { $0.isDryRun = true }
        case .pruningSort: try await sort { $0.prunes = true }
        case .review: _ = try Review(of: Album(at: path), environment: [:]).start()
        case .answer: try answer()
        case .clean: try await clean(applies: true)
        case .plannedClean: try await clean(applies: false)
        case .checkModel:
            _ = try await KeepChecker(keep, folders: nil, environment: [:])
                .run(interruption: Interruption()) { _ in }
        case .judge:
            _ = try await KeepApplier(keep, applies: true, environment: [:])
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
        _ = try await Sorter(request, environment: [:]).run(interruption: Interruption()) { _ in }
    }

    private func answer() throws(AlbumError) {
        let review = try Review(of: Album(at: scene.path(.album)), environment: [:])
        guard let group = try review.groups().first else { return }
        _ = try review.answer(
            .are(group.faces.map(\.id), .name("Dora")), seen: review.revision)
    }

    private var study: StudyRequest { StudyRequest(photos: [scene.home.appending("phone")]) }
    private var keep: KeepRequest { KeepRequest(study: study, bin: scene.path(.bin)) }

    private func clean(applies: Bool) async throws(AlbumError) {
        var request = CleanRequest(
            study: study, bin: scene.path(.bin), filters: [.noFaces, .duplicates])
        request.applies = applies
        _ = try await Cleaner(request, environment: [:]).run(interruption: Interruption()) { _ in }
    }

    private func rename(applies: Bool) async throws(AlbumError) {
        guard let template = try? RenameTemplate("{kind} {sequence}") else { return }
        var request = RenameRequest(
            study: StudyRequest(photos: [scene.path(.renamed)]), template: template)
        request.applies = applies
        _ = try await Renamer(request, environment: [:]).run(interruption: Interruption()) { _ in }
    }

    // MARK: What is right

    private func faults(
        _ before: FileTree, _ after: FileTree, _ workspace: StateScene.Workspace
    ) -> [String] {
        // What a bin has may go back to the photos' own folder, and more of that may come into it.
        var faults = after.differences(from: before) { path in
            let top = path.prefix { $0 != "/" }
            return top != workspace.rawValue && !(workspace == .bin && top == "phone")
        }
        // Nothing that anybody had is lost, wherever it is now; of our own state only what was
        // put aside is somebody's.
        let has = Set(after.files.values)
        for (path, bytes) in before.files.sorted(by: { $0.key < $1.key })
        where !has.contains(bytes)
            && (!path.contains("/.facesort/") || path.contains("/.facesort/removed/"))
        {
            faults.append("what was in '\(path)' is nowhere any more")
        }
        // What facesort never wrote does not leave the workspace. State that is false throughout may
        // give it another name there, which undo takes back.
        let inside = Set(after.files.filter { $0.key.hasPrefix(workspace.rawValue + "/") }.values)
        for path in Self.foreign where path.hasPrefix(workspace.rawValue + "/") {
            if let bytes = before.files[path], !inside.contains(bytes) {
                faults.append("'\(path)' left its folder")
            }
        }
        return faults
    }

    private static let foreign = [
        "album/notes.txt", "album/Anna/mine.jpg", "album/Anna/a.jpg", "bin/notes.txt",
        "renamed/sub/notes.txt",
    ]
}
