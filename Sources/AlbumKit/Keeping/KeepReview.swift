package import PhotoIndex
internal import FileLedger
package import FaceCore
package import PhotoLearning
internal import SystemPackage

/// A look through what ``KeepApplier`` would move: photos with their judgements, the user's
/// corrections, and the move itself.
///
/// What is said is a label: it is written to the bin's `choices.jsonl` at once, counts more than what
/// was learnt, and is learnt from the next time. Holds the bin from the first look until ``close()``.
///
/// May be used from any thread; every verb blocks until it is done.
package final class KeepReview: Sendable {
    fileprivate struct Held: HeldBin {
        let study: KeepSurvey
        let judgement: KeepJudgement
        /// The list that a photo is in from the start: it stays there, whatever is said about it.
        let bands: [ContentHash: KeepBands.Band]
        let disk: Disk
        var journal: ChoiceJournal
        /// Those that are still where they were.
        var files: [SurveyedFile]
        /// What counted for a photo before something was said of it here, photo by photo.
        var before: [ContentHash: Choice.Verdict] = [:]

        var bin: Workspace { study.bin }

        var rows: [KeepJudgement.Row] {
            judgement.rows(of: files, journal.verdicts(about: .worth))
        }

        mutating func refresh() throws {
            files = try judgement.photos.study.movable.filter {
                try disk.statusIfPresent(of: $0.path) != nil
            }
        }

        mutating func reopen() throws {
            try study.reopenBin()
            journal = try ChoiceJournal(study.bin.folder, disk: disk)
        }

        func close() { study.close() }
    }

    fileprivate struct Pages {
        let overview: KeepOverview
        let tiles: [KeepBands.Band: [KeepTile]]
        /// What somebody said.
        let verdicts: [ContentHash: Choice.Verdict]
    }

    private let request: KeepRequest
    private let paths: [ReviewToken: (photo: ContentHash, paths: [FilePath])]
    private let pictures: ReviewPictures
    private let environment: RunEnvironment
    private let bin: BinReview<Held>
    /// What was learnt.
    private let model: KeepModelFile
    /// Those that were looked at, whether they are still there or not.
    private let known: Set<ContentHash>
    /// Where files that somebody brings are examined.
    private let trial: KeepTrial
    /// Each a sentence.
    package let notes: [String]
    /// Photos that had trouble.
    package let failures: [PhotoFailure]

    /// Looks at the photos, as ``KeepApplier`` does without moving them.
    ///
    /// - Throws: an ``AlbumError``; `.keepModel` when nothing was learnt, or it cannot be used.
    package static func begin(
        _ request: KeepRequest, environment: RunEnvironment, interruption: Interruption,
        onEvent: @escaping @Sendable (RunEvent) -> Void
    ) async throws(AlbumError) -> KeepReview {
        try await withAlbumErrors(of: request.bin) {
            // Checked before hours are spent on photos.
            let file = try KeepModelFile.usable(
                AlbumFolder(request.bin.absolute), given: request.bin, disk: environment.disk)
            let study = try KeepSurvey(request, RunContext(environment, interruption, onEvent))
            let journal = try ChoiceJournal(study.bin.folder, disk: environment.disk)
            let photos = try await study.perform(
                among: Set(journal.verdicts(about: .worth).keys),
                usesNetwork: file.model.usesNetwork)
            study.letPhotosGo()
            return try KeepReview(study, journal, KeepJudgement(file, photos))
        }
    }

    private init(
        _ study: sending KeepSurvey, _ journal: ChoiceJournal, _ judgement: KeepJudgement
    ) {
        request = study.request
        environment = study.run.environment
        trial = KeepTrial(request, environment: environment)
        model = judgement.file
        let files = judgement.photos.study.movable
        let own = journal.verdicts(about: .worth)
        paths = Dictionary(grouping: files) { ReviewToken($0.photo) }
            .mapValues { ($0[0].photo, $0.map(\.path)) }
        pictures = ReviewPictures(study.bin.folder, disk: environment.disk)
        notes =
            judgement.photos.study.notes + judgement.notes(own)
            + journal.notes
        failures = judgement.photos.failures
        let disk = environment.disk
        let bands = Dictionary(
            judgement.rows(of: files, own).map { ($0.file.photo, $0.verdict.band) },
            uniquingKeysWith: { one, _ in one })
        known = Set(bands.keys)
        bin = BinReview(
            Held(
                study: study, judgement: judgement, bands: bands, disk: disk, journal: journal,
                files: files), given: request.bin)
    }

    /// Closes the bin.
    package func close() {
        trial.close()
        bin.close()
    }

    // MARK: Pages

    /// The name of the folder with the photos; of several the first.
    package var photosName: String { request.study.photosName }

    package var binName: String { request.bin.folderName }

    package var overview: KeepOverview { bin.pages.overview }

    /// The photos of a list, the least certain first.
    package func tiles(_ band: KeepBands.Band) -> [KeepTile] { bin.pages.tiles[band] ?? [] }

    /// A whole photo, upright, as JPEG; `nil` when there is no such photo, or it is out of reach.
    /// `side` is the longer one, wanted, in pixels; at most 2560 are given.
    package func picture(ofPhoto id: ReviewToken, side: Int) -> [UInt8]? {
        guard let known = paths[id] else { return nil }
        return pictures.photo(id, known.photo, at: known.paths, side: side)
    }

    // MARK: Files from elsewhere

    /// Judges a file from elsewhere as if it lay among the photos. Nothing of it is kept; its name, as
    /// the user knows it, is only returned.
    ///
    /// - Throws: ``AlbumError`` `.inUse` while it judges another one.
    package func judge(
        _ bytes: [UInt8], named name: String
    ) async throws(AlbumError) -> DroppedPhoto {
        try await withAlbumErrors(of: FilePath(name)) {
            let seen = try await trial.look(
                at: bytes, named: name, among: known, usesNetwork: model.model.usesNetwork)
            let hash = ContentHasher.hash(bytes)
            let judged = try KeepJudgement(model, seen).rows(
                of: seen.study.files.filter { $0.photo == hash }, bin.pages.verdicts
            ).first
            return DroppedPhoto(
                bytes, named: name, seen, judged,
                isAmongPhotos: known.contains(hash))
        }
    }

    // MARK: Labels

    /// Writes labels down: all of them, or nothing.
    ///
    /// - Throws: ``AlbumError`` `.unknownPhoto` for a photo that is not looked at, `.inUse` while
    ///   photos are moved, and what writing throws.
    package func choose(
        _ choices: [(photo: ReviewToken, isKept: Bool)]
    ) throws(AlbumError) {
        guard !choices.isEmpty else { return }
        try bin.change { held throws in
            let said = try choices.map { choice -> (ContentHash, Choice.Verdict) in
                guard let photo = paths[choice.photo]?.photo else {
                    throw AlbumError(
                        .unknownPhoto, choice.photo.rawValue, "is not looked at here",
                        remedy: "Nothing was chosen. Load the page again.")
                }
                return (photo, choice.isKept ? .keep : .discard)
            }
            let before = said.map { ($0.0, held.journal.verdict(for: $0.0, about: .worth)) }
            try held.journal.append(said, about: .worth, at: environment.now())
            held.before.merge(before) { first, _ in first }
        }
    }

    /// Takes back what was said here of a list; labels that were there before count again.
    ///
    /// - Returns: what was said, for ``choose(_:)`` to say it again.
    package func takeBack(
        _ band: KeepBands.Band
    ) throws(AlbumError) -> [(photo: ReviewToken, isKept: Bool)] {
        var taken: [(photo: ReviewToken, isKept: Bool)] = []
        try bin.change { held throws in
            let changed = held.before.filter { held.bands[$0.key] == band }
                .sorted { $0.key < $1.key }
            taken = changed.map {
                (ReviewToken($0.key), held.journal.verdict(for: $0.key, about: .worth) == .keep)
            }
            try held.journal.append(
                changed.map { (photo: $0.key, choice: $0.value) }, about: .worth,
                at: environment.now())
            for (photo, _) in changed { held.before[photo] = nil }
        }
        return taken
    }

    // MARK: Moving

    /// Moves what is to be discarded into the bin, as ``KeepApplier`` does.
    ///
    /// - Returns: also when files could not be moved.
    /// - Throws: ``AlbumError``; what was moved until then is in the bin, and can be taken back.
    package func move(
        interruption: Interruption, progress: @escaping @Sendable (Int, Int) -> Void
    ) throws(AlbumError) -> KeepMove {
        try bin.move { held throws in
            let log = try held.study.log(held.judgement.file, isRehearsal: false)
            var movement = try KeepMovement(
                held.rows, fixed: held.judgement.photos.study.fixed, bin: held.bin,
                sidecars: request.sidecars)
            let run = RunContext(environment, interruption) { event in
                if case .moving(let done, let total) = event { progress(done, total) }
            }
            let failures = try movement.carryOut(into: request.bin, log: log, run: run)
            return KeepMove(
                moves: movement.moves, failures: failures,
                run: try log.finish(.finished, summary: nil))
        }
    }

    /// Undoes a run's moves, where nobody changed the files since.
    ///
    /// - Throws: ``AlbumError`` `.unknownRun` when there is nothing to take back.
    package func undo(run: Int) throws(AlbumError) -> UndoSummary { try bin.undo(run: run) }

    /// The run that a move which threw had begun, for ``undo(run:)``.
    package var lastRun: Int? { bin.lastRun }
}

extension KeepReview.Held {
    fileprivate func pages(revision: Int) -> KeepReview.Pages {
        let rows = rows
        var seen: Set<ContentHash> = []
        var tiles: [KeepBands.Band: [KeepTile]] = [:]
        for row in rows {
            tiles[bands[row.file.photo] ?? .look, default: []].append(
                KeepTile(
                    photo: ReviewPhoto(
                        row.file.photo, at: row.file.name,
                        judgement.photos.records[row.file.photo]),
                    path: row.file.name.string, byteCount: row.file.byteCount,
                    band: row.verdict.band, probability: row.verdict.probability,
                    isOwnChoice: row.verdict.isOwnChoice,
                    isCopy: !seen.insert(row.file.photo).inserted))
        }
        let going = rows.filter { $0.verdict.band == .discard }
        return KeepReview.Pages(
            overview: KeepOverview(
                revision: revision, photoCount: rows.count, goingCount: going.count,
                goingByteCount: going.reduce(0) { $0 + $1.file.byteCount },
                counts: tiles.mapValues(\.count), chosenCount: before.count),
            tiles: tiles.mapValues { list in
                // Only an explicit tie-break makes sorting stable.
                list.enumerated().sorted {
                    ($0.element.sureness, $0.offset) < ($1.element.sureness, $1.offset)
                }.map(\.element)
            },
            verdicts: journal.verdicts(about: .worth))
    }
}

/// A file on a page of ``KeepReview``.
package struct KeepTile: Hashable, Sendable {
    /// Of its photo.
    package let photo: ReviewPhoto
    /// Relative to the PHOTOS folder that it lies in.
    package let path: String
    package let byteCount: Int64
    /// What becomes of it as things stand.
    package let band: KeepBands.Band
    /// How likely it is to be worth keeping, by what was learnt; `nil` when it cannot be judged.
    package let probability: Double?
    /// Whether somebody said so themselves.
    package let isOwnChoice: Bool
    /// Whether it is another file of a photo that has a tile already; it cannot be chosen by itself.
    package let isCopy: Bool

    /// Whether it stays where it is.
    package var isKept: Bool { band != .discard }

    fileprivate var sureness: Double { KeepJudgement.sureness(probability) }
}

/// What there is to look through, and what goes as things stand.
package struct KeepOverview: Hashable, Sendable {
    /// Grows with every choice and every move: pages carry it, and the form that moves sends it back.
    package let revision: Int
    /// Photo files that are still where they were, copies among them.
    package let photoCount: Int
    /// Files that go, those beside photos left out.
    package let goingCount: Int
    package let goingByteCount: Int64
    /// How many files are in a list.
    package let counts: [KeepBands.Band: Int]
    /// Of how many photos something was said here that can be taken back.
    package let chosenCount: Int
}

/// The result of a move from ``KeepReview``.
package struct KeepMove: Sendable {
    package let moves: [KeepSummary.Move]
    /// What stays although it should be moved.
    package let failures: [PhotoFailure]
    /// The run, by which it can be undone.
    package let run: Int?
}
