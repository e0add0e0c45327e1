internal import Synchronization

/// A wish of the user to stop, set from a signal handler and read between two photos.
public final class Interruption: Sendable {
    private let flag = Mutex(false)

    public init() {}

    public func request() { flag.withLock { $0 = true } }
    public var isRequested: Bool { flag.withLock { $0 } }
}
