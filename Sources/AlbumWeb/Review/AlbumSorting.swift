internal import FaceCore
internal import PhotoIndex
internal import AlbumKit
internal import Synchronization

/// What sorting would do, and the sort itself, one at a time, while pages are shown.
final class AlbumSorting: Sendable {
    enum State: Sendable {
        case idle
        case planning(WorkProgress)
        case planned(SortSummary, Plan)
        case planFailed(AlbumError)
        case sorting(WorkProgress)
        case sorted(SortSummary)
        case sortFailed(AlbumError, WorkProgress)
        case undone(UndoSummary)
    }

    /// What a plan is valid for.
    struct Plan: Sendable {
        /// The answers that it was made with.
        let revision: Int
        let made = ContinuousClock.now
    }

    /// Other programs may add and remove files, so a plan is valid only for a short time.
    private static let planLifetime = Duration.seconds(60)

    private struct Held {
        var state = State.idle
        /// The work that ``state`` belongs to; reports of older work are ignored.
        var work = 0
        var interruption = Interruption()
        var task: Task<Void, Never>?
    }

    private let album: Album
    private let environment: [String: String]
    private let executor = QueueExecutor("facesort.sorting")
    private let held = Mutex(Held())

    init(_ album: Album, environment: [String: String]) {
        self.album = album
        self.environment = environment
    }

    var state: State { held.withLock { $0.state } }

    /// Makes a plan for the answers of `revision`, unless it is there or being made.
    func plan(for revision: Int, after ready: @escaping @Sendable () async -> Void) {
        begin(.planning(WorkProgress())) { state in
            switch state {
            case .planning, .sorting: return false
            case .planned(_, let plan):
                return plan.revision != revision
                    || ContinuousClock.now - plan.made > Self.planLifetime
            default: return true
            }
        } work: { [self] work, interruption in
            await ready()
            switch await run(isDryRun: true, work, interruption) {
            case .success(let summary): end(work, .planned(summary, Plan(revision: revision)))
            case .failure(let error): end(work, .planFailed(error))
            }
        }
    }

    /// Sorts, unless it is sorting already.
    func sort(after ready: @escaping @Sendable () async -> Void) {
        begin(.sorting(WorkProgress())) { state in
            if case .sorting = state { return false }
            return true
        } work: { [self] work, interruption in
            await ready()
            switch await run(isDryRun: false, work, interruption) {
            case .success(let summary): end(work, .sorted(summary))
            case .failure(let error):
                if case .sorting(let progress) = state { end(work, .sortFailed(error, progress)) }
            }
        }
    }

    /// Takes a run back.
    func undo(run: Int) throws(AlbumError) {
        let summary = try album.undo(.run(run))
        held.withLock { held in
            held.work += 1
            held.interruption.request()
            held.state = .undone(summary)
        }
    }

    /// Stops after the files in hand.
    func stop() { held.withLock { $0.interruption.request() } }

    /// Waits until all work has ended.
    func finish() async {
        let task = held.withLock { held in
            held.interruption.request()
            return held.task
        }
        await task?.value
    }

    /// The runs of the album, the latest first.
    func earlierRuns() throws(AlbumError) -> [AlbumStatus.RunState] {
        try album.status().runs.sorted { $0.number > $1.number }
    }

    private func begin(
        _ first: State, if isWanted: (State) -> Bool,
        work: @escaping @Sendable (Int, Interruption) async -> Void
    ) {
        held.withLock { held in
            guard isWanted(held.state) else { return }
            held.interruption.request()
            held.work += 1
            held.interruption = Interruption()
            held.state = first
            let (number, interruption, before) = (held.work, held.interruption, held.task)
            held.task = Task(executorPreference: executor) {
                await before?.value
                await work(number, interruption)
            }
        }
    }

    private func end(_ work: Int, _ state: State) {
        held.withLock { held in
            if held.work == work { held.state = state }
        }
    }

    private func run(isDryRun: Bool, _ work: Int, _ interruption: Interruption) async
        -> Result<SortSummary, AlbumError>
    {
        var request = SortRequest(photos: [], album: album.path)
        request.isDryRun = isDryRun
        do {
            return .success(
                try await Sorter(request, environment: RunEnvironment(environment))
                    .run(interruption: interruption) { [self] in note($0, work) })
        } catch {
            return .failure(error)
        }
    }

    private func note(_ event: RunEvent, _ work: Int) {
        let (step, done, total): (WorkProgress.Step, Int, Int)
        switch event {
        case .learning(let some, let all): (step, done, total) = (.learning, some, all)
        case .analysing(let some, let all): (step, done, total) = (.analysing, some, all)
        case .writing(let some, let all): (step, done, total) = (.writing, some, all)
        case .overview, .failed, .encoding, .labelling, .hashing, .moving, .renaming: return
        }
        held.withLock { held in
            guard held.work == work else { return }
            switch held.state {
            case .planning(var progress):
                (progress.step, progress.done, progress.total) = (step, done, total)
                held.state = .planning(progress)
            case .sorting(var progress):
                (progress.step, progress.done, progress.total) = (step, done, total)
                held.state = .sorting(progress)
            default: return
            }
        }
    }
}
