internal import FaceAnalysis
internal import FaceCore
internal import Foundation
internal import SystemPackage

/// A request whose photos, people and album are there and go together; checked before anything is
/// written.
struct StudyValidation {
    let request: StudyRequest
    /// Absolute, as given.
    let photos: [FilePath]
    let people: FilePath?
    let album: AlbumFolder?
    /// What the folder of ``people`` holds, by its path.
    let listedPeople: [FilePath: PeopleFolder]
    let jobs: Int

    /// - Parameter command: as the user wrote it: "clean".
    init(_ request: StudyRequest, command: String, disk: Disk) throws {
        self.request = request
        photos = request.photos.map(\.absolute)
        people = request.people?.absolute
        album = request.album.map { AlbumFolder($0.absolute) }
        jobs = request.jobs ?? ProcessInfo.processInfo.activeProcessorCount
        guard !photos.isEmpty else {
            throw AlbumError(
                .setting, command, "got no photos",
                remedy: "Nothing was done. Name the folder with the photos.")
        }
        try SourceChecks.photos(request.photos, disk: disk)
        listedPeople =
            try request.people.map { [$0.absolute: try SourceChecks.people($0, disk: disk)] } ?? [:]
        if let given = request.album {
            _ = try Album(at: given, disk: disk)
            if request.people != nil {
                throw AlbumError(
                    .setting, "--people", "cannot stand beside --album",
                    remedy: "Nothing was done. The album knows its people; 'facesort sort "
                        + "--people' adds to them.")
            }
        }
    }
}

extension RunModels {
    /// - Parameter workspace: of the command, which keeps what is learnt unless an album does.
    init(
        _ study: StudyValidation, environment: [String: String], workspace: AlbumFolder
    ) throws {
        try self.init(
            explicit: study.request.models, engine: study.request.engine,
            environment: environment, knowledge: study.album ?? workspace,
            workerCount: study.jobs)
    }
}
