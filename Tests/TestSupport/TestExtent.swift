import Foundation
public import Testing

/// How much a run of the tests covers.
public enum TestExtent {
    /// Whether it is `make check`, which a developer waits for between two changes.
    public static let isQuick = ProcessInfo.processInfo.environment["FACESORT_QUICK_TESTS"] != nil
}

extension Trait where Self == ConditionTrait {
    /// For a test that takes two seconds or more by itself: `make check` skips it.
    public static var slow: Self {
        .enabled(if: !TestExtent.isQuick, "make check leaves it out")
    }
}
