internal import AlbumCatalogue
public import FaceCore
public import PhotoIndex
internal import SystemPackage

/// A look through what ``Cleaner`` would move: photos side by side, the choices of a user about them,
/// and the move itself.
///
/// Choices are written to the bin's `choices.jsonl` at once, and count in every later run. Holds
/// the bin from the first look until ``close()``; an album is released once the photos are known.
///
/// May be used from any thread; every verb blocks until it is done. While photos are moved the pages
/// are as they were before.
public final class CleaningReview: Sendable {
    fileprivate struct Held: HeldBin {
        let session: CleanSession
        let look: CleanSession.Look
        /// Of the files that are still where they were.
        var facts: CleanFacts

        var bin: Workspace { session.bin }

        mutating func refresh() throws {
            facts = look.facts.without(try session.gone(of: look.facts.files))
        }

        func reopen() throws { try session.reopen() }

        func close() { session.close() }
    }

    fileprivate struct Pages {
        let groups: [CleanFilter: [CleanGroup]]
        let overview: CleanOverview
        let files: [ReviewToken: [SurveyedFile]]
    }

    private let request: CleanRequest
    private let pictures: ReviewPictures
    private let bin: BinReview<Held>
    /// What the first look found, and what would be moved then.
    public let summary: CleanSummary

    /// Looks at the photos, as ``Cleaner`` does without moving them.
    ///
    /// - Parameters:
    ///   - request: the photos and what to look for.
    ///   - environment: where the models are.
    ///   - interruption: after a request the photos in hand are finished, then it throws.
    ///   - onEvent: called in order, from one thread at a time.
    /// - Throws: an ``AlbumError``; `.interrupted` after an interruption, `.inUse` while another run
    ///   holds the bin.
    public static func begin(
        _ request: CleanRequest, environment: RunEnvironment, interruption: Interruption,
        onEvent: @escaping @Sendable (RunEvent) -> Void
    ) async throws(AlbumError) -> CleaningReview {
        try await withAlbumErrors(of: request.bin) {
            let start = environment.now()
            let session = try CleanSession(
                request, RunContext(environment, interruption, onEvent))
            let look = try await session.look {
                guard interruption.isRequested else { return }
                throw AlbumError(
                    .interrupted, request.bin.string, "was not looked through: it was interrupted",
                    remedy:
                        "Nothing was moved; what was learnt is kept. Run the same command again "
                        + "to carry on.")
            }
            return try CleaningReview(
                session, look, seconds: environment.now().timeIntervalSince(start))
        }
    }

    private init(
        _ session: sending CleanSession, _ look: CleanSession.Look, seconds: Double
    ) throws {
        request = session.clean.request
        pictures = ReviewPictures(session.clean.bin, disk: session.run.disk)
        let plan = session.plan(look.facts)
        var summary = session.summary(
            look, look.facts, plan, try session.movement(plan, of: look.facts))
        summary.seconds = seconds
        self.summary = summary
        bin = BinReview(
            Held(session: session, look: look, facts: look.facts), given: request.bin)
    }

    /// Closes the bin.
    public func close() { bin.close() }

    // MARK: Pages

    /// The name of the folder with the photos; of several the first.
    public var photosName: String { request.study.photosName }

    public var binName: String { request.bin.folderName }

    /// Those that were asked for.
    public var filters: [CleanFilter] { request.filters.sorted() }

    public var overview: CleanOverview { bin.pages.overview }

    /// What there is to look through, in the order of the photos.
    public func groups(_ filter: CleanFilter) -> [CleanGroup] { bin.pages.groups[filter] ?? [] }

    /// A whole photo, upright, as JPEG; `nil` when there is no such photo, or it cannot be reached.
    /// `side` is the longer one, wanted, in pixels; at most 2560 are given.
    public func picture(ofPhoto id: ReviewToken, side: Int) -> [UInt8]? {
        guard let files = bin.pages.files[id], let hash = files.first?.photo else { return nil }
        return pictures.photo(id, hash, at: files.map(\.path), side: side)
    }

    // MARK: Choices

    /// Records what was chosen regarding `filter`: all of it, or nothing.
    ///
    /// - Throws: ``AlbumError`` `.unknownPhoto` for a photo that is not looked at, `.inUse` while
    ///   photos are moved, and what writing throws.
    public func choose(
        _ choices: [(photo: ReviewToken, isKept: Bool)], _ filter: CleanFilter
    ) throws(AlbumError) {
        guard !choices.isEmpty else { return }
        let files = bin.pages.files
        try bin.change { held throws in
            try held.session.choose(
                choices.map { choice in
                    guard let photo = files[choice.photo]?.first?.photo else {
                        throw AlbumError(
                            .unknownPhoto, choice.photo.rawValue, "is not looked at here",
                            remedy: "Nothing was chosen. Load the page again.")
                    }
                    return (photo, choice.isKept ? .keep : .discard)
                }, filter)
        }
    }

    /// Takes all choices about the photos that are looked at back, as far as `filter` is concerned.
    ///
    /// - Returns: what was chosen, for ``choose(_:_:)`` to say it again.
    public func takeBack(
        _ filter: CleanFilter
    ) throws(AlbumError) -> [(photo: ReviewToken, isKept: Bool)] {
        var taken: [(photo: ReviewToken, isKept: Bool)] = []
        try bin.change { held throws in
            let present = Set(held.facts.files.map(\.photo))
            let chosen = held.session.verdicts(filter)
                .filter { present.contains($0.key) }.sorted { $0.key < $1.key }
            try held.session.choose(chosen.map { ($0.key, .none) }, filter)
            taken = chosen.map { (ReviewToken($0.key), $0.value == .keep) }
        }
        return taken
    }

    // MARK: Moving

    /// Moves what goes into the bin, as ``Cleaner`` does.
    ///
    /// - Parameters:
    ///   - interruption: after a request the file in hand is finished, then it throws.
    ///   - progress: how many files are moved, and of how many; called from this thread.
    /// - Returns: also when files could not be moved: what went, and among the failures only those.
    /// - Throws: ``AlbumError``; what was moved until then is in the bin, and can be taken back.
    public func move(
        interruption: Interruption, progress: @escaping @Sendable (Int, Int) -> Void
    ) throws(AlbumError) -> CleanSummary {
        try bin.move { held throws in
            let session = held.session
            let plan = session.plan(held.facts)
            var movement = try session.movement(plan, of: held.facts)
            var summary = session.summary(held.look, held.facts, plan, movement)
            let log = try session.log(isRehearsal: false)
            summary.isApplied = true
            let run = RunContext(session.run.environment, interruption) {
                [onEvent = session.run.onEvent] event in
                if case .moving(let done, let total) = event {
                    progress(done, total)
                } else {
                    onEvent(event)
                }
            }
            summary.failures = try movement.carryOut(into: request.bin, log: log, run: run)
            summary.moves = session.moves(movement, plan)
            summary.run = try log.finish(.finished, summary: nil)
            return summary
        }
    }

    /// Undoes a run's moves, where nobody changed the files since.
    ///
    /// - Throws: ``AlbumError`` `.unknownRun` when there is nothing to take back.
    public func undo(run: Int) throws(AlbumError) -> UndoSummary { try bin.undo(run: run) }

    /// The run that a move which threw had begun, for ``undo(run:)``.
    public var lastRun: Int? { bin.lastRun }
}

extension CleaningReview.Held {
    fileprivate func pages(revision: Int) -> CleaningReview.Pages {
        let plan = session.plan(facts)
        let reasons = Dictionary(uniqueKeysWithValues: plan.verdicts.map { ($0.file, $0.filter) })
        let asked = plan.groups.filter { session.clean.request.filters.contains($0.key) }
        return CleaningReview.Pages(
            groups: Dictionary(
                uniqueKeysWithValues: asked.map { filter, groups in
                    (
                        filter,
                        groups.map { group in
                            CleanGroup(
                                tiles: group.rows.map { row in
                                    CleanTile(
                                        row, facts.photos[row.file.photo],
                                        otherReason: reasons[row.file].flatMap {
                                            $0 == filter ? nil : $0
                                        })
                                }, isBurst: group.isBurst)
                        }
                    )
                }),
            overview: CleanOverview(
                revision: revision, photoCount: facts.files.count,
                goingCount: plan.verdicts.count,
                goingByteCount: plan.verdicts.reduce(0) { $0 + $1.file.byteCount },
                groupCounts: asked.mapValues(\.count),
                chosenCounts: Dictionary(
                    uniqueKeysWithValues: asked.keys.map { filter in
                        (
                            filter,
                            plan.chosenCount(.keep, filters: [filter])
                                + plan.chosenCount(.discard, filters: [filter])
                        )
                    })),
            files: Dictionary(grouping: facts.files) { ReviewToken($0.photo) })
    }
}

extension CleanTile {
    fileprivate init(_ row: CleanPlan.Row, _ photo: PhotoRecord?, otherReason: CleanFilter?) {
        self.init(
            photo: ReviewPhoto(row.file.photo, at: row.file.name, photo),
            path: row.file.name.string,
            byteCount: row.file.byteCount, isKept: row.isKept,
            reason: row.reason, isChosen: row.choice != .none, isCopy: row.isCopy,
            otherReason: otherReason)
    }
}
