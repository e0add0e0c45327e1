internal import PhotoIndex
internal import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

/// What was found in the photos and decides what is moved; ``CleanPlan`` adds what somebody chose.
struct CleanFacts: Sendable {
    /// In stable order.
    private(set) var files: [SurveyedFile]
    /// Absolute paths of photos beside them that are never moved.
    let fixed: [FilePath]
    let photos: [ContentHash: PhotoRecord]
    /// Photos of one picture or burst; every member has a file.
    private(set) var groups: [DuplicateGroup]
    let sharpness: [ContentHash: SharpnessScore]
    /// How many faces a photo shows, those that a person ignores left out.
    let faceCounts: [ContentHash: Int]
    /// Those in which somebody is recognised.
    let photosOfKnown: Set<ContentHash>
    /// The members of ``groups`` as they are compared.
    private let compared: [ContentHash: CleanablePhoto]

    /// - Parameters:
    ///   - records: of the photos that have files.
    ///   - compared: the same photos.
    ///   - judgement: who is in them; `nil` when that does not matter.
    init(
        files: [SurveyedFile], fixed: [FilePath], records: [PhotoRecord],
        compared photos: [CleanablePhoto], judgement: RecognitionResult?
    ) {
        self.files = files
        self.fixed = fixed
        self.photos = Dictionary(uniqueKeysWithValues: records.map { ($0.hash, $0) })
        groups = duplicateGroups(among: photos)
        sharpness = sharpnessScores(of: photos, groups: groups)
        faceCounts = Dictionary(
            uniqueKeysWithValues: records.map {
                ($0.hash, judgement?.people.faceCount(of: $0) ?? $0.recordedFaces.count)
            })
        // It may be open which of two people it is: it is one of them.
        let undecided = (judgement?.recognition.matches ?? [])
            .filter { $0.reason == .hardToTell }.map(\.face.photo)
        photosOfKnown = Set(undecided).union(
            records.map(\.hash).filter { judgement?.people[$0].isEmpty == false })
        let grouped = Set(groups.flatMap { $0.members.map(\.photo) })
        // The others are never compared again, and take memory.
        compared = Dictionary(
            uniqueKeysWithValues: photos.filter { grouped.contains($0.photo) }
                .map { ($0.photo, $0) })
    }

    /// The facts without files that were moved; a group that lost a member is formed again from the
    /// others, which need not be alike.
    func without(_ gone: Set<SurveyedFile>) -> CleanFacts {
        guard !gone.isEmpty else { return self }
        var left = self
        left.files = files.filter { !gone.contains($0) }
        let present = Set(left.files.map(\.photo))
        left.groups = groups.flatMap { group -> [DuplicateGroup] in
            let members = group.members.map(\.photo).filter(present.contains)
            return members.count == group.members.count
                ? [group] : duplicateGroups(among: members.compactMap { compared[$0] })
        }
        return left
    }

    /// Which one of some members of a group is the best.
    func best(of members: [ContentHash]) -> ContentHash? {
        bestPhoto(of: members.compactMap { compared[$0] })
    }
}
