internal import FaceCore
internal import PhotoIndex
internal import AlbumKit
internal import Synchronization

/// Photos that a user looks through list by list and moves into a bin.
protocol MoveReview: Sendable {
    associatedtype List: PhotoList
    associatedtype Overview: MovingOverview

    var photosName: String { get }
    var binName: String { get }
    var overview: Overview { get }
    /// What stays, for below the heading that all is done: "12 photos are left."
    var whatIsLeft: String { get }
    /// The run that was begun by a move that failed.
    var lastRun: Int? { get }

    /// - Parameter side: the wanted length of the longer side, in pixels.
    func picture(ofPhoto id: ReviewToken, side: Int) -> [UInt8]?
    /// Writes down choices about photos of a list, all or none.
    func choose(
        _ choices: [(photo: ReviewToken, isKept: Bool)], _ list: List
    ) throws(AlbumError)
    /// Takes back the choices about a list.
    ///
    /// - Returns: the choices, so that they can be made again.
    func takeBack(_ list: List) throws(AlbumError) -> [(photo: ReviewToken, isKept: Bool)]
    /// - Parameter progress: called with the number of files moved and the number of all.
    func moveAll(
        interruption: Interruption, progress: @escaping @Sendable (Int, Int) -> Void
    ) throws(AlbumError) -> Moved
    func undo(run: Int) throws(AlbumError) -> UndoSummary
}

/// What would go now, of all photos.
protocol MovingOverview: Sendable {
    /// Increases with every choice and every move.
    var revision: Int { get }
    /// Photo files that are still where they were.
    var photoCount: Int { get }
    var goingCount: Int { get }
    var goingByteCount: Int64 { get }
}

/// The result of a move.
struct Moved: Sendable {
    /// How many photos are in the bin.
    let count: Int
    /// The files that stay although they should go.
    let failures: [PhotoFailure]
    let run: Int?
}

/// The move into the bin, while pages are shown.
final class Moving: Sendable {
    enum State: Sendable {
        case idle
        case moving(WorkProgress)
        case moved(Moved)
        /// With the run whose photos can be brought back, when some were moved.
        case failed(AlbumError, WorkProgress, run: Int?)
        case undone(UndoSummary)
    }

    private struct Held {
        var state = State.idle
        var interruption = Interruption()
        var task: Task<Void, Never>?
    }

    let look: any MoveReview
    private let executor = QueueExecutor("facesort.moving")
    private let held = Mutex(Held())

    init(_ look: any MoveReview) {
        self.look = look
    }

    var state: State { held.withLock { $0.state } }

    /// Moves, unless it is moving already.
    func move() {
        held.withLock { held in
            if case .moving = held.state { return }
            held.interruption = Interruption()
            held.state = .moving(WorkProgress(step: .writing))
            held.task = Task(executorPreference: executor) {
                [self, interruption = held.interruption] in
                work(interruption)
            }
        }
    }

    private func work(_ interruption: Interruption) {
        do {
            let summary = try look.moveAll(interruption: interruption) { [self] done, total in
                held.withLock { held in
                    guard case .moving(var progress) = held.state else { return }
                    (progress.done, progress.total) = (done, total)
                    held.state = .moving(progress)
                }
            }
            held.withLock { $0.state = .moved(summary) }
        } catch {
            let run = look.lastRun
            held.withLock { held in
                guard case .moving(let progress) = held.state else { return }
                held.state = .failed(error, progress, run: progress.done > 0 ? run : nil)
            }
        }
    }

    func undo(run: Int) throws(AlbumError) {
        let summary = try look.undo(run: run)
        held.withLock { $0.state = .undone(summary) }
    }

    /// Stops after the file in hand.
    func stop() { held.withLock { $0.interruption.request() } }

    /// Waits until nothing is being moved any more.
    func finish() async {
        let task = held.withLock { held in
            held.interruption.request()
            return held.task
        }
        await task?.value
    }
}

/// Pages on which a user looks through photos list by list, and moves them.
protocol MoveSite: PageSite {
    associatedtype Look: MoveReview

    var look: Look { get }
    var moving: Moving { get }
    /// Messages for the page after a form.
    var receipts: Receipts<Notice> { get }
    /// At least one, in the order of the tabs; the pages start with the first.
    var lists: [Look.List] { get }

    /// The photos of a list; those shown side by side are one group.
    func groups(_ list: Look.List) -> [[PhotoTile]]
    /// How many groups fill a page of a list.
    func groupsOnPage(_ list: Look.List) -> Int
    /// - Parameter query: has the page of the list, and the message to show.
    func listPage(_ list: Look.List, _ query: Form) -> Reply
    /// A page that only one desk has.
    func otherPage(_ route: Route) -> Reply
}

// The move, its result, and undo.
extension MoveSite {
    var progress: Reply {
        if case .moving(let progress) = moving.state { return progress.reply(state: "moving") }
        return WorkProgress.rest(state: "rest")
    }

    func finish() async { await moving.finish() }

    func startMove() -> Reply {
        moving.move()
        return .goOn(to: Route.move.path)
    }

    func takeMove(_ form: Form) -> Reply {
        switch form["do"] {
        case "stop":
            moving.stop()
            return .goOn(to: Route.move.path)
        case "move": return startMove()
        default: return notOurs
        }
    }

    func movePage() -> Reply {
        switch moving.state {
        case .idle: return .goOn(to: Route.start.path)
        case .moving(let progress):
            let running = RunningView(
                heading: "Moving", action: Route.move.path,
                safety: "Stopping is safe: what is moved can be undone, the rest stays.",
                progress: progress.view)
            return frame(
                MovedView(running: running), title: "Moving", at: .move, renewalSeconds: 2,
                watched: "moving")
        case .moved(let summary): return moved(summary)
        case .failed(let error, let progress, let run):
            return ended(
                .init(
                    heading: error.code == .interrupted ? "Stopped" : "Moving has stopped",
                    lead: (error.code == .interrupted ? "" : sentence(of: error) + " ")
                        + "\(grouped(progress.done)) of \(counted(progress.total, "file")) are in "
                        + "‘\(look.binName)’, the rest is where it was. Nothing was lost.",
                    takeBack: run.map { undo($0, "Undo") }, carryOn: true))
        case .undone(let summary): return undone(summary)
        }
    }

    private func moved(_ summary: Moved) -> Reply {
        let count = summary.count
        let are = "\(counted(count, "photo")) \(count == 1 ? "is" : "are")"
        let failures = summary.failures
        guard !failures.isEmpty else {
            return ended(
                .init(heading: "All clean", lead: look.whatIsLeft),
                notice: Notice(
                    strong: "\(are) in ‘\(look.binName)’.", text: "Nothing was deleted.",
                    undo: summary.run.map { undo($0, "Undo") }))
        }
        return ended(
            .init(
                heading: "Almost done", lead: look.whatIsLeft,
                takeBack: count == 0
                    ? nil : summary.run.map { undo($0, "Undo the \(grouped(count))") },
                left: failures.map { ItemView(name: $0.path, reason: "It \($0.reason).") }),
            notice: Notice(
                isBad: true,
                strong: failures.count == 1
                    ? "1 file was not moved." : "\(grouped(failures.count)) files were not moved.",
                text: "\(failures.count == 1 ? "It is" : "They are") where "
                    + "\(failures.count == 1 ? "it was" : "they were"); \(are) in "
                    + "‘\(look.binName)’."))
    }

    private func undone(_ summary: UndoSummary) -> Reply {
        let count = summary.movedFileCount
        return ended(
            .init(
                heading: "Undone",
                lead: "\(counted(count, "file")) \(count == 1 ? "is" : "are") back where "
                    + "\(count == 1 ? "it was" : "they were"). Your choices are kept."
                    + (summary.left.isEmpty
                        ? "" : " These were left, because they have changed since:"),
                left: summary.left.map { ItemView(name: $0.path, reason: $0.reason) }))
    }

    private func undo(_ run: Int, _ label: String) -> Notice.Undo {
        Notice.Undo(label, [("run", String(run))])
    }

    private func ended(_ ended: MovedView.Ended, notice: Notice? = nil) -> Reply {
        frame(MovedView(ended: ended), title: ended.heading, at: .move, notice: notice)
    }
}

/// A move: going on, or how it ended.
struct MovedView: TemplateView {
    struct Ended: TemplateFields {
        let heading: String
        let lead: String
        var takeBack: Notice.Undo?
        var carryOn = false
        var left: [ItemView] = []
    }

    var running: RunningView?
    var ended: Ended?
}

extension CleanFilter: PhotoList {
    var route: Route { .clean(self) }
    var word: String { folder }
}

extension CleanOverview: MovingOverview {}

extension CleaningReview: MoveReview {
    var whatIsLeft: String {
        let overview = overview
        let left =
            "\(counted(overview.photoCount, "photo")) \(overview.photoCount == 1 ? "is" : "are") left"
        return overview.groupCounts[.duplicates] == 0
            ? left + ", no two nearly the same." : left + "."
    }

    func moveAll(
        interruption: Interruption, progress: @escaping @Sendable (Int, Int) -> Void
    ) throws(AlbumError) -> Moved {
        let summary = try move(interruption: interruption, progress: progress)
        return Moved(count: summary.moves.count, failures: summary.failures, run: summary.run)
    }
}

extension KeepBands.Band: PhotoList {
    var route: Route { .judged(self) }
    var word: String { rawValue }
}

extension KeepOverview: MovingOverview {}

extension KeepReview: MoveReview {
    var whatIsLeft: String {
        let count = overview.photoCount
        return "\(counted(count, "photo")) \(count == 1 ? "is" : "are") left."
    }

    /// A label is about the photo, whatever list it is in.
    func choose(
        _ choices: [(photo: ReviewToken, isKept: Bool)], _ list: KeepBands.Band
    ) throws(AlbumError) {
        try choose(choices)
    }

    func moveAll(
        interruption: Interruption, progress: @escaping @Sendable (Int, Int) -> Void
    ) throws(AlbumError) -> Moved {
        let move = try move(interruption: interruption, progress: progress)
        return Moved(count: move.moves.count, failures: move.failures, run: move.run)
    }
}
