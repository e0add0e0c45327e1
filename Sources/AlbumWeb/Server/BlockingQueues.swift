internal import PhotoIndex
internal import Dispatch
internal import Synchronization

/// Queues for work that blocks: pages, which read the catalogue, and pictures, which are decoded.
/// On Swift's own threads that work would hold up every connection.
final class BlockingQueues: Sendable {
    private let pages = DispatchQueue(label: "facesort.pages", qos: .userInitiated)
    private let pictures: [DispatchQueue]
    private let turn = Atomic(0)

    /// - Parameter pictureCount: how many pictures are made at once.
    init(pictureCount: Int) {
        pictures = (0..<max(1, pictureCount)).map { number in
            DispatchQueue(label: "facesort.pictures.\(number)", qos: .utility)
        }
    }

    /// Runs `work` after all pages and forms before it, so that forms are taken one by one.
    func page<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await Self.run(work, on: pages)
    }

    func picture<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        let turn = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return await Self.run(work, on: pictures[abs(turn % pictures.count)])
    }

    private static func run<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result, on queue: DispatchQueue
    ) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}

/// Runs a task on a thread of its own, because parts of it block.
final class QueueExecutor: TaskExecutor {
    private let queue: DispatchQueue

    init(_ label: String) {
        queue = DispatchQueue(label: label, qos: .userInitiated)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
