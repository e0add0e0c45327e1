import Foundation

/// Time on the clock, and of all cores together.
struct Stopwatch {
    let seconds: Double
    let cpuSeconds: Double

    static func time<Result>(_ body: () throws -> Result) rethrows -> (Stopwatch, Result) {
        let before = clock()
        let start = ContinuousClock.now
        let result = try body()
        let passed = start.duration(to: .now)
        let cpu = Double(clock() - before) / Double(CLOCKS_PER_SEC)
        return (Stopwatch(seconds: passed / .seconds(1), cpuSeconds: cpu), result)
    }

    var text: String { String(format: "%.2f s (CPU %.2f s)", seconds, cpuSeconds) }
}
