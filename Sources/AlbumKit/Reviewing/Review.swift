public import PhotoIndex
internal import FileLedger
public import FaceCore
internal import Foundation
internal import Synchronization
internal import SystemPackage

/// A visit to an album: what there is to name and to check, and the answers to it.
///
/// Answers count at once: they are written to `decisions.jsonl` before ``answer(_:seen:)`` returns,
/// and added to the results of the last comparison of faces. The faces are then compared again in
/// the background, because a newly named face helps to recognise others. Files are not touched
/// before the album is sorted again.
///
/// May be used from any thread; every verb blocks until it is done.
public final class Review: Sendable {
    private struct Inner {
        var stamp: Stamp?
        var facts: ReviewFacts?
        var state: ReviewState?
        var putOff = PutOff()
        var isComparing = false
        /// Whether something was said since the last comparison of faces began.
        var isComparisonDue = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// How a change of the catalogue or the journal is noticed.
    private struct Stamp: Equatable {
        let catalogue: [FileStatus?]
        let journal: FileStatus?

        init(_ folder: AlbumFolder, _ disk: Disk) throws(FileError) {
            let log = FilePath(folder.catalogue.string + "-wal")
            catalogue = [
                try disk.statusIfPresent(of: folder.catalogue), try disk.statusIfPresent(of: log),
            ]
            journal = try disk.statusIfPresent(of: folder.decisions)
        }
    }

    private let album: Album
    private let now: @Sendable () -> Date
    private let pictures: ReviewPictures
    private let inner = Mutex(Inner())
    /// Its holder may write to the journal; the value is whether this process has the album's lock.
    private let gate = Mutex(false)

    /// - Throws: when the album cannot be read.
    public init(of album: Album, environment: RunEnvironment) throws(AlbumError) {
        self.album = album
        now = environment.now
        pictures = ReviewPictures(album.folder, disk: album.disk)
        _ = try state()
    }

    /// The name of the album's folder.
    public var albumName: String { album.path.absolute.lastComponent?.string ?? album.path.string }

    /// How much was said when a page is made: pages carry it, and forms send it back.
    public var revision: Int { (try? state().book.revision) ?? 0 }

    // MARK: Pages

    public func start() throws(AlbumError) -> ReviewStart {
        let start = try state().start(putOff)
        inner.withLock { $0.putOff.remember(start.questions) }
        return start
    }

    /// Photos in which no face was found, nor drawn.
    public func photosWithoutFaces() throws(AlbumError) -> [ReviewPhoto] {
        try state().photosWithoutFaces
    }

    /// The doubtful matches: those to be answered first in this visit, the others, and those put
    /// off.
    public func questions() throws(AlbumError) -> [ReviewQuestion] {
        let questions = try state().questions(putOff)
        inner.withLock { $0.putOff.remember(questions) }
        return questions
    }

    /// The groups to be named, in that order.
    public func groups() throws(AlbumError) -> [ReviewGroup] {
        let state = try state()
        return state.groupsToName(putOff).map(state.tile)
    }

    /// The faces without a name that are in no group of several photos, the clearest and largest
    /// first.
    public func singleFaces() throws(AlbumError) -> [ReviewFace] { try state().singleFaces }

    /// The faces that are not guests' or were ignored, and those of their groups.
    public func leftOutFaces() throws(AlbumError) -> [ReviewFace] { try state().leftOutFaces }

    /// - Returns: `nil` when there is no such group any more.
    public func group(_ number: ClusterNumber) throws(AlbumError) -> ReviewGroupPage? {
        let state = try state()
        return state.page(number, putOff)
    }

    /// Everybody with a name, by name.
    public func people() throws(AlbumError) -> [ReviewPerson] { try state().peoplePages }

    /// - Returns: `nil` when no person has that name any more.
    public func person(_ id: ReviewToken) throws(AlbumError) -> ReviewPersonPage? {
        let state = try state()
        return state.personOfToken[id].map(state.personPage)
    }

    /// - Returns: `nil` when there is no such photo.
    public func photo(_ id: ReviewToken) throws(AlbumError) -> ReviewPhotoPage? {
        let state = try state()
        return state.facts.photoOfToken[id].map(state.page(ofPhoto:))
    }

    // MARK: Pictures

    /// A square around a face, as JPEG; `nil` when there is no such face, or its photo is out of
    /// reach.
    ///
    /// `side` is wanted, in pixels; at most 320 are given.
    public func picture(ofFace id: ReviewToken, side: Int) throws(AlbumError) -> [UInt8]? {
        let state = try state()
        if let face = state.facts.faceOfToken[id] {
            let photo = state.facts.photos[state.facts.faces[face].photo]
            return pictures.face(state.facts.page(face), of: photo, side: side)
        }
        guard let key = state.unfound(id), let photo = state.facts.photoOfHash[key.photo]
        else { return nil }
        let known = state.facts.photos[photo]
        return pictures.face(
            ReviewFace(id: id, photo: known.page, box: key.box), of: known, side: side)
    }

    /// A whole photo, upright, as JPEG; `nil` when there is no such photo, or it is out of reach.
    /// `side` is the longer one, wanted, in pixels; at most 2560 are given.
    public func picture(ofPhoto id: ReviewToken, side: Int) throws(AlbumError) -> [UInt8]? {
        let facts = try state().facts
        return facts.photoOfToken[id].flatMap { index in
            let photo = facts.photos[index]
            return pictures.photo(id, photo.record.hash, at: photo.paths, side: side)
        }
    }

    /// The face of a portrait, or the whole portrait when it has none, as JPEG; `nil` when there is
    /// no such portrait, or it is out of reach.
    public func picture(ofPortrait id: ReviewToken, side: Int) throws(AlbumError) -> [UInt8]? {
        let facts = try state().facts
        return facts.portraitOfToken[id]
            .flatMap { pictures.portrait(facts.portraits[$0], side: side) }
    }

    // MARK: Answers

    /// The last answer that counts: what *undo* takes back.
    public var lastReceipt: ReviewReceipt? {
        (try? state().book.lastInEffect).flatMap { $0 }.map(ReviewReceipt.init)
    }

    /// Records an answer, given on a page of that revision.
    ///
    /// - Throws: ``AlbumError`` `.stale` when what it is about was changed since by another answer,
    ///   `.inUse` while another run writes the album, `.setting` or `.personName` for one that makes
    ///   no sense, and what writing throws. Nothing was written then.
    public func answer(
        _ answer: ReviewAnswer, seen revision: Int
    ) throws(AlbumError) -> ReviewReceipt {
        let receipt = try withAlbumErrors(of: album.path) {
            try gate.withLock { isLocked in
                let lock =
                    isLocked
                    ? nil
                    : try AlbumLock.acquire(album.folder, command: "review", disk: album.disk)
                defer { lock?.release() }
                // Read again under the lock: another process may have written to it.
                let state = try state()
                let sayings = try state.sayings(of: answer)
                if let other = state.book.unseen(by: sayings, since: revision) {
                    throw AlbumError.stale(
                        "was answered meanwhile: \(ReviewReceipt(other).sentence)")
                }
                var journal = try DecisionJournal(album.folder, disk: album.disk)
                return ReviewReceipt(try journal.append(sayings, at: now()))
            }
        }
        compareAgain()
        return receipt
    }

    /// Shows a group after the others, until the visit ends.
    public func putOff(_ group: ClusterNumber) { inner.withLock { $0.putOff.put(group) } }

    /// Shows the question about a face after the others, until the visit ends.
    public func putOff(_ face: ReviewToken) { inner.withLock { $0.putOff.put(face) } }

    private var putOff: PutOff { inner.withLock { $0.putOff } }

    // MARK: State

    private func state() throws(AlbumError) -> ReviewState {
        try withAlbumErrors(of: album.path) {
            try inner.withLock { inner in
                let stamp = try Stamp(album.folder, album.disk)
                if let state = inner.state, inner.stamp == stamp { return state }
                let facts: ReviewFacts
                if let known = inner.facts, inner.stamp?.catalogue == stamp.catalogue {
                    facts = known
                } else {
                    facts = try album.ask(ReviewFacts.init)
                }
                let book = try DecisionJournal(album.folder, disk: album.disk).book
                let state = ReviewState(facts, book)
                inner.facts = facts
                inner.state = state
                inner.stamp = stamp
                return state
            }
        }
    }
}

// MARK: - Comparing again

extension Review {
    /// Whether faces are being compared again after an answer; pages may change by themselves.
    public var isReconsidering: Bool { inner.withLock { $0.isComparing } }

    /// Returns once every answer given so far is taken into account.
    public func waitUntilReconsidered() async {
        await withCheckedContinuation { continuation in
            let isDone = inner.withLock { inner in
                if inner.isComparing { inner.waiting.append(continuation) }
                return !inner.isComparing
            }
            if isDone { continuation.resume() }
        }
    }

    private func compareAgain() {
        let isRunning = inner.withLock { inner in
            defer { inner.isComparing = true }
            inner.isComparisonDue = true
            return inner.isComparing
        }
        if isRunning { return }
        // A thread of its own: it works for seconds, which the pool of tasks is not made for.
        Thread.detachNewThread { [self] in
            var waiting: [CheckedContinuation<Void, Never>]?
            repeat {
                inner.withLock { $0.isComparisonDue = false }
                // While another run writes the album there is nothing to do: it compares as well.
                try? compareAll()
                waiting = inner.withLock { inner in
                    guard !inner.isComparisonDue else { return nil }
                    inner.isComparing = false
                    defer { inner.waiting = [] }
                    return inner.waiting
                }
            } while waiting == nil
            for continuation in waiting ?? [] { continuation.resume() }
        }
    }

    /// Compares the faces of the album again with everybody named by now, and stores the result
    /// unless more was said in the meantime.
    private func compareAll() throws {
        let workspace = try gate.withLock { isLocked in
            // Opening would make the folder again of an album that was moved away meanwhile.
            _ = try Album(at: album.path, disk: album.disk)
            let workspace = try Workspace(
                album.folder, access: .write(command: "review"), disk: album.disk)
            isLocked = true
            return workspace
        }
        defer {
            gate.withLock { isLocked in
                workspace.close()
                isLocked = false
            }
        }
        let reconsideration = try AlbumRecognition(workspace)
        let judgement = try reconsideration.judgement()
        // Answers given meanwhile wait a moment.
        try gate.withLock { _ in
            guard !inner.withLock({ $0.isComparisonDue }) else { return }
            try reconsideration.record(judgement)
        }
    }
}
