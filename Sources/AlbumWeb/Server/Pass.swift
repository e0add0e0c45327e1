internal import Synchronization

/// A word in an address that every user of this computer can read, such as an argument of another
/// program. It lets a browser in once, for a short time, and only for the user who serves the
/// pages.
final class Pass: Sendable {
    /// A browser that must be started first takes half a minute on a slow disk.
    static let lifetime = Duration.seconds(60)

    private let word: Secret
    private let expiry: ContinuousClock.Instant
    private let isSpent = Mutex(false)

    init(_ word: Secret, lifetime: Duration = Pass.lifetime) {
        self.word = word
        expiry = .now + lifetime
    }

    /// - Parameter isOurs: whether the user who asks is the one who serves the pages; called only
    ///   when the word is right. Another user does not use up the word.
    /// - Returns: whether it lets the browser in, which it does once.
    func admits(_ other: some StringProtocol, isOurs: () -> Bool) -> Bool {
        guard word.matches(other), ContinuousClock.now < expiry, isOurs() else { return false }
        return isSpent.withLock { isSpent in
            defer { isSpent = true }
            return !isSpent
        }
    }
}
