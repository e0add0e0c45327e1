/// Why two photos are duplicates: how their pictures differ.
public enum DuplicateRelation: String, Hashable, Sendable, CaseIterable {
    /// The same picture in the same size: compressed again, brightened.
    case recompressed
    /// The same picture in another size.
    case resized
    /// The same picture turned by a quarter or a half.
    case turned
    /// The same picture without a margin.
    case cropped
    /// Taken within seconds, with the same content.
    case burst
}

/// A photo prepared for laying it over others.
struct ComparedPhoto {
    let photo: CleanablePhoto
    private let thumbnail: [UInt8]
    private let coarsest: ThumbnailPyramid.Level

    /// - Returns: `nil` when its picture cannot be read, or is a nearly uniform grey.
    init?(_ photo: CleanablePhoto) {
        guard let thumbnail = photo.features?.thumbnail,
            let coarsest = ThumbnailPyramid.coarsestLevel(of: thumbnail)
        else { return nil }
        self.photo = photo
        self.thumbnail = thumbnail
        self.coarsest = coarsest
    }

    var pyramid: ThumbnailPyramid? { ThumbnailPyramid(thumbnail) }

    /// How well the two can be laid over each other, seen from far away; quick. -1 when they
    /// cannot.
    func coarseCorrelation(with other: ComparedPhoto, _ turn: QuarterTurn) -> Float {
        PictureAlignment.coarseCorrelation(coarsest, other.coarsest.turned(turn)) ?? -1
    }

    /// How the two are duplicates of each other; `nil` when they are not.
    ///
    /// The same picture: it correlates, no place shows something else, and no clear face is in the
    /// place of another person's. A burst: taken within seconds; it correlates less, and most faces
    /// are the same in like places.
    ///
    /// - Parameters:
    ///   - pyramids: of this photo and of the other, not turned.
    ///   - isOfOneBurst: see ``DuplicateSettings/isOfOneBurst(_:_:_:)``.
    func relation(
        to other: ComparedPhoto, _ turn: QuarterTurn,
        _ pyramids: (one: ThumbnailPyramid, other: ThumbnailPyramid), isOfOneBurst: Bool,
        settings: DuplicateSettings
    ) -> DuplicateRelation? {
        let (one, two) = (pyramids.one, pyramids.other.turned(turn))
        guard
            let alignment = PictureAlignment(
                one, two, leastCorrelation: settings.leastCorrelation(isOfOneBurst: isOfOneBurst))
        else { return nil }
        let faces = FaceAgreement(photo, other.photo, turn, alignment, settings)
        guard !faces.hasStranger else { return nil }
        if alignment.correlation >= settings.copyCorrelation, alignment.disagreement.degree <= 1 {
            return copyRelation(to: other, turn, alignment)
        }
        guard isOfOneBurst else { return nil }
        if faces.isWithoutFaces {
            return alignment.correlation >= settings.facelessBurstCorrelation ? .burst : nil
        }
        return faces.areMostlySame ? .burst : nil
    }

    private func copyRelation(
        to other: ComparedPhoto, _ turn: QuarterTurn, _ alignment: PictureAlignment
    ) -> DuplicateRelation {
        guard turn == .none else { return .turned }
        guard !alignment.isMoved else { return .cropped }
        let isSameSize =
            abs(photo.width - other.photo.width) <= 1 && abs(photo.height - other.photo.height) <= 1
        return isSameSize ? .recompressed : .resized
    }
}

extension DuplicateSettings {
    /// Whether two photos were taken in one burst; times in seconds from an arbitrary day.
    func isOfOneBurst(_ one: Double?, _ other: Double?, _ turn: QuarterTurn) -> Bool {
        guard turn == .none, let one, let other else { return false }
        return abs(one - other) <= burstSeconds
    }

    /// The least correlation at which two pictures can be duplicates.
    func leastCorrelation(isOfOneBurst: Bool) -> Float {
        isOfOneBurst ? burstCorrelation : copyCorrelation
    }
}

extension PictureAlignment {
    /// Whether the margins of the two differ by more than a pixel of the thumbnail.
    fileprivate var isMoved: Bool {
        let pixel = 2 / Float(PictureFeatures.thumbnailSide)
        return max(motion.x.max(), -motion.x.min(), motion.y.max(), -motion.y.min()) > pixel
    }
}

/// What faces of two pictures say, laid over each other.
private struct FaceAgreement {
    private(set) var sameCount = 0
    /// Whether a clear face lies where the other picture has somebody else's clear face.
    private(set) var hasStranger = false
    private let counts: (one: Int, other: Int)

    init(
        _ one: CleanablePhoto, _ other: CleanablePhoto, _ turn: QuarterTurn,
        _ alignment: PictureAlignment, _ settings: DuplicateSettings
    ) {
        counts = (one.faces.count, other.faces.count)
        for face in one.faces {
            let centre = alignment.place(
                of: face.box.left + face.box.width / 2, face.box.top + face.box.height / 2)
            guard let near = Self.face(at: centre, turn, of: other),
                let mine = face.encodings?.plain, let theirs = near.encodings?.plain
            else { continue }
            let distance = mine.distance(to: theirs)
            if distance <= settings.sameFaceDistance { sameCount += 1 }
            if distance >= settings.otherFaceDistance, face.isClear(settings),
                near.isClear(settings)
            {
                hasStranger = true
            }
        }
    }

    var isWithoutFaces: Bool { counts.one == 0 && counts.other == 0 }

    /// At least half of the faces of the photo with more of them.
    var areMostlySame: Bool { 2 * sameCount >= max(1, counts.one, counts.other) }

    /// The face whose centre is nearest to a place, at most the face's own size away.
    private static func face(
        at place: (x: Double, y: Double), _ turn: QuarterTurn, of photo: CleanablePhoto
    ) -> CleanableFace? {
        photo.faces.compactMap { face -> (distance: Double, face: CleanableFace)? in
            let box = turn.turned(face.box)
            guard box.width > 0, box.height > 0 else { return nil }
            let x = (box.left + box.width / 2 - place.x) / box.width
            let y = (box.top + box.height / 2 - place.y) / box.height
            let distance = x * x + y * y
            return distance <= 1 ? (distance, face) : nil
        }.min { $0.distance < $1.distance }?.face
    }
}

extension CleanableFace {
    fileprivate func isClear(_ settings: DuplicateSettings) -> Bool {
        heightInPixels ?? 0 >= settings.clearFaceHeight
            && sharpness ?? 0 >= settings.clearFaceSharpness
    }
}
