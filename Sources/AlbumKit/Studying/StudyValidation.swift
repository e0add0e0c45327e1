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

/// The model files, and the encodings that they give here.
struct StudyEngine {
    let files: ModelFiles
    let space: EncodingSpace

    /// Asked before a folder is made: a file may be missing, or this processor may lack the
    /// engine's arithmetic.
    init(_ request: StudyRequest, environment: [String: String]) throws {
        files = try ModelFiles(
            folder: ModelFiles.locate(explicit: request.models, environment: environment))
        space = try files.space(engine: request.engine)
    }
}
