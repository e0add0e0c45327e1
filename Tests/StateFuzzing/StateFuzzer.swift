import PhotoIndex
import AlbumKit
import FaceCore
import Foundation
import SystemPackage
import TestSupport

/// Tries the program on hostile state and watches what is not its own.
package struct StateFuzzer {
    let scene: StateScene
    /// How the scene was left by the last trial.
    private var last: FileTree?

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
    package mutating func trial(
        _ kind: StateKind, seed: UInt64, begun: ([String]) -> Void = { _ in }
    ) async throws -> Trial {
        var random = SplitMix64(seed: seed &* 6 &+ UInt64(StateKind.allCases.firstIndex(of: kind)!))
        let clean = try scene.reset(since: last)
        let workspace = Self.workspace(for: kind, &random)
        var mutation = Mutation(scene, workspace, random)
        try mutation.apply(kind)
        let visit = StateVisit(scene, workspace, isKnown: mutation.chance(2))
        let commands = (0..<mutation.pick([1, 1, 2, 3])).map { _ in mutation.pick(visit.commands) }
        let known = visit.isKnown ? "" : ", from somebody else"
        var story = ["\(kind) of '\(workspace)'\(known), seed \(seed)"] + mutation.steps
        let hostile = try FileTree(scene.home, since: clean)
        for command in commands {
            story.append("then \(command)")
            begun(story)
            story.append("    \(await visit.outcome(of: command))")
        }
        let after = try FileTree(scene.home, since: hostile)
        last = after
        return Trial(
            kind: kind, seed: seed, story: story, faults: faults(hostile, after, visit, commands))
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

    // MARK: What is right

    private func faults(
        _ before: FileTree, _ after: FileTree, _ visit: StateVisit,
        _ commands: [StateVisit.Command]
    ) -> [String] {
        let workspace = visit.workspace
        // What a bin has may go back to where this machine knows that it was taken from, and more may
        // come from there.
        let isPhoneOpen =
            workspace == .bin
            && (visit.isKnown || commands.contains { [.clean, .judge].contains($0) })
        var faults = after.differences(from: before) { path in
            let top = path.prefix { $0 != "/" }
            return top != workspace.rawValue && top != "marks" && !(isPhoneOpen && top == "phone")
        }
        // Nothing that anybody had is lost, wherever it is now; of our own state only what was
        // put aside is somebody's.
        let (had, has) = (before.files, after.files)
        // Most files are where they were.
        for (path, bytes) in had.sorted(by: { $0.key < $1.key })
        where (!path.contains("/.facesort/") || path.contains("/.facesort/removed/"))
            && has[path] != bytes && !has.values.contains(bytes)
        {
            faults.append("what was in '\(path)' is nowhere any more")
        }
        // What facesort never wrote does not leave the workspace. State that is false throughout may
        // give it another name there, which undo takes back.
        let inside = workspace.rawValue + "/"
        for path in Self.foreign where path.hasPrefix(inside) {
            if let bytes = had[path], has[path] != bytes,
                !has.contains(where: { $0.key.hasPrefix(inside) && $0.value == bytes })
            {
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
