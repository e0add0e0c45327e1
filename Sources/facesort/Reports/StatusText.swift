internal import FaceCore
import AlbumKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The state of an album as a page to read.
struct StatusText {
    let status: AlbumStatus
    /// As the user wrote it.
    let album: String

    /// Whole lines, with an empty one between parts.
    var text: String {
        if let bin = status.bin { return textOfBin(bin) }
        return [
            title, counts, DecisionText.line(status.decisions), sources, runs, failures, remarks,
        ]
        .filter { !$0.isEmpty }
        .joined(separator: "\n")
    }

    private func textOfBin(_ bin: [String: Int]) -> String {
        let count = bin.values.reduce(0, +)
        var columns = Columns([.left, .right])
        for (folder, files) in bin.sorted(by: { $0.key < $1.key }) {
            columns.add(folder, grouped(files))
        }
        let title =
            "\(quoted(album)): \(counted(count, "file")) moved here by facesort\n"
        let way =
            count == 0
            ? ""
            : "To bring back what a run moved:\n  facesort undo "
                + "\(shellWord(album))\n"
        return [title + columns.text, sources, runs, remarks, way].filter { !$0.isEmpty }
            .joined(separator: "\n")
    }

    private var title: String {
        """
        \(quoted(album)): \(counted(status.photoCount, "photo")), \
        \(counted(status.faceCount, "face")), \
        \(counted(status.people.count, "person", "people"))

        """
    }

    private var counts: String {
        var columns = Columns([.left, .right])
        for person in status.people { columns.add(person.name, grouped(person.photoCount)) }
        columns.add("group", grouped(status.groupCount))
        columns.add("unknown", grouped(status.unknownCount))
        if status.unreadableCount > 0 { columns.add("unreadable", grouped(status.unreadableCount)) }
        return columns.text
    }

    private var sources: String {
        guard !status.sources.isEmpty else { return "" }
        var columns = Columns([.left, .left, .right, .left])
        for source in status.sources {
            columns.add(
                source.kind.rawValue, source.path, counted(source.fileCount, "file"),
                source.isReachable ? "" : "out of reach")
        }
        return "Comes from:\n" + columns.text
    }

    private var runs: String {
        guard !status.runs.isEmpty else { return "" }
        var columns = Columns([.right, .left, .left, .left])
        for run in status.runs {
            columns.add(
                String(run.number), run.command, localTime(run.started),
                run.state.rawValue)
        }
        return "Runs:\n" + columns.text
    }

    private var failures: String {
        let lists = [
            ("Could not be read as they should be:", status.failures.filter { !$0.isUnwritten }),
            ("Could not be put into the album:", status.failures.filter(\.isUnwritten)),
        ]
        return lists.filter { !$0.1.isEmpty }
            .map { title, failures in
                title + "\n"
                    + failures.map { SummaryText.failure($0, indent: "  ") + "\n" }.joined()
            }
            .joined(separator: "\n")
    }

    private var remarks: String {
        var lines: [String] = []
        if !status.skipped.isEmpty {
            lines.append(
                "Not sorted: \(kinds(status.skipped)); listed by: "
                    + "facesort status \(shellWord(album)) --skipped")
        }
        for journal in status.damagedJournals {
            lines.append(
                "Damaged: \(quoted(journal.path)); not everything it says can be undone. "
                    + "'facesort check' says more.")
        }
        if let user = status.inUseBy { lines.append("In use by \(visible(user)).") }
        return lines.map { $0 + "\n" }.joined()
    }
}

/// A time of the catalogue, "2026-05-01T18:03:12Z", on the clock of this computer to the minute;
/// any other text unchanged.
private func localTime(_ text: String) -> String {
    guard
        let match = text.wholeMatch(of: /(\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z/)?.output,
        let year = Int32(match.1), let month = Int32(match.2), let day = Int32(match.3),
        let hour = Int32(match.4), let minute = Int32(match.5)
    else { return text }
    var parts = tm()
    // As C counts: years from 1900, months from 0.
    parts.tm_year = year - 1900
    parts.tm_mon = month - 1
    parts.tm_mday = day
    parts.tm_hour = hour
    parts.tm_min = minute
    var seconds = timegm(&parts)
    var local = tm()
    guard localtime_r(&seconds, &local) != nil else { return text }
    var shown = [CChar](repeating: 0, count: 32)
    let count = strftime(&shown, shown.count, "%Y-%m-%d %H:%M", &local)
    return count == 0
        ? text : String(decoding: shown[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
