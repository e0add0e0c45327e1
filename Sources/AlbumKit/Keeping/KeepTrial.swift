internal import PhotoIndex
internal import FileLedger
internal import FaceCore
internal import Foundation
internal import Synchronization
internal import SystemPackage

/// Looks at photos from elsewhere as if they lay among others, and forgets them.
///
/// What is learnt of them goes into a copy of the catalogue, and the file itself into the system's
/// temporary folder, where only this user can read it, until it has been looked at.
final class KeepTrial: Sendable {
    private enum Claim { case free, taken, closed }

    private let request: KeepRequest
    private let environment: RunEnvironment
    private let folder: FilePath
    private let interruption = Interruption()
    private let claim = Mutex(Claim.free)
    /// Used only by the holder of the claim; `nil` before the first file.
    private nonisolated(unsafe) var study: KeepSurvey?

    /// - Parameter request: that of the others, whose bin is there by now.
    init(_ request: KeepRequest, environment: RunEnvironment) {
        self.environment = environment
        folder = FilePath(environment.variables["TMPDIR"] ?? NSTemporaryDirectory())
            .appending("facesort-dropped-\(UUID().uuidString)")
        var request = request
        request.study.photos = [folder]
        // One file comes at a time, and every worker's engine takes memory.
        request.study.jobs = 1
        self.request = request
    }

    private var disk: Disk { environment.disk }

    /// Ends the work under way and leaves nothing behind, at the latest when that has ended.
    func close() {
        interruption.request()
        let wasFree = claim.withLock { claim in
            defer { claim = .closed }
            return claim == .free
        }
        if wasFree { forget() }
    }

    private func forget() {
        study?.close()
        study = nil
        clear()
    }

    /// Also takes away what could not be removed before.
    private func clear() {
        for entry in (try? disk.entries(of: folder)) ?? [] {
            _ = try? disk.removeIfPresent(folder.appending(entry.name))
        }
        try? disk.removeFolder(folder)
    }

    /// What is seen in a file.
    ///
    /// - Parameters:
    ///   - name: as the user knows it.
    ///   - others: the photos that it is looked at among.
    /// - Returns: with a file of these bytes, unless they are no photo; with why it cannot be read
    ///   among the failures.
    /// - Throws: ``AlbumError`` `.inUse` while it looks at another one, `.interrupted` once closed.
    func look(
        at bytes: [UInt8], named name: String, among others: Set<ContentHash>, usesNetwork: Bool
    ) async throws -> KeepSurvey.Photos {
        try take(for: name)
        defer { giveBack() }
        do throws(FileError) {
            try disk.makeFolder(folder, isPrivate: true)
        } catch {
            // The one of the last file, when it could not be removed.
            guard error.isTaken else { throw error }
        }
        let file = folder.appending(Self.fileName(for: name))
        defer { clear() }
        try disk.create(file, contents: bytes)
        let study =
            try self.study
            ?? KeepSurvey(
                request, isRehearsal: true, RunContext(environment, interruption) { _ in })
        self.study = study
        return try await study.perform(among: others, usesNetwork: usesNetwork)
    }

    /// One that no file before it had, with the extension, which tells RAW files from others.
    private static func fileName(for name: String) -> String {
        let part = FilePath(name).lastComponent?.extension ?? ""
        let isPlain =
            part.utf8.count <= 8 && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return UUID().uuidString + (isPlain && !part.isEmpty ? "." + part : "")
    }

    private func take(for name: String) throws(AlbumError) {
        let before = claim.withLock { claim in
            defer { if claim == .free { claim = .taken } }
            return claim
        }
        switch before {
        case .free: return
        case .taken:
            throw AlbumError(
                .inUse, name, "has to wait: another file is being looked at",
                remedy: "Nothing was looked at. Try again in a moment.")
        case .closed:
            throw AlbumError(
                .interrupted, name, "was not looked at: the pages are closed",
                remedy: "Start the command again.")
        }
    }

    private func giveBack() {
        let isClosed = claim.withLock { claim in
            defer { if claim == .taken { claim = .free } }
            return claim == .closed
        }
        if isClosed { forget() }
    }
}
