internal import Dispatch
package import FaceAnalysis
package import FaceCore
internal import PhotoLearning
internal import Synchronization

/// Runs an actor's work on a queue of its own.
///
/// Analysing a photo blocks for most of a second. On Swift's cooperative pool that would starve
/// everything else in a program with as few threads as cores; a custom executor per worker does
/// not. (Dispatch's own `DispatchSerialQueue` is missing on Linux.)
package final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    package init(label: String) {
        queue = DispatchQueue(label: label)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }
}

/// One of the workers that analyse photos; owns its engine, which never leaves it.
package actor Worker {
    private let executor: QueueExecutor
    private let models: LazyModels
    private let search: SearchDepth
    private var analyser: FaceAnalyser?
    private var labeller: LabelNetwork?

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    init(number: Int, models: LazyModels, search: SearchDepth) {
        executor = QueueExecutor(label: "facesort.worker.\(number)")
        self.models = models
        self.search = search
    }

    /// Does `work` on the worker's own thread.
    func perform<Result: Sendable>(_ work: @Sendable (isolated Worker) throws -> Result) rethrows
        -> Result
    {
        try work(self)
    }

    /// The worker's own engine, made at first use.
    func faceAnalyser() throws -> FaceAnalyser {
        if let analyser { return analyser }
        let made = try FaceAnalyser(models: models.loaded(), depth: search)
        analyser = made
        return made
    }

    /// The worker's own label network, made at first use.
    ///
    /// - Parameter model: always the same one.
    func labelNetwork(_ model: LazyLabelModel) throws -> LabelNetwork {
        if let labeller { return labeller }
        let made = try LabelNetwork(model: model.loaded())
        labeller = made
        return made
    }
}

/// The model files, loaded when the first photo needs them: a run that has nothing new to look at
/// never loads them.
package final class LazyModels: Sendable {
    private let source: Result<Source, ModelError>
    private let models = Mutex<FaceModels?>(nil)

    private struct Source: Hashable {
        let files: ModelFiles
        let engine: EngineChoice
        let encoder: EncoderFile?
    }

    private struct Living {
        weak var models: FaceModels?
    }

    /// Models that another run of this program still has: a page's rehearsal reads photos beside
    /// the page's own study.
    private static let living = Mutex<[Source: Living]>([:])

    /// - Parameters:
    ///   - files: or why there are none; that is thrown when they are needed.
    ///   - encoder: instead of dlib's own.
    package init(
        _ files: Result<ModelFiles, ModelError>, engine: EngineChoice, encoder: EncoderFile? = nil
    ) {
        source = files.map { Source(files: $0, engine: engine, encoder: encoder) }
    }

    package func loaded() throws(ModelError) -> FaceModels {
        try models.withLock { (models) throws(ModelError) in
            if let models { return models }
            let source = try source.get()
            let loaded = try Self.living.withLock { (living) throws(ModelError) in
                if let models = living[source]?.models { return models }
                let loaded = try FaceModels(
                    source.files, engine: source.engine, encoder: source.encoder?.encoder())
                living[source] = Living(models: loaded)
                return loaded
            }
            models = loaded
            return loaded
        }
    }
}

/// The workers of a run.
package struct WorkerPool: Sendable {
    /// How far, in jobs per worker, the quickest may run ahead of the oldest unfinished job: keeps
    /// memory bounded and the workers busy.
    private static let lead = 8

    /// How deeply its workers search photos.
    package let search: SearchDepth

    private let workers: [Worker]

    /// The `count` is at least 1.
    package init(count: Int, models: LazyModels, search: SearchDepth) {
        self.search = search
        workers = (1...count).map { Worker(number: $0, models: models, search: search) }
    }

    /// Does every job on one of the workers and hands the outcomes over in the order of the jobs,
    /// whatever order they were finished in.
    ///
    /// - Parameters:
    ///   - jobs: any number.
    ///   - work: runs on a worker's thread; may block.
    ///   - mayContinue: asked before a job is begun; after `false` no other is, and those in hand
    ///     are finished and handed over.
    ///   - consume: runs on the caller's; its time is the back pressure.
    package func run<Job: Sendable, Outcome: Sendable>(
        _ jobs: [Job], work: @escaping @Sendable (isolated Worker, Job) throws -> Outcome,
        mayContinue: () -> Bool, consume: (Job, Outcome) throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (worker: Int, job: Int, outcome: Outcome).self) {
            group in
            var free = Array(workers.indices.reversed())
            var finished: [Int: Outcome] = [:]
            var begun = 0
            var handedOver = 0
            func begin() {
                while begun < jobs.count, begun - handedOver < Self.lead * workers.count,
                    let worker = free.popLast()
                {
                    guard mayContinue() else { return free.append(worker) }
                    let index = begun
                    begun += 1
                    group.addTask { [workers] in
                        let outcome = try await workers[worker].perform {
                            try work($0, jobs[index])
                        }
                        return (worker, index, outcome)
                    }
                }
            }
            begin()
            while let done = try await group.next() {
                free.append(done.worker)
                finished[done.job] = done.outcome
                while let outcome = finished.removeValue(forKey: handedOver) {
                    try consume(jobs[handedOver], outcome)
                    handedOver += 1
                }
                begin()
            }
        }
    }
}
