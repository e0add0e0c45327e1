internal import FaceCore
internal import AlbumKit

/// How the pages say what `clean` found.
enum CleanWords {
    /// On a tab.
    static func label(_ filter: CleanFilter) -> String {
        switch filter {
        case .duplicates: "Alike"
        case .blurred: "Blurred"
        case .noFaces: "No faces"
        case .noKnown: "Others"
        }
    }

    static func heading(_ filter: CleanFilter, count: Int) -> String {
        switch filter {
        case .duplicates:
            count == 0
                ? "No two are alike"
                : "Nearly the same, \(times(count))"
        case .blurred:
            count == 0 ? "No photo is blurred" : "\(counted(count, "blurred photo"))"
        case .noFaces:
            count == 0
                ? "A face in every photo" : "\(counted(count, "photo")) without a face"
        case .noKnown:
            count == 0
                ? "Somebody you know in every photo"
                : "\(counted(count, "photo")) of nobody you know"
        }
    }

    static func lead(_ filter: CleanFilter, bin: String) -> String {
        let rest = "is moved to ‘\(bin)’. Nothing is deleted."
        switch filter {
        case .duplicates:
            return "One of each is kept. Turn on any other you want to keep; the rest \(rest)"
        case .blurred: return "Turn on those you want to keep; the rest \(rest)"
        case .noFaces, .noKnown:
            return
                "Somebody seen from behind has no face. Turn on those you want to keep; the rest "
                + rest
        }
    }

    /// Above photos side by side: "Four in two seconds", "One picture, three times".
    static func heading(_ group: CleanGroup) -> String {
        let count = group.tiles.count
        guard count > 1 else { return "Sorted out by you" }
        let photos = Set(group.tiles.map(\.photo.id))
        if photos.count == 1 { return "\(spelled(count)) files with the same bytes" }
        guard group.isBurst else {
            return "One picture, \(count == 2 ? "twice" : "\(spelled(count).lowercased()) times")"
        }
        let seconds = group.tiles.compactMap { $0.photo.taken?.secondOfDay }
        guard seconds.count == count, let first = seconds.min(), let last = seconds.max(),
            last - first < 60
        else { return "\(spelled(count)) of one burst" }
        let span = last - first
        return span < 2
            ? "\(spelled(count)) in a second"
            : "\(spelled(count)) in \(spelled(span).lowercased()) seconds"
    }

    /// A reason without the name before it: "is kept by you" becomes "Kept by you".
    static func onPage(_ reason: String) -> String {
        let words = reason.hasPrefix("is ") ? reason.dropFirst(3) : reason[...]
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// Beside a photo that one list keeps and another does not.
    static func goesAllTheSame(_ filter: CleanFilter) -> String {
        "Still goes: " + (filter == .noKnown ? "nobody you know" : label(filter).lowercased())
    }

    private static func times(_ count: Int) -> String {
        switch count {
        case 1: "once"
        case 2: "twice"
        default: "\(grouped(count)) times"
        }
    }

    /// Small numbers in words, for the beginning of a heading.
    private static func spelled(_ number: Int) -> String {
        let words = [
            "None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
            "Eleven", "Twelve",
        ]
        return words.indices.contains(number) ? words[number] : grouped(number)
    }
}
