/// A file on a page, as one filter asks about it.
public struct CleanTile: Hashable, Sendable {
    /// Of its photo.
    public let photo: ReviewPhoto
    /// Relative to the PHOTOS folder that it lies in.
    public let path: String
    public let byteCount: Int64
    /// Whether it stays as far as the filter is concerned.
    public let isKept: Bool
    /// To be read after the name: "is the same picture as 'a.jpg', which is larger".
    public let reason: String
    /// Whether the user said so.
    public let isChosen: Bool
    /// Whether it is another file of a photo that has a tile already; it cannot be chosen by itself.
    public let isCopy: Bool
    /// The other reason for which it goes although this filter keeps it.
    public let otherReason: CleanFilter?
}

/// Files that are looked at side by side.
public struct CleanGroup: Hashable, Sendable, Identifiable {
    /// Of its first photo.
    public var id: ReviewToken { tiles[0].photo.id }
    /// At least one, the best first.
    public let tiles: [CleanTile]
    /// Whether they are of one burst; else they show one picture.
    public let isBurst: Bool
}

/// What there is to look through, and what goes as things stand.
public struct CleanOverview: Hashable, Sendable {
    /// Grows with every choice and every move: pages carry it, and the form that moves sends it back.
    public let revision: Int
    /// Photo files that are still where they were, copies among them.
    public let photoCount: Int
    /// Files that go, those beside photos left out.
    public let goingCount: Int
    public let goingByteCount: Int64
    /// By filter, how many groups there are to look through.
    public let groupCounts: [CleanFilter: Int]
    /// By filter, for how many photos something was chosen that counts here.
    public let chosenCounts: [CleanFilter: Int]
}
