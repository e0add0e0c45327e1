import AlbumKit
import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Ctrl-C and SIGTERM as wishes: the first finishes what is in hand, the second stops at once.
final class StopSignals {
    private var sources: [any DispatchSourceSignal] = []
    private let queue = DispatchQueue(label: "facesort.signals")

    /// From now on a signal asks `interruption`, and `message` is shown.
    init(_ interruption: Interruption, message: String) {
        let presses = Presses()
        for number in [SIGINT, SIGTERM] {
            // The default action would end the program before the source hears of the signal.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            // @Sendable: a handler that inherits the main actor traps on the source's queue.
            source.setEventHandler { @Sendable in
                if presses.addOne() > 1 {
                    Console.standard.draw(nil)
                    _exit(ExitStatus.interrupted.rawValue)
                }
                interruption.request()
                Console.standard.message(message)
            }
            source.resume()
            sources.append(source)
        }
    }

    deinit {
        for source in sources { source.cancel() }
    }

    /// Does work with photos that a signal ends after those in hand.
    ///
    /// - Parameter finish: called when it ended, before its error is thrown on.
    static func during<Summary>(
        finish: () -> Void, work: (Interruption) async throws(AlbumError) -> Summary
    ) async throws(AlbumError) -> Summary {
        let interruption = Interruption()
        let signals = StopSignals(
            interruption,
            message: "Finishing the photos in hand ... (press again to stop at once)")
        defer { withExtendedLifetime(signals, finish) }
        return try await work(interruption)
    }
}

private final class Presses: Sendable {
    private let count = Mutex(0)

    func addOne() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
