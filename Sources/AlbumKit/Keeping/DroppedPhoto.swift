internal import PhotoIndex
internal import FileLedger
internal import PhotoImaging

/// What would happen to a file from elsewhere, where that can be said.
package struct DroppedPhoto: Sendable {
    /// Its name as the user knows it, and what it shows; as small as can be when it shows nothing.
    package let photo: ReviewPhoto
    package let byteCount: Int64
    /// What it is judged to be worth; `nil` when it is no photo, or cannot be read.
    package let verdict: KeepSummary.Verdict?
    /// What is wrong with it; the text follows its name: "is damaged: ...".
    package let trouble: String?
    /// Whether the same photo lies among those that are looked through.
    package let isAmongPhotos: Bool
    /// Upright, as JPEG, the longer side at most ``pictureSide`` pixels.
    package let picture: [UInt8]?

    package static let pictureSide = 1280

    /// - Parameters:
    ///   - seen: what was seen in it, by ``KeepTrial``.
    ///   - judged: its row, when it is a photo.
    init(
        _ bytes: [UInt8], named name: String, _ seen: KeepSurvey.Photos,
        _ judged: KeepJudgement.Row?, isAmongPhotos: Bool
    ) {
        let hash = ContentHasher.hash(bytes)
        let record = seen.records[hash]
        photo = ReviewPhoto(
            id: ReviewToken(hash), name: name, taken: record?.taken, width: record?.width ?? 1,
            height: record?.height ?? 1)
        byteCount = Int64(bytes.count)
        picture = try? PhotoSource(bytes: bytes).pixels(maximumSide: Self.pictureSide)
            .jpegData(quality: 85)
        self.isAmongPhotos = isAmongPhotos
        guard let judged, record?.condition != .unreadable else {
            verdict = nil
            trouble =
                judged.flatMap { $0.file.failure(record)?.reason } ?? seen.failures.first?.reason
                ?? "is no photo"
            return
        }
        verdict = judged.verdict
        trouble = judged.file.failure(record)?.reason
    }
}
