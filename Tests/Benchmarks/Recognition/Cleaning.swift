import FaceCore
import Foundation
import SystemPackage
import TestSupport

/// Writes what cleaning finds in an album, and what the usual methods find: `duplicates.csv` and
/// `sharpness.csv`; `dhash.csv`, groups linked by dHash within 10 bits; `laplacian.csv`,
/// the variance of the Laplacian at 1000 px with the usual threshold of 100.
///
/// Pictures whose measures in the album are of another version are measured from their files.
func cleanAlbum(_ album: FilePath, out: FilePath) throws {
    let known = try KnownAlbum(album)
    let photos = known.photos
    let (groupTime, groups) = Stopwatch.time { duplicateGroups(among: photos) }
    let (scoreTime, scores) = Stopwatch.time { sharpnessScores(of: photos, groups: groups) }
    print("\(photos.count) photos: groups \(groupTime.text), sharpness \(scoreTime.text)")

    try FileManager.default.createDirectory(
        atPath: out.string, withIntermediateDirectories: true)
    func write(_ lines: [String], _ name: String) throws {
        try (lines.joined(separator: "\n") + "\n").write(
            toFile: out.appending(name).string, atomically: true, encoding: .utf8)
    }
    /// All files of the photo: exact copies are one group too.
    func names(_ photo: ContentHash) -> [String] { known.names[photo] ?? [] }

    var rows = ["photo,group,keep,reason"]
    var grouped: Set<ContentHash> = []
    for (number, group) in groups.enumerated() {
        for member in group.members {
            grouped.insert(member.photo)
            let relation = member.relation?.rawValue ?? "best"
            for (copy, name) in names(member.photo).enumerated() {
                rows.append(
                    "\(quoted(name)),\(number + 1),\(member.isBest && copy == 0 ? 1 : 0),"
                        + quoted("\(relation): \(member.reason)"))
            }
        }
    }
    var copies = 0
    for (photo, names) in known.names where names.count > 1 && !grouped.contains(photo) {
        copies += 1
        for (index, name) in names.enumerated() {
            rows.append("\(quoted(name)),c\(copies),\(index == 0 ? 1 : 0),exact copy")
        }
    }
    try write(rows, "duplicates.csv")

    rows = ["photo,sharpness,blurry,basis,times,picture"]
    for photo in photos {
        guard let score = scores[photo.photo] else { continue }
        for name in names(photo.photo) {
            rows.append(
                "\(quoted(name)),\(score.sharpness),\(score.isBlurred ? 1 : 0),\(score.basis),"
                    + (score.timesBlurrierThanBest.map { "\($0)" } ?? "")
                    + ",\(photo.features?.blur.radius ?? 0)")
        }
    }
    try write(rows, "sharpness.csv")
    try writePeers(known, write)
}

private func writePeers(
    _ known: KnownAlbum, _ write: ([String], String) throws -> Void
) throws {
    let photos = known.photos.filter { $0.features != nil }
    var label = Array(photos.indices)
    for one in photos.indices {
        for other in photos.indices.dropFirst(one + 1) {
            let (a, b) = (photos[one].features!, photos[other].features!)  // No nil: see above.
            guard (a.differenceHash ^ b.differenceHash).nonzeroBitCount <= 10 else { continue }
            let (from, to) = (label[other], label[one])
            label = label.map { $0 == from ? to : $0 }
        }
    }
    var hashes = ["photo,group"]
    var laplacians = ["photo,sharpness,blurry"]
    for (index, photo) in photos.enumerated() {
        for name in known.names[photo.photo] ?? [] {
            hashes.append("\(quoted(name)),\(label[index])")
            let sharpness = photo.features!.sharpness
            laplacians.append("\(quoted(name)),\(sharpness),\(sharpness < 100 ? 1 : 0)")
        }
    }
    try write(hashes, "dhash.csv")
    try write(laplacians, "laplacian.csv")
}

private func quoted(_ text: String) -> String {
    "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
}
