internal import FaceCore
internal import PhotoIndex
import AlbumKit

/// What `keep` found, as text for a person.
enum KeepText {
    private static let listLimit = 10

    // MARK: Labels

    static func labels(_ summary: KeepLabelSummary, isVerbose: Bool) -> String {
        let all = summary.keepCount + summary.discardCount
        var text =
            "\(counted(all, "photo")) labelled: \(grouped(summary.keepCount)) to keep, "
            + "\(grouped(summary.discardCount)) to discard. \(grouped(summary.newCount)) "
            + "\(summary.newCount == 1 ? "is" : "are") new"
            + (summary.changedCount == 0
                ? ".\n" : ", \(grouped(summary.changedCount)) changed their label.\n")
        text +=
            "In all there are \(counted(summary.allKeepCount + summary.allDiscardCount, "label")): "
            + "\(grouped(summary.allKeepCount)) to keep, \(grouped(summary.allDiscardCount)) to "
            + "discard.\n"
        let contradictions = list(
            summary.contradictions.map {
                "  \(quoted($0.keep)) is also \(quoted($0.discard))\n"
            }, isVerbose)
        return joined([
            text,
            contradictions.isEmpty
                ? "" : "In both folders, so left out:\n" + contradictions,
            summary.otherFileCount == 0
                ? ""
                : "\(counted(summary.otherFileCount, "file")) there "
                    + "\(summary.otherFileCount == 1 ? "is not a photo" : "are not photos").\n",
            failures(summary.failures, isVerbose), notes(summary.notes),
            "Next:\n  facesort keep train PHOTOS --to \(shellWord(summary.bin))\n",
        ])
    }

    // MARK: Training

    static func training(
        _ summary: KeepTrainingSummary, bin: String, isVerbose: Bool
    ) -> String {
        let report = summary.report
        let title =
            report.verdict == .learnt
            ? "Learnt from \(counted(report.labelCount, "label")) in "
                + "\(duration(seconds: summary.seconds)): \(grouped(report.keepCount)) to keep, "
                + "\(grouped(report.discardCount)) to discard.\n"
            : "Nothing could be learnt from \(counted(report.labelCount, "label")): what it found "
                + "is no better than a guess.\n"
        return joined([
            title + figures(report), measured(report),
            summary.unusedReason.map { "Not learnt from: \($0).\n" } ?? "",
            failures(summary.failures, isVerbose),
            SummaryText.portraits(summary.portraitTroubles),
            report.verdict == .learnt
                ? "Next:\n  facesort keep apply PHOTOS --to \(shellWord(bin))\n"
                : "Label more photos, or check whether the labels follow anything that can be seen "
                    + "in the photos.\n",
        ])
    }

    /// The table of the figures for held-out and cross-validated photos.
    private static func figures(_ report: KeepReport) -> String {
        table([("held out", report.heldOut), ("cross-validated", report.crossValidated)])
    }

    private static func table(_ rows: [(title: String, figures: KeepFigures)]) -> String {
        var columns = Columns([.left, .right, .right, .right, .right, .right])
        columns.add("", "photos", "right", "guess", "discard precision", "recall")
        for (title, figures) in rows {
            columns.add(
                title, grouped(figures.photoCount), percent(figures.accuracy),
                percent(figures.majorityAccuracy), percent(figures.discardPrecision),
                percent(figures.discardRecall))
        }
        return columns.text
    }

    private static func measured(_ report: KeepReport) -> String {
        let heldOut =
            switch report.split {
            case .lastFifth: "The last fifth by time is held out"
            case .everyFifthStretch:
                "Every fifth of 25 stretches of time is held out, because the last fifth is nearly "
                    + "all of one kind"
            case .fifthOfEither:
                "A random fifth of each kind is held out, because any fifth by time is nearly all "
                    + "of one kind"
            }
        return heldOut + "; photos of one moment (there are "
            + "\(grouped(report.momentCount)) moments) are on one side.\n'guess': always answering "
            + "with the more frequent label.\n"
    }

    // MARK: Judging

    static func judgement(
        _ summary: KeepSummary, bin: String, again: String, isVerbose: Bool
    ) -> String {
        let title = SummaryText.moved(
            summary.moves.count, of: summary.verdicts.count, byteCount: summary.byteCount,
            isApplied: summary.isApplied, bin: bin, seconds: summary.seconds)
        var columns = Columns([.left, .right, .left])
        for band in KeepBands.Band.allCases {
            columns.add(band.rawValue, grouped(summary.count(band)), meaning(band, summary))
        }
        let moved = list(
            summary.moves.map {
                SummaryText.move($0.photo, $0.reason, sidecars: $0.sidecars)
            }, isVerbose)
        return joined([
            title + columns.text, moved,
            SummaryText.keptSidecars(summary.keptSidecarCount),
            failures(summary.failures, isVerbose),
            SummaryText.portraits(summary.portraitTroubles),
            notes(summary.notes),
            SummaryText.next(
                after: summary.moves.count, isApplied: summary.isApplied, bin: bin, again: again),
        ])
    }

    private static func meaning(_ band: KeepBands.Band, _ summary: KeepSummary) -> String {
        let own = summary.verdicts.count { $0.band == band && $0.isOwnChoice }
        let bands = summary.model.bands
        let rule =
            switch band {
            case .keep:
                bands.keepFrom > 1
                    ? "it is never sure enough"
                    : "at least \(percent(bands.keepFrom)) likely to be worth keeping"
            case .look: "stays where it is: look for yourself"
            case .discard:
                bands.discardUpTo < 0
                    ? "it is never sure enough"
                    : "at most \(percent(bands.discardUpTo)) likely to be worth keeping"
            }
        return own == 0 ? rule : rule + "; \(grouped(own)) labelled by you"
    }

    // MARK: Checking

    static func check(_ check: KeepCheck, bin: String) -> String {
        let labels =
            "\(quoted(bin)) has \(counted(check.keepCount + check.discardCount, "label")): "
            + "\(grouped(check.keepCount)) to keep, \(grouped(check.discardCount)) to discard.\n"
        guard let report = check.report, let learnt = check.learnt else {
            return joined([
                labels, notes(check.notes),
                "Nothing was learnt yet. Next:\n  facesort keep train PHOTOS --to "
                    + "\(shellWord(bin))\n",
            ])
        }
        let verdict =
            report.verdict == .learnt
            ? "It learnt from \(counted(report.labelCount, "label")) on \(visible(learnt)).\n"
            : "It learnt nothing from \(counted(report.labelCount, "label")) on "
                + "\(visible(learnt)): what it found is no better than a guess.\n"
        let changed = check.changedLabelCount ?? 0
        return joined([
            labels + verdict + figures(report), measured(report),
            changed == 0
                ? "No label was made or changed since.\n"
                : "\(counted(changed, "label")) \(changed == 1 ? "was" : "were") made or changed "
                    + "since: 'facesort keep train' learns from them too.\n",
            check.measured.map(measured) ?? "", notes(check.notes),
        ])
    }

    private static func measured(_ measured: KeepCheck.Measured) -> String {
        let rows = [
            ("new to it", measured.unseen), ("learnt from, so flattering", measured.seen),
        ]
        var text =
            "On the photos in the two folders:\n" + table(rows.filter { $0.1.photoCount > 0 })
        if measured.contradictionCount > 0 {
            text +=
                "\(counted(measured.contradictionCount, "photo")) in both folders left out.\n"
        }
        if measured.unjudgedCount > 0 {
            text += "\(counted(measured.unjudgedCount, "photo")) cannot be judged.\n"
        }
        return text
    }

    // MARK: Parts

    private static func joined(_ parts: [String]) -> String {
        parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func percent(_ share: Double) -> String {
        "\(Int((100 * share).rounded())) %"
    }

    private static func list(_ entries: [String], _ isVerbose: Bool) -> String {
        SummaryText.list(entries, limit: isVerbose ? .max : listLimit)
    }

    private static func failures(_ failures: [PhotoFailure], _ isVerbose: Bool) -> String {
        SummaryText.troubled(failures, limit: isVerbose ? .max : listLimit)
    }

    private static func notes(_ notes: [String]) -> String {
        notes.map { visible($0) + "\n" }.joined()
    }
}
