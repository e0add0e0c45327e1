/// What the header of a journal has besides the sort's settings, so that a lost catalogue can be
/// rebuilt.
struct JournalSettings: Codable {
    var sort: SortSettings
    /// How many of the header's sources are PHOTOS; the rest are PEOPLE.
    var photoSourceCount: Int
    /// Name to folder name.
    var people: [String: String]

    init(sort: SortSettings, photoSourceCount: Int, people: [String: String]) {
        self.sort = sort
        self.photoSourceCount = photoSourceCount
        self.people = people
    }

    init?(text: String) {
        guard let settings = JSONText.decoded(Self.self, from: text) else { return nil }
        self = settings
    }
}
