/// What the header of a journal has besides the sort's settings, so that a lost catalogue can be
/// rebuilt.
struct JournalSettings: Codable {
    var sort: SortSettings
    /// How many of the header's sources are PHOTOS; the rest are PEOPLE.
    var photoSourceCount: Int
    /// Name to folder name.
    var people: [String: String]
}
