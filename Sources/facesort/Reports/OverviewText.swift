import AlbumKit

/// What is said within the first two seconds.
enum OverviewText {
    /// "312 photos, 18 people; 3 portraits need a look; about 2 minutes"
    static func sentence(_ overview: SortOverview) -> String {
        var photos = counted(overview.photoCount, "photo")
        if overview.newPhotoCount < overview.photoCount, overview.newPhotoCount > 0 {
            photos += " (\(grouped(overview.newPhotoCount)) new)"
        }
        let people =
            overview.personCount == 0
            ? "no people yet" : counted(overview.personCount, "person", "people")
        var parts = ["\(photos), \(people)"]
        let portraits = Set(overview.portraitTroubles.map { [$0.person, $0.portrait ?? ""] }).count
        if portraits > 0 {
            parts.append(
                "\(counted(portraits, "portrait")) \(portraits == 1 ? "needs" : "need") a look")
        }
        if overview.newPhotoCount == 0 {
            parts.append("nothing new to look at")
        } else if let seconds = overview.expectedSeconds {
            parts.append(expected(seconds: seconds))
        }
        let start = overview.isResumed ? "Going on where the last run stopped: " : ""
        return start + parts.joined(separator: "; ")
    }
}
