internal import FaceCore
internal import PhotoIndex
import AlbumKit

/// What `sort` did, as text for a person.
struct SummaryText {
    /// A longer list is not a summary; `--verbose` shows it.
    private static let listLimit = 20
    /// Few, so that the last lines can be read at a glance.
    private static let strangerLimit = 5

    let summary: SortSummary
    /// The album as the user wrote it.
    let album: String
    let isVerbose: Bool
    /// Notes shown before the run, which are not repeated.
    var shownNotes: Set<String> = []

    private var limit: Int { isVerbose ? .max : Self.listLimit }

    /// Whole lines, with an empty one between parts.
    var text: String {
        let parts = [
            title, counts, certainty + DecisionText.line(summary.decisions), failures, portraits,
            renames, copies, remarks, changes, written, next, strangers,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    // MARK: Moving into a bin

    /// How many photos were moved, or would be; a line.
    ///
    /// - Parameters:
    ///   - count: of the photos that go, which are `byteCount` in size.
    ///   - all: how many were looked at.
    static func moved(
        _ count: Int, of all: Int, byteCount: Int64, isApplied: Bool, bin: String, seconds: Double
    ) -> String {
        guard count > 0 else { return "\(counted(all, "photo")): nothing to move.\n" }
        let going = "\(counted(count, "photo")) of \(grouped(all))"
        return isApplied
            ? "\(going), \(byteSize(byteCount)), moved to \(quoted(bin)) in "
                + "\(duration(seconds: seconds)).\n"
            : "\(going) would go, \(byteSize(byteCount)); nothing was moved.\n"
    }

    /// A photo that goes, why, and what goes along.
    static func move(_ photo: String, _ reason: String, sidecars: [String]) -> String {
        "  \(quoted(photo)) \(visible(reason))\n"
            + (sidecars.isEmpty
                ? "" : "    and \(enumerated(sidecars.map(quoted))) beside it\n")
    }

    /// How many files beside photos stay; a line, empty when none does.
    static func keptSidecars(_ count: Int) -> String {
        count == 0
            ? ""
            : "\(counted(count, "file")) beside photos that go \(count == 1 ? "stays" : "stay").\n"
    }

    /// What to do next after photos were moved into a bin, or would be; empty when none goes.
    ///
    /// - Parameter again: the same command, ``RawArguments/again``.
    static func next(after moveCount: Int, isApplied: Bool, bin: String, again: String) -> String {
        guard moveCount > 0 else { return "" }
        return isApplied
            ? "Look through them, then delete the folder. To bring them back:\n"
                + "  facesort undo \(shellWord(bin))\n"
            : "To look through them first, on a page:\n  facesort \(again) --page --open\n\n"
                + "To move them:\n  facesort \(again) --apply\n"
    }

    // MARK: Parts

    /// A failure in two lines: what is wrong, and what to do.
    static func failure(_ failure: PhotoFailure, indent: String) -> String {
        indent + ErrorReport.sentence(failure.path, failure.reason)
            + ErrorReport.indented(failure.remedy, by: indent + "  ")
    }

    /// A trouble with a portrait in two lines.
    static func trouble(_ trouble: PortraitTrouble, indent: String) -> String {
        indent + visible(trouble.sentence)
            + ErrorReport.indented(trouble.remedy, by: indent + "  ")
    }

    /// Which photos had trouble, and what to do about it; empty when none had.
    ///
    /// - Parameter limit: how many are listed; `--verbose` lists all.
    static func troubled(_ failures: [PhotoFailure], limit: Int) -> String {
        guard !failures.isEmpty else { return "" }
        return "\(counted(failures.count, "photo")) had trouble:\n"
            + list(failures.map { failure($0, indent: "  ") + "\n" }, limit: limit)
    }

    /// What is wrong with portraits, and what to do about it; empty when nothing is wrong.
    static func portraits(_ troubles: [PortraitTrouble], limit: Int = .max) -> String {
        troubles.prefix(limit).map { trouble($0, indent: "  ") + "\n" }.joined()
    }

    /// The first of `entries`, each of whole lines, and how many more `--verbose` shows.
    static func list(_ entries: [String], limit: Int, indent: String = "  ") -> String {
        let rest = entries.count - limit
        return entries.prefix(limit).joined()
            + (rest > 0 ? "\(indent)and \(grouped(rest)) more (--verbose)\n" : "")
    }

    private var title: String {
        let photos = counted(summary.photoCount, "photo")
        let faces = counted(summary.faceCount, "face")
        if summary.isDryRun {
            return "\(photos) with \(faces) would be sorted into \(quoted(album)); "
                + "nothing was written.\n"
        }
        return "\(photos) with \(faces) sorted into \(quoted(album)) "
            + "in \(duration(seconds: summary.seconds)).\n"
    }

    private var counts: String {
        var columns = Columns([.left, .right, .left])
        for person in summary.people {
            columns.add(person.name, grouped(person.photoCount), "")
        }
        columns.add(
            "group", grouped(summary.groupCount),
            summary.groupCount == 0
                ? "" : "with \(counted(summary.settings.groupSize, "face")) or more")
        columns.add("unknown", grouped(summary.unknownCount), unknownReasons)
        if summary.unreadableCount > 0 {
            columns.add("unreadable", grouped(summary.unreadableCount), "")
        }
        return columns.text
    }

    private var unknownReasons: String {
        let reasons = summary.unknownReasons
        return [
            ("no face", reasons.noFace), ("strangers", reasons.strangers),
            ("nearly someone", reasons.nearly), ("damaged", reasons.damaged),
        ]
        .filter { $0.1 > 0 }
        .map { "\($0.0) \(grouped($0.1))" }
        .joined(separator: ", ")
    }

    /// How sure the names are, and how many questions wait for an answer.
    private var certainty: String {
        func faces(_ band: Band) -> Int { summary.bands[band] ?? 0 }
        guard !summary.people.isEmpty, summary.faceCount > 0 else { return strangerCount }
        var parts = ["\(grouped(faces(.sure))) sure", "\(grouped(faces(.likely))) likely"]
        if faces(.ask) > 0 {
            parts.append(
                "\(grouped(faces(.ask))) nearly someone "
                    + "(\(counted(summary.questionCount, "question")))")
        }
        parts.append("\(grouped(faces(.no))) unknown")
        return "Faces: \(parts.joined(separator: ", ")).\n" + strangerCount
    }

    private var strangerCount: String {
        let count = summary.strangers.count
        guard count > 0 else { return "" }
        return "\(counted(count, "stranger")) \(count == 1 ? "appears" : "appear") in 3 or more "
            + "photos.\n"
    }

    /// Where the photos of strangers who appear often are.
    private var strangers: String {
        let folders = summary.strangers.compactMap { stranger in
            stranger.folder.map { (path: album + "/" + $0, photoCount: stranger.photoCount) }
        }
        guard !folders.isEmpty else { return "" }
        var columns = Columns([.left, .left])
        let shown = folders.prefix(isVerbose ? .max : Self.strangerLimit)
        for folder in shown {
            columns.add(folder.path, "in \(counted(folder.photoCount, "photo"))")
        }
        let more = folders.count - shown.count
        return "Strangers:\n" + columns.text
            + (more > 0 ? "  and \(grouped(more)) more in \(quoted(album + "/unknown"))\n" : "")
    }

    private var failures: String {
        let count = summary.failures.count
        guard count > 0 else { return "" }
        let unwritten = summary.failures.count(where: \.isUnwritten)
        let verb =
            unwritten == 0 ? "read" : unwritten == count ? "put into the album" : "read or written"
        return list(
            count == 1
                ? "1 photo could not be \(verb) as it should be:"
                : "\(grouped(count)) photos could not be \(verb) as they should be:",
            summary.failures.map { Self.failure($0, indent: "  ") },
            more: "facesort status \(shellWord(album))")
    }

    private var portraits: String {
        list(
            "Portraits that need a look:",
            summary.portraitTroubles.map { Self.trouble($0, indent: "  ") },
            more: "facesort people \(shellWord(album)) check")
    }

    private var renames: String {
        list(
            "Names changed so that they fit:",
            summary.renames.map { rename in
                "  \(quoted(rename.original)) is \(quoted(rename.name)): \(visible(rename.reason))"
            },
            more: "facesort sort --to \(shellWord(album)) --verbose")
    }

    private var copies: String {
        guard !summary.copies.isEmpty else { return "" }
        let extra = summary.copies.reduce(0) { $0 + $1.alsoAt.count }
        let title =
            "\(counted(extra, "file")) \(extra == 1 ? "is a copy" : "are copies") of "
            + "\(summary.copies.count == 1 ? "another photo" : "other photos"), kept once; further "
            + "names are in 'copies':"
        return list(
            title,
            summary.copies.map { copy in
                let names = copy.alsoAt.prefix(limit).map(quoted)
                let rest = copy.alsoAt.count - names.count
                let more = rest > 0 ? ["\(grouped(rest)) more"] : []
                return "  \(quoted(copy.photo)) is also \(enumerated(names + more))"
            },
            more: "facesort sort --to \(shellWord(album)) --verbose")
    }

    /// One line each.
    private var remarks: String {
        var lines: [String] = []
        if !summary.skipped.isEmpty {
            // After a dry run there may be no album yet that `status` could read.
            let hint =
                summary.isDryRun
                ? "" : "; listed by: facesort status \(shellWord(album)) --skipped"
            lines.append("Not sorted: \(kinds(summary.skipped))\(hint)")
        }
        if summary.heldPhotoCount > 0 {
            let isOne = summary.heldPhotoCount == 1
            lines.append(
                "\(counted(summary.heldPhotoCount, "photo")) \(isOne ? "stays" : "stay") in the "
                    + "album although \(isOne ? "its original is" : "their originals are") gone or "
                    + "out of reach.")
        }
        if summary.leftToUserCount > 0 {
            lines.append(
                "\(counted(summary.leftToUserCount, "file")) that you changed, moved or deleted "
                    + "\(summary.leftToUserCount == 1 ? "was" : "were") left as you have "
                    + "\(summary.leftToUserCount == 1 ? "it" : "them").")
        }
        if isVerbose { lines += details }
        lines += summary.notes.filter { !shownNotes.contains($0) }.map(visible)
        return lines.map { $0 + "\n" }.joined()
    }

    /// What only `--verbose` shows.
    private var details: [String] {
        let settings = summary.settings
        return [
            "Settings: tolerance \(settings.match.tolerance), rule \(settings.match.rule.rawValue), "
                + "naming \(settings.match.naming.rawValue), "
                + (settings.match.filesOnlySure ? "only sure matches, " : "")
                + "group size \(settings.groupSize), link \(settings.link.rawValue).",
            "\(counted(summary.analysedCount, "photo")) looked at in this run.",
        ]
    }

    private var changes: String {
        guard summary.isDryRun else { return "" }
        guard !summary.changes.isEmpty else { return "Nothing would change.\n" }
        return list(
            "\(counted(summary.changes.count, "file")) would change:",
            summary.changes.map { "  " + line(of: $0) },
            more: "the same command with --verbose")
    }

    private func line(of change: PlannedChange) -> String {
        switch change.kind {
        case .copy: "add     \(visible(change.path))"
        case .move: "move    \(visible(change.from ?? "")) to \(visible(change.path))"
        case .remove: "remove  \(visible(change.path))"
        case .prune: "prune   \(visible(change.path))"
        }
    }

    private var written: String {
        guard !summary.isDryRun else { return "" }
        var parts: [String] = []
        if summary.copiedFileCount > 0 {
            // Links take no space, so there is no size to report.
            let size = summary.copiedByteCount > 0 ? " (\(byteSize(summary.copiedByteCount)))" : ""
            parts.append("wrote \(counted(summary.copiedFileCount, "file"))\(size)")
        }
        for (verb, count) in [
            ("moved", summary.movedFileCount), ("removed", summary.removedFileCount),
            ("pruned", summary.prunedFileCount),
        ] where count > 0 {
            parts.append("\(verb) \(counted(count, "file"))")
        }
        guard !parts.isEmpty else { return "Nothing had to be written.\n" }
        let sentence = enumerated(parts)
        return sentence.prefix(1).uppercased() + sentence.dropFirst() + ".\n"
    }

    private var next: String {
        let album = shellWord(album)
        var columns = Columns([.left, .left])
        if summary.isDryRun {
            columns.add("the same without --dry-run", "do it")
        }
        if summary.people.isEmpty, summary.photoCount > 0 {
            columns.add(
                "facesort sort --people PEOPLE --to \(album)", "recognise people by portraits")
        }
        if !summary.isDryRun {
            if !summary.strangers.isEmpty || summary.questionCount > 0 {
                let strangers = summary.strangers.isEmpty ? "" : "name the strangers"
                let doubtful = summary.questionCount == 0 ? "" : "answer what is doubtful"
                columns.add(
                    "facesort review \(album) --open",
                    [strangers, doubtful].filter { !$0.isEmpty }.joined(separator: ", ")
                        + " in the browser")
            }
            if !summary.portraitTroubles.isEmpty {
                columns.add("facesort people \(album) check", "portraits that need a look")
            }
            if summary.photoCount > 0, !summary.people.isEmpty {
                columns.add("facesort why PHOTO", "why a photo lies where it does")
            }
            if summary.groupCount > 0 {
                columns.add("facesort groups \(album)", "the group photos and who is in them")
            }
            if summary.heldPhotoCount > 0 {
                columns.add(
                    "facesort sort --to \(album) --prune", "take out photos without originals")
            }
            if summary.run != nil {
                columns.add("facesort undo \(album)", "take this run back")
            }
        }
        let lines = columns.text
        return lines.isEmpty ? "" : "Next:\n" + lines
    }

    /// `title`, the first entries, then how many more there are and which command lists them; empty
    /// without entries.
    private func list(_ title: String, _ entries: [String], more command: String) -> String {
        guard !entries.isEmpty else { return "" }
        var lines = [title] + entries.prefix(limit)
        if entries.count > limit {
            let command = summary.isDryRun ? "the same command with --verbose" : command
            lines.append("  and \(grouped(entries.count - limit)) more: \(command)")
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
