internal import PhotoIndex
internal import FileLedger
internal import FaceCore
internal import Foundation
internal import PhotoLearning
internal import SystemPackage

/// `keep-model` in a bin: what was learnt, from which labels, and with which results.
///
/// A line with the name of the format, one with the SHA-256 of the rest, then JSON: any change in
/// it is noticed before it is used.
struct KeepModelFile: Codable {
    let model: KeepModel
    /// In ISO 8601.
    let learnt: String
    /// The labels that it was learnt from.
    let labels: [Label]
    /// How many people had a name when it was learnt.
    let knownPeopleCount: Int

    struct Label: Hashable, Codable {
        let photo: ContentHash
        let choice: Choice.Verdict
    }

    private static let firstLine = "facesort keep model 1"
    /// Some 100 bytes for each label, and 500 for each photo that the model remembers.
    private static let longest = 1 << 28

    /// By photo.
    var labelOfPhoto: [ContentHash: Choice.Verdict] {
        Dictionary(labels.map { ($0.photo, $0.choice) }, uniquingKeysWith: { first, _ in first })
    }

    /// How many labels were made, changed or taken back since it learnt.
    func changes(since verdicts: [ContentHash: Choice.Verdict]) -> Int {
        let known = labelOfPhoto
        return Set(known.keys).union(verdicts.keys).count { known[$0] != verdicts[$0] }
    }

    /// Replaces what was learnt before, at once.
    func write(to bin: AlbumFolder, disk: Disk) throws(FileError) {
        let json = Array(JSONText.encoded(self).utf8)
        let head = "\(Self.firstLine)\n\(ContentHasher.hash(json).hexadecimal)\n"
        try disk.write(Array(head.utf8) + json, replacing: bin.keepModel)
    }

    /// - Parameter given: the bin as the user wrote it.
    /// - Returns: `nil` when nothing was learnt yet.
    /// - Throws: ``AlbumError`` `.keepModel` when it cannot be used.
    static func read(_ bin: AlbumFolder, given: FilePath, disk: Disk) throws -> KeepModelFile? {
        let text: [UInt8]
        do {
            text = try disk.contents(of: bin.keepModel, limit: longest)
        } catch  where error.isMissing {
            return nil
        }
        let lines = text.split(
            separator: JSONLines.newline, maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3, String(decoding: lines[0], as: UTF8.self) == firstLine,
            let hash = ContentHash(hexadecimal: String(decoding: lines[1], as: UTF8.self)),
            ContentHasher.hash(Array(lines[2])) == hash
        else { throw unusable(given, "is damaged") }
        guard let file = try? JSONDecoder().decode(Self.self, from: Data(lines[2])) else {
            throw unusable(given, "was written by another version")
        }
        do {
            try file.model.check()
        } catch {
            throw unusable(given, "was written by another version")
        }
        return file
    }

    private static func unusable(_ given: FilePath, _ reason: String) -> AlbumError {
        AlbumError(
            .keepModel, "\(given.string)/.facesort/keep-model", reason,
            remedy: "Nothing was judged. Your labels are kept apart from it: 'facesort keep train' "
                + "learns from them again.")
    }
}
