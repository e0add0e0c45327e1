internal import AlbumCatalogue
public import FaceCore
internal import FileLedger
public import PhotoIndex
public import SystemPackage

/// What `people ALBUM reencode` is asked to do.
public struct ReencodeRequest: Sendable {
    /// An album that facesort made.
    public var album: FilePath
    /// What encodes the faces from now on; dlib's own by default.
    public var encoder = EncoderChoice.own
    /// What runs the networks, this time.
    public var engine = EngineChoice.auto
    /// How many photos are looked at at once; at least 1, the number of cores by default.
    public var jobs: Int?
    /// The folder of the model files; found by ``/FaceAnalysis/ModelFiles`` when `nil`.
    public var models: FilePath?

    public init(album: FilePath) {
        self.album = album
    }

    var study: SurveyRequest {
        var study = SurveyRequest(photos: [])
        study.encoder = encoder
        study.engine = engine
        study.jobs = jobs
        study.models = models
        return study
    }
}

/// What came of moving an album to another encoder.
public struct ReencodeSummary: Sendable, Codable {
    public internal(set) var album = ""
    /// The file of the encoder that the user brought; `nil` for dlib's own.
    public internal(set) var encoder: String?
    /// SHA-256 of the encoder's file, hexadecimal.
    public internal(set) var encoderHash = ""
    /// Whether the encodings were another encoder's before.
    public internal(set) var isChanged = false
    /// Faces of photos, and of portraits, that were encoded again.
    public internal(set) var faceCount = 0
    public internal(set) var portraitCount = 0
    /// Photos and portraits that cannot be read any more, or whose faces this encoder cannot encode: they
    /// are looked at again when they are read next.
    public internal(set) var photosSetAsideCount = 0
    public internal(set) var portraitsSetAsideCount = 0
    /// Photos in which other people are recognised than before.
    public internal(set) var changedPhotoCount = 0
    /// What a person said; all of it still counts.
    public internal(set) var decisions = DecisionCount()
    /// Each a sentence.
    public internal(set) var notes: [String] = []
}

/// Moves an album to another encoder: the faces are encoded again where they lie, and everybody is judged
/// again. Files of the album move with the next `sort`.
///
/// Safe to kill at any moment: the album stays as it was until the last face is encoded, and the same
/// request carries on.
public struct Reencoder: Sendable {
    private let request: ReencodeRequest
    private let environment: RunEnvironment

    public init(_ request: ReencodeRequest, environment: RunEnvironment) {
        self.request = request
        self.environment = environment
    }

    /// - Parameters:
    ///   - interruption: after a request the photos in hand are finished, then it stops.
    ///   - onEvent: called in order, from one thread at a time.
    /// - Throws: an ``AlbumError``; `.interrupted` after an interruption, `.notFound` when photos or
    ///   portraits are out of reach. The album is then as it was.
    public func run(
        interruption: Interruption, onEvent: @escaping @Sendable (RunEvent) -> Void
    ) async throws(AlbumError) -> ReencodeSummary {
        try await withAlbumErrors(of: request.album) {
            try await perform(RunContext(environment, interruption, onEvent))
        }
    }

    private func perform(_ run: RunContext) async throws -> ReencodeSummary {
        try SourceChecks.album(request.album, disk: run.disk)
        let folder = AlbumFolder(request.album.absolute)
        let study = try SurveyValidation(
            request.study, command: "people", target: folder, disk: run.disk)
        let models = try RunModels(study, workspace: folder, environment: run.environment)
        let workspace = try Workspace(folder, access: .write(command: "people"), disk: run.disk)
        defer { workspace.close() }
        let before = try people(of: workspace)
        let reencoding = try Reencoding(study, models: models, workspace: workspace, run: run)
        var summary = ReencodeSummary()
        summary.album = request.album.string
        summary.encoder = reencoding.encoder?.string
        summary.encoderHash = reencoding.space.encoderHash
        summary.notes = workspace.notes.map(\.sentence)
        switch try await reencoding.perform() {
        case .unchanged: break
        case .interrupted: throw interrupted
        case .outOfReach(let files): throw outOfReach(files)
        case .changed(let change):
            summary.isChanged = true
            summary.faceCount = change.faceCount
            summary.portraitCount = change.portraitCount
            summary.photosSetAsideCount = change.photosSetAside.count
            summary.portraitsSetAsideCount = change.portraitsSetAside.count
            let recognition = try AlbumRecognition(workspace)
            try recognition.record(recognition.judgement())
            let after = try people(of: workspace)
            let photos = Set(before.keys).union(after.keys)
            summary.changedPhotoCount = photos.count { before[$0] != after[$0] }
        }
        summary.decisions = workspace.decisionCount
        return summary
    }

    /// Who is recognised in each photo by a face; without photos of nobody.
    private func people(of workspace: Workspace) throws -> [ContentHash: Set<PersonID>] {
        var people: [ContentHash: Set<PersonID>] = [:]
        for match in try workspace.catalogue.matches() {
            guard let person = match.named?.person else { continue }
            people[match.face.photo, default: []].insert(person)
        }
        return people
    }

    private var interrupted: AlbumError {
        AlbumError(
            .interrupted, request.album.string, "is not moved to the other encoder yet",
            remedy: "It is as it was, and what was encoded is kept. Run the same command again to "
                + "carry on.")
    }

    private func outOfReach(_ files: [FilePath]) -> AlbumError {
        AlbumError(
            .notFound, request.album.string,
            "cannot be moved to the other encoder now: \(named(files)) "
                + "\(files.count == 1 ? "is" : "are") out of reach",
            remedy:
                "It is as it was, and what was encoded is kept. Bring the disk or folder back, then "
                + "run the same command again.")
    }
}
