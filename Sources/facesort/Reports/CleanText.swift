internal import FaceCore
import AlbumKit

/// What `clean` found, as text for a person.
struct CleanText {
    private static let listLimit = 20

    let summary: CleanSummary
    /// As the user wrote it.
    let bin: String
    /// As the user wrote it.
    let report: String?
    /// The command as it was given, to show with `--apply`.
    let again: String
    let isVerbose: Bool

    private var limit: Int { isVerbose ? .max : Self.listLimit }

    /// Whole lines, with an empty one between parts.
    var text: String {
        [
            title + counts, list, remarks, SummaryText.troubled(summary.failures, limit: limit),
            SummaryText.portraits(summary.portraitTroubles, limit: limit), next,
        ]
        .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var title: String {
        SummaryText.moved(
            summary.moves.count, of: summary.photoCount, byteCount: summary.byteCount,
            isApplied: summary.isApplied, bin: bin, seconds: summary.seconds)
    }

    private var counts: String {
        guard !summary.moves.isEmpty else { return "" }
        var columns = Columns([.left, .right, .right, .left])
        for filter in summary.filters {
            let moves = summary.moves.filter { $0.filter == filter }
            columns.add(
                filter.folder, grouped(moves.count),
                moves.isEmpty ? "" : byteSize(moves.reduce(0) { $0 + $1.byteCount }),
                meaning(filter))
        }
        return columns.text
    }

    private func meaning(_ filter: CleanFilter) -> String {
        switch filter {
        case .duplicates:
            let kept = summary.groups.count
            return kept == 0 ? "" : "\(counted(kept, "picture")), the best file of each stays"
        case .blurred: return "faces out of focus or moved; the picture when it has no face"
        case .noFaces: return "no face found (people seen from behind have none)"
        case .noKnown:
            return "none of your people recognised (people seen from behind never are)"
        }
    }

    private var list: String {
        guard !summary.moves.isEmpty else { return "" }
        var text = ""
        for filter in summary.filters {
            for move in summary.moves.filter({ $0.filter == filter }).prefix(limit / 2) {
                text += SummaryText.move(move.photo, move.reason, sidecars: move.sidecars)
            }
            let rest = summary.moves.count { $0.filter == filter } - limit / 2
            if rest > 0 {
                text += "  and \(grouped(rest)) more in \(filter.folder) (--verbose)\n"
            }
        }
        return text
    }

    private var remarks: String {
        var lines: [String] = []
        var chosen: [String] = []
        if summary.keptByYouCount > 0 {
            chosen.append("\(counted(summary.keptByYouCount, "photo")) kept by you")
        }
        if summary.sortedOutByYouCount > 0 {
            chosen.append("\(counted(summary.sortedOutByYouCount, "photo")) sorted out by you")
        }
        if !chosen.isEmpty { lines.append(enumerated(chosen) + ".") }
        if let report {
            lines.append("The whole list is in \(quoted(report)): duplicates.csv, sharpness.csv.")
        }
        return SummaryText.keptSidecars(summary.keptSidecarCount)
            + lines.map { $0 + "\n" }.joined()
    }

    private var next: String {
        SummaryText.next(
            after: summary.moves.count, isApplied: summary.isApplied, bin: bin, again: again)
    }
}
