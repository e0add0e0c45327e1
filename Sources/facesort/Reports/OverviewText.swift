internal import FaceCore
internal import PhotoIndex

/// What a command says within the first two seconds.
enum OverviewText {
    /// "312 photos (12 new); about 2 minutes"
    static func photos(_ overview: SurveyOverview) -> String {
        let time = overview.expectedSeconds.map { expected(seconds: $0) }
        return count(overview) + "; " + (time ?? "nothing new to look at")
    }

    /// "312 photos, 18 people; 3 portraits need a look; about 2 minutes"
    static func sentence(_ overview: SurveyOverview) -> String {
        let people =
            overview.personCount == 0
            ? "no people yet" : counted(overview.personCount, "person", "people")
        var parts = ["\(count(overview)), \(people)"]
        let portraits = portraitsInTrouble(overview.portraitTroubles)
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

    private static func count(_ overview: SurveyOverview) -> String {
        let (all, new) = (overview.photoCount, overview.newPhotoCount)
        return counted(all, "photo") + (new < all && new > 0 ? " (\(grouped(new)) new)" : "")
    }

    /// How many portraits need a look; a person without a trouble about one portrait counts once.
    private static func portraitsInTrouble(_ troubles: [PortraitTrouble]) -> Int {
        let named = troubles.filter { $0.portrait != nil }
        let people = Set(named.map(\.person))
        let others = Set(troubles.map(\.person)).subtracting(people)
        return Set(named.compactMap(\.portrait)).count + others.count
    }
}
