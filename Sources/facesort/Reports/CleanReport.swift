internal import FaceCore
import AlbumKit
import SystemPackage

/// What `clean` found, as files for a spreadsheet.
struct CleanReport {
    let summary: CleanSummary

    /// Writes `duplicates.csv` and `sharpness.csv`, over those of an earlier run.
    func write(to folder: FilePath) throws {
        try ReportFile.write(duplicates, to: folder.appending("duplicates.csv"))
        try ReportFile.write(sharpness, to: folder.appending("sharpness.csv"))
    }

    private var duplicates: String {
        var text = CSV.spreadsheetLine(["photo", "group", "keep", "reason"])
        for group in summary.groups {
            for member in group.members {
                text += CSV.spreadsheetLine([
                    member.photo, String(group.number), member.isKept ? "1" : "0", member.reason,
                ])
            }
        }
        return text
    }

    private var sharpness: String {
        var text = CSV.spreadsheetLine(["photo", "sharpness", "blurry", "judged"])
        for row in summary.sharpness {
            text += CSV.spreadsheetLine([
                row.photo, decimal(row.sharpness, places: 4), row.isBlurred ? "1" : "0",
                row.isOfFaces ? "faces" : "picture",
            ])
        }
        return text
    }
}
