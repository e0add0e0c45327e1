package import FileLedger
internal import Foundation
package import SystemPackage

/// A request whose photos, people and album are there and go together; checked before anything is
/// written.
package struct SurveyValidation {
    package let request: SurveyRequest
    /// Absolute, as given.
    package let photos: [FilePath]
    package let people: FilePath?
    package let album: AlbumFolder?
    /// What the folder of ``people`` holds, by its path.
    package let listedPeople: [FilePath: PeopleFolder]
    package let jobs: Int

    /// - Parameter command: as the user wrote it: "clean".
    package init(_ request: SurveyRequest, command: String, disk: Disk) throws {
        self.request = request
        photos = request.photos.map(\.absolute)
        people = request.people?.absolute
        album = request.album.map { AlbumFolder($0.absolute) }
        jobs = request.jobs ?? ProcessInfo.processInfo.activeProcessorCount
        guard !photos.isEmpty else { throw SourceError.noPhotos(command: command) }
        try SourceChecks.photos(request.photos, disk: disk)
        listedPeople =
            try request.people.map { [$0.absolute: try SourceChecks.people($0, disk: disk)] } ?? [:]
        if let given = request.album {
            try SourceChecks.album(given, disk: disk)
            if request.people != nil { throw SourceError.peopleBesideAlbum }
        }
    }
}

extension RunModels {
    /// - Parameter workspace: of the command, which keeps what is learnt unless an album does.
    package init(
        _ study: SurveyValidation, environment: [String: String], workspace: AlbumFolder
    ) throws {
        try self.init(
            explicit: study.request.models, engine: study.request.engine,
            environment: environment, knowledge: study.album ?? workspace,
            workerCount: study.jobs)
    }
}
