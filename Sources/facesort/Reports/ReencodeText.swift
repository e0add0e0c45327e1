internal import FaceCore
import AlbumKit

/// What came of moving an album to another encoder, as a page to read.
struct ReencodeText {
    let summary: ReencodeSummary

    var text: String {
        let encoder = summary.encoder.map(quoted) ?? "dlib's own encoder"
        guard summary.isChanged else {
            return "\(quoted(summary.album)) has the encodings of \(encoder) already.\n"
        }
        return
            ([
                "\(quoted(summary.album)) has the encodings of \(encoder) now: "
                    + "\(counted(summary.faceCount, "face")) in photos, "
                    + "\(counted(summary.portraitCount, "portrait")).",
                recognition,
            ] + [setAside, DecisionText.line(summary.decisions)].filter { !$0.isEmpty }
            + summary.notes.map(visible)).map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }.joined()
    }

    private var recognition: String {
        guard summary.changedPhotoCount > 0 else {
            return "The same people are recognised in every photo."
        }
        return "In \(counted(summary.changedPhotoCount, "photo")) other people are recognised than "
            + "before.\nTo move their files:\n  facesort sort --to \(shellWord(summary.album))"
    }

    private var setAside: String {
        let photos = summary.photosSetAsideCount, portraits = summary.portraitsSetAsideCount
        guard photos + portraits > 0 else { return "" }
        return
            "\(counted(photos, "photo")) and \(counted(portraits, "portrait")) could not be encoded "
            + "again: they are looked at again when they are read next."
    }
}
