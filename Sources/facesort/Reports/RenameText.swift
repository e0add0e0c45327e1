internal import FaceCore
import AlbumKit

/// The old names and the new ones, as text for a person.
struct RenameText {
    /// After the renaming the names can be seen in the folder.
    private static let listLimit = 20

    let summary: RenameSummary
    /// The folder whose names change, as the user wrote it.
    let folder: String
    /// Where the contact sheet is, as the user wrote it.
    let sheet: String?
    /// The command as it was given, to show with `--apply`.
    let again: String
    let isVerbose: Bool

    /// Whole lines, with an empty one between parts.
    var text: String {
        [
            title + list, remarks,
            SummaryText.troubled(
                summary.failures, limit: isVerbose ? .max : Self.listLimit),
            SummaryText.portraits(summary.portraitTroubles, limit: Self.listLimit), next,
        ]
        .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var title: String {
        let photos = counted(summary.photoCount, "photo")
        guard !summary.renames.isEmpty else {
            return "\(photos): all have their names already.\n"
        }
        let count = summary.renames.count
        let what = "\(grouped(count)) of \(photos)"
        if summary.isApplied {
            return summary.isCopy
                ? "\(what) copied to \(quoted(folder)) under new names in "
                    + "\(duration(seconds: summary.seconds)).\n"
                : "\(what) renamed in \(duration(seconds: summary.seconds)).\n"
        }
        return summary.isCopy
            ? "\(what) would be copied; nothing was copied.\n"
            : "\(what) would be renamed; nothing was renamed.\n"
    }

    private var list: String {
        let limit = isVerbose || !summary.isApplied ? Int.max : Self.listLimit
        var columns = Columns([.left, .left])
        for rename in summary.renames.prefix(limit) {
            columns.add(quoted(rename.photo), "-> " + quoted(rename.to))
            for sidecar in rename.sidecars {
                columns.add("  " + quoted(sidecar.from), "-> " + quoted(sidecar.to))
            }
        }
        let rest = summary.renames.count - limit
        return columns.text + (rest > 0 ? "  and \(grouped(rest)) more (--verbose)\n" : "")
    }

    private var remarks: String {
        var lines = (summary.links + summary.hints).map(visible)
        for (field, what) in [
            (RenameField.date, "no date"), (.time, "no time"),
            (.camera, "no camera named in it"),
        ] {
            guard let count = summary.missing[field] else { continue }
            lines.append(
                "\(counted(count, "photo")) \(count == 1 ? "has" : "have") \(what): "
                    + "{\(field.rawValue)} is left out.")
        }
        if summary.otherFileCount > 0, summary.isCopy {
            lines.append(
                "\(counted(summary.otherFileCount, "file")) in PHOTOS "
                    + "\(summary.otherFileCount == 1 ? "is not a photo" : "are not photos"); of "
                    + "those, only files beside a photo with its name are copied.")
        }
        if let sheet {
            lines.append(
                "\(quoted(sheet)) shows all of them: open it in a browser, or print it.")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private var next: String {
        if summary.renames.isEmpty { return "" }
        if summary.isArchive, summary.isApplied { return "" }
        return summary.isApplied
            ? "To take it back:\n  facesort undo \(shellWord(folder))\n"
            : "To \(summary.isArchive ? "write" : summary.isCopy ? "copy" : "rename") them:\n  facesort \(again) --apply\n"
    }
}
