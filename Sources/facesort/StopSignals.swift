internal import FaceCore
import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Ctrl-C and SIGTERM as requests: the first finishes what is in hand, the second stops at once.
///
/// The second stops in the handler itself, which needs neither memory nor a thread: when the system
/// refuses both, nothing else may ever run again.
final class StopSignals {
    private let source: (any DispatchSourceRead)?
    private let queue = DispatchQueue(label: "facesort.signals")

    /// From now on a signal requests `interruption` and shows `message`.
    init(_ interruption: Interruption, message: String) {
        let end = Heard.begin()
        for number in [SIGINT, SIGTERM] { signal(number, Heard.handler) }
        guard let end else {
            source = nil
            return
        }
        let source = DispatchSource.makeReadSource(fileDescriptor: end, queue: queue)
        // @Sendable: a handler that inherits the main actor traps on the source's queue.
        source.setEventHandler { @Sendable in
            var byte: UInt8 = 0
            guard read(end, &byte, 1) == 1 else { return }
            interruption.request()
            Console.standard.message(message)
        }
        source.setCancelHandler { @Sendable in close(end) }
        source.resume()
        self.source = source
    }

    deinit {
        source?.cancel()
    }
}

/// Which signals came: everything that their handler touches.
private enum Heard {
    private static let count = Atomic<Int>(0)
    /// Where the first signal is announced; -1 when nobody listens.
    private static let pipe = Atomic<Int32>(-1)

    /// Starts counting again.
    ///
    /// - Returns: where a byte can be read after the first signal; `nil` when the system refuses a
    ///   pipe, and only the second signal does anything.
    static func begin() -> Int32? {
        // Initialised here, so that the handler finds both ready.
        count.store(0, ordering: .sequentiallyConsistent)
        let isShown = Console.standard.isAnimated
        isAnimated.store(isShown, ordering: .sequentiallyConsistent)
        var ends: [Int32] = [-1, -1]
        #if canImport(Glibc)
            let isMade = Glibc.pipe(&ends) == 0
        #else
            let isMade = Darwin.pipe(&ends) == 0
        #endif
        guard isMade else { return nil }
        // Programs that are started must not inherit them.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let old = pipe.exchange(ends[1], ordering: .sequentiallyConsistent)
        if old >= 0 { close(old) }
        return ends[0]
    }

    /// Whether a line of progress may have to be cleared.
    private static let isAnimated = Atomic<Bool>(false)

    static let handler: @convention(c) (Int32) -> Void = { _ in
        let before = errno
        defer { errno = before }
        guard Heard.count.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue == 1 else {
            if Heard.isAnimated.load(ordering: .sequentiallyConsistent) {
                // "\r", and what clears a line.
                var clear: (UInt8, UInt8, UInt8, UInt8) = (0x0D, 0x1B, 0x5B, 0x4B)
                _ = write(STDERR_FILENO, &clear, 4)
            }
            _exit(ExitStatus.interrupted.rawValue)
        }
        var byte: UInt8 = 0
        _ = write(Heard.pipe.load(ordering: .sequentiallyConsistent), &byte, 1)
    }
}
