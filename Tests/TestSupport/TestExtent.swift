import Foundation
public import Testing

/// How much a run of the tests takes on.
public enum TestExtent {
    /// Whether it is `make check`, for which a developer waits between two changes.
    public static let isQuick = ProcessInfo.processInfo.environment["FACESORT_QUICK_TESTS"] != nil
}

extension Trait where Self == ConditionTrait {
    /// Of a test that takes two seconds or more by itself: left out by `make check`.
    public static var slow: Self {
        .enabled(if: !TestExtent.isQuick, "make check leaves it out")
    }
}
