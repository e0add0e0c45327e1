internal import FaceCore
internal import AlbumKit

/// How the pages say what was learnt about photos.
enum KeepWords {
    /// On a tab.
    static func label(_ band: KeepBands.Band) -> String {
        switch band {
        case .discard: "Discard"
        case .look: "Look"
        case .keep: "Keep"
        }
    }

    static func heading(_ band: KeepBands.Band, count: Int) -> String {
        switch band {
        case .discard:
            count == 0
                ? "Nothing to discard" : "\(counted(count, "photo")) to discard"
        case .look:
            count == 0 ? "No photo is in doubt" : "\(counted(count, "photo")) to look at"
        case .keep: count == 0 ? "Nothing to keep" : "\(counted(count, "photo")) to keep"
        }
    }

    static func lead(_ band: KeepBands.Band, bin: String) -> String {
        let learns = "What you say is a label: it counts more than what was learnt."
        switch band {
        case .discard:
            return "Turn on those you want to keep; the rest is moved to ‘\(bin)’. Nothing is "
                + "deleted. \(learns)"
        case .look:
            return "These stay where they are. Turn off those that should go. \(learns)"
        case .keep: return "Turn off those that should go. \(learns)"
        }
    }

    static func droppedHeading(count: Int, judgedCount: Int) -> String {
        if count == 0 { return "Photos from elsewhere" }
        return judgedCount == 0
            ? "No photo to judge" : "\(counted(judgedCount, "new photo")) judged"
    }

    static let droppedLead =
        "Each is judged by what was learnt, as if it were among your photos. Nothing of it is kept: "
        + "neither the file nor what was seen in it."

    /// What is said about a photo: "82 % sure".
    static func reason(
        _ band: KeepBands.Band, _ probability: Double?, _ isOwnChoice: Bool
    ) -> String {
        if isOwnChoice { return band == .discard ? "Sorted out by you" : "Kept by you" }
        guard let probability else { return "Cannot be judged" }
        let percent = Int((100 * probability).rounded())
        switch band {
        case .discard: return "\(100 - percent) % sure to discard"
        case .look: return "Not sure: \(percent) % for keeping"
        case .keep: return "\(percent) % sure to keep"
        }
    }
}
