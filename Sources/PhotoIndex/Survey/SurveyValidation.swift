package import FileLedger
internal import Foundation
package import SystemPackage

/// A request whose photos, people and album are there and go together; checked before anything is
/// written.
package struct SurveyValidation {
    package let request: SurveyRequest
    /// As the user wrote it: "clean".
    package let command: String
    /// Absolute, as given.
    package let photos: [FilePath]
    package let people: FilePath?
    /// Where what is learnt is kept; `nil` for the command's own workspace.
    package let album: AlbumFolder?
    /// What the folder of ``people`` holds, by its path.
    package let listedPeople: [FilePath: PeopleFolder]
    package let jobs: Int

    /// - Parameter target: the album that is sorted into. It remembers photos and people, to which
    ///   the request adds, and may be missing; the caller checks it. `nil` when no photos are sorted.
    package init(
        _ request: SurveyRequest, command: String, target: AlbumFolder? = nil, disk: Disk
    ) throws {
        self.request = request
        self.command = command
        photos = request.photos.map(\.absolute)
        people = request.people?.absolute
        album = target ?? request.album.map { AlbumFolder($0.absolute) }
        jobs = request.jobs ?? ProcessInfo.processInfo.activeProcessorCount
        guard target != nil || !photos.isEmpty else { throw SourceError.noPhotos(command: command) }
        try SourceChecks.photos(request.photos, disk: disk)
        listedPeople =
            try request.people.map { [$0.absolute: try SourceChecks.people($0, disk: disk)] } ?? [:]
        if target == nil, let given = request.album {
            try SourceChecks.album(given, disk: disk)
            if request.people != nil { throw SourceError.peopleBesideAlbum }
        }
    }
}
