internal import FaceCore
import Synchronization

/// Shows how far a long run is: a line redrawn in place on a terminal, elsewhere a plain line now
/// and then, nothing when asked to be quiet.
final class Progress: Sendable {
    private struct State {
        var title = ""
        var start = ContinuousClock.now
        var firstDone = 0
        var lastShown: ContinuousClock.Instant?
    }

    private let console: Console
    private let isShown: Bool
    private let state = Mutex(State())

    /// How often the line is drawn: quick enough to look alive, seldom enough to cost nothing.
    private static let redraw = Duration.milliseconds(100)
    /// How often a plain line is printed: seldom enough for a log.
    private static let plainLine = Duration.seconds(30)
    /// Before this the rate says more about the start than about the photos.
    private static let settling = Duration.seconds(2)

    /// In cells: long enough to see it move, short enough to leave room.
    private static let longestBar = 30
    /// In cells: below this a bar says less than the numbers.
    private static let shortestBar = 8
    /// In cells: "  12,345 of 12,345  4.2 photos/s  12 min 34 s left" and two spaces.
    private static let roomForNumbers = 52

    init(console: Console, isShown: Bool) {
        self.console = console
        self.isShown = isShown
    }

    /// Shows that `done` of `total` are done; `title` names the work.
    ///
    /// - Parameter unit: what is counted, in the plural: "photos".
    func show(_ title: String, _ done: Int, of total: Int, unit: String) {
        guard isShown, total > 0 else { return }
        let now = ContinuousClock.now
        let line = state.withLock { state -> String? in
            if state.title != title {
                state = State(title: title, start: now, firstDone: done, lastShown: nil)
                if !console.isAnimated { state.lastShown = now }
            }
            let pause = console.isAnimated ? Self.redraw : Self.plainLine
            if let last = state.lastShown, now - last < pause, done < total { return nil }
            if !console.isAnimated, done >= total { return nil }
            state.lastShown = now
            let isSettled = now - state.start >= Self.settling
            let rate =
                isSettled ? Double(done - state.firstDone) / ((now - state.start) / .seconds(1)) : 0
            return console.isAnimated
                ? bar(title, done, total, unit, rate) : plain(title, done, total, unit, rate)
        }
        guard let line else { return }
        if console.isAnimated { console.draw(line) } else { console.message(line) }
    }

    /// Clears the line.
    func finish() {
        if isShown { console.draw(nil) }
    }

    private func plain(
        _ title: String, _ done: Int, _ total: Int, _ unit: String, _ rate: Double
    ) -> String {
        let left = timeLeft(total - done, rate).map { ", \($0)" } ?? ""
        return "\(title): \(grouped(done)) of \(grouped(total)) \(unit)\(left)"
    }

    private func bar(
        _ title: String, _ done: Int, _ total: Int, _ unit: String, _ rate: Double
    ) -> String {
        let digits = grouped(total)
        let count = String(repeating: " ", count: max(0, digits.count - grouped(done).count))
        var right = "\(count)\(grouped(done)) of \(digits)"
        if rate > 0 {
            right += "  \(decimal(rate, places: rate < 10 ? 1 : 0)) \(unit)/s"
            if let left = timeLeft(total - done, rate) { right += "  \(left)" }
        }
        // One cell stays free: some terminals wrap a line that fills them. The bar leaves room for
        // all the numbers that may come beside it, so that its length does not jump.
        let width = console.width - 1
        let length = min(Self.longestBar, width - displayWidth(title) - Self.roomForNumbers)
        guard length >= Self.shortestBar else {
            return String("\(title)  \(right)".prefix(max(0, width)))
        }
        let filled = min(length, length * done / total)
        let bar =
            String(repeating: "=", count: filled) + String(repeating: ".", count: length - filled)
        return String("\(title)  \(bar)  \(right)".prefix(width))
    }

    private func timeLeft(_ count: Int, _ rate: Double) -> String? {
        guard rate > 0, count > 0 else { return nil }
        let seconds = Double(count) / rate
        return seconds < 10 ? "a few seconds left" : "\(duration(seconds: seconds)) left"
    }
}
