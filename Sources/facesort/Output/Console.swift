import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The two streams of the program: results go to standard output, all else to standard error.
///
/// It also keeps the one line that is drawn again and again, so that a message never lands in it.
final class Console: Sendable {
    static let standard = Console()

    /// Whether standard output is read by a person.
    let isResultSeen = isatty(STDOUT_FILENO) == 1
    /// Whether standard error is a terminal on which a line can be drawn again.
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

    /// Sees to it that no file gets the number of a stream that was closed (`>&-`): what is printed
    /// would be written into it. To be called before any file is opened.
    static func occupyClosedStreams() {
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) == -1 {
            // Opened to read, so that printing fails as it did; it gets the lowest free number.
            _ = open("/dev/null", O_RDONLY)
        }
    }

    /// Why results could not be written; `nil` also when the reader has gone, which is its right.
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

    /// Draws `line` in place of the line drawn before; `nil` takes it away.
    func draw(_ line: String?) {
        guard isAnimated else { return }
        state.withLock { state in
            if let line { Self.draw(line, &state) } else { Self.clear(&state) }
        }
    }

    /// The width of the terminal in cells; 80 when there is none to ask.
    var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return 80
        }
        return Int(size.ws_col)
    }

    /// The width in cells of the terminal on which results are read; `nil` when it is none.
    var resultWidth: Int? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }

    private static func draw(_ line: String, _ state: inout State) {
        guard line != state.line else { return }
        // Written over the old line and only then cut off behind, so that nothing flickers.
        write("\r\(line)\u{1B}[K")
        state.line = line
    }

    private static func clear(_ state: inout State) {
        guard state.line != nil else { return }
        write("\r\u{1B}[K")
        state.line = nil
    }

    private static func write(_ text: String) {
        // There is nobody left to tell when standard error fails.
        _ = try? FileDescriptor.standardError.writeAll(text.utf8)
    }
}
