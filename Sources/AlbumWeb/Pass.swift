internal import Synchronization

/// A word in an address that every user of this computer may read, such as an argument of another
/// program: it lets a browser in once, soon, and only a browser of the user who serves the pages.
final class Pass: Sendable {
    /// A browser that has to be started first takes half a minute on a slow disk.
    static let lifetime = Duration.seconds(60)

    private let word: Secret
    private let expiry: ContinuousClock.Instant
    private let isSpent = Mutex(false)

    init(_ word: Secret, lifetime: Duration = Pass.lifetime) {
        self.word = word
        expiry = .now + lifetime
    }

    /// - Parameter isOurs: whether who asks is the user who serves the pages; asked of nobody who
    ///   does not know the word, and who is not does not spend it.
    /// - Returns: whether it lets in; it does so once.
    func admits(_ other: some StringProtocol, isOurs: () -> Bool) -> Bool {
        guard word.matches(other), ContinuousClock.now < expiry, isOurs() else { return false }
        return isSpent.withLock { isSpent in
            defer { isSpent = true }
            return !isSpent
        }
    }
}
