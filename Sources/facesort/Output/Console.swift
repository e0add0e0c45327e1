import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The two streams of the program: results go to standard output, all else to standard error.
///
/// It also keeps the progress line, which is redrawn in place, so that no message lands in it.
final class Console: Sendable {
    static let standard = Console()

    /// Whether standard output is read by a person.
    let isResultSeen = isatty(STDOUT_FILENO) == 1
    /// Whether standard error is a terminal that can redraw a line.
    let isAnimated: Bool

    private struct State {
        var line: String?
        var isResultClosed = false
        var outputFailure: Errno?
    }
    private let state = Mutex(State())

    private init() {
        // A dumb terminal shows control sequences instead of following them.
        isAnimated = isatty(STDERR_FILENO) == 1 && getenv("TERM").map { strcmp($0, "dumb") } != 0
    }

    /// Keeps the number of a closed stream (`>&-`) from going to a file: output would be written
    /// into that file. Call it before any file is opened.
    static func occupyClosedStreams() {
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) == -1 {
            // Opened for reading, so that printing still fails; it gets the lowest free number.
            _ = open("/dev/null", O_RDONLY)
        }
    }

    /// Why results could not be written; `nil` also when the reader has gone, which it may.
    var outputFailure: Errno? { state.withLock { $0.outputFailure } }

    /// Prints `text`, whole lines, on standard output.
    func result(_ text: String) {
        state.withLock { state in
            guard !state.isResultClosed else { return }
            Self.clear(&state)
            do {
                try FileDescriptor.standardOutput.writeAll(text.utf8)
            } catch {
                state.isResultClosed = true
                if let errno = error as? Errno, errno != .brokenPipe { state.outputFailure = errno }
            }
        }
    }

    /// Prints `text` and a line end on standard error.
    func message(_ text: String) {
        state.withLock { state in
            let line = state.line
            Self.clear(&state)
            Self.write(text + "\n")
            if let line { Self.draw(line, &state) }
        }
    }

    /// Draws `line` in place of the previous one; `nil` clears it.
    func draw(_ line: String?) {
        guard isAnimated else { return }
        state.withLock { state in
            if let line { Self.draw(line, &state) } else { Self.clear(&state) }
        }
    }

    /// The width of the terminal in cells; 80 without a terminal.
    var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return 80
        }
        return Int(size.ws_col)
    }

    /// The width in cells of the terminal that shows results; `nil` when they go elsewhere.
    var resultWidth: Int? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }

    private static func draw(_ line: String, _ state: inout State) {
        guard line != state.line else { return }
        // Written over the old line, and only then the rest is cleared, so that nothing flickers.
        write("\r\(line)\u{1B}[K")
        state.line = line
    }

    private static func clear(_ state: inout State) {
        guard state.line != nil else { return }
        write("\r\u{1B}[K")
        state.line = nil
    }

    private static func write(_ text: String) {
        // When standard error fails, there is nowhere left to report it.
        _ = try? FileDescriptor.standardError.writeAll(text.utf8)
    }
}
