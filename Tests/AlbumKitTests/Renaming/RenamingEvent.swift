@testable import PhotoIndex
@testable import FileLedger
import AlbumCatalogue
import FaceAnalysis
import FaceCore
import Foundation
import PhotoImaging
import SystemPackage
import TestSupport

@testable import AlbumKit

/// A folder of photos whose faces are known already, so that renaming needs no networks; a photo
/// can have any bytes.
struct RenamingEvent {
    struct Shot {
        let name: String
        var taken: TimeTaken?
        var faces: [FaceBox] = []
        var format = PhotoFormat.jpeg
        var camera: String?
        var condition = PhotoCondition.analysed
    }

    let folder: TemporaryFolder
    var photos: FilePath { folder.appending("photos") }
    var copies: FilePath { folder.appending("copies") }

    static let large = FaceBox(left: 0.4, top: 0.2, width: 0.2, height: 0.3)

    /// - Parameter others: files that are not photos.
    init(_ shots: [Shot], others: [String] = []) throws {
        folder = try TemporaryFolder(.inMemory)
        try Disk().makeFolders(photos)
        for name in others { try write("other \(name)", to: name) }
        let workspace = AlbumFolder(photos)
        try workspace.prepareForPhotos(disk: Disk())
        let catalogue = try Catalogue(path: workspace.catalogue, access: .write)
        let source = try catalogue.rememberSource(.photos, at: photos)
        for shot in shots {
            try write("photo \(shot.name)", to: shot.name)
            try Self.teach(catalogue, source, photos, shot)
        }
        try catalogue.close()
    }

    private static func teach(
        _ catalogue: Catalogue, _ source: Source, _ photos: FilePath, _ shot: Shot
    ) throws {
        let path = photos.pushing(FilePath(shot.name))
        let status = try Disk().status(of: path)
        let hash = try Disk().hash(of: path).hash
        // There are 128 of them.
        let encoding = FaceEncoding(components: (0..<128).map { Float($0) / 1000 })!
        let record = PhotoRecord(
            hash: hash, byteCount: status.byteCount, format: shot.format, condition: shot.condition,
            failure: shot.condition == .analysed
                ? nil : Failure(code: .damaged, reason: "nothing of it can be read"),
            width: 4000, height: 3000, taken: shot.taken, camera: shot.camera,
            recordedFaces: shot.faces.enumerated().map { number, box in
                RecordedFace(
                    face: Face(
                        id: FaceID(photo: hash, number: number), box: box, confidence: 1,
                        encodings: FaceEncodings(plain: encoding, mirrorMean: encoding)),
                    detector: .cnn, heightInPixels: 300, sharpness: 100)
            })
        try catalogue.record(
            record, version: FaceAnalyser.version,
            picture: PictureAnalysis(version: PictureFeatures.version, features: nil),
            file: PhotoFile(
                source: source.id, path: FilePath(shot.name),
                stamp: FileStamp(byteCount: status.byteCount, modified: status.modified),
                photo: hash))
    }

    func write(_ text: String, to name: String) throws {
        let path = photos.pushing(FilePath(name))
        try Disk().makeFolders(path.folder)
        try Disk().removeIfPresent(path)
        try Disk().create(path, mode: 0o644, contents: Array(text.utf8))
    }

    func remove(_ name: String) throws { try Disk().remove(photos.pushing(FilePath(name))) }

    @discardableResult
    func rename(
        _ template: String, applies: Bool = true, disk: Disk = Disk(),
        _ change: (inout RenameRequest) -> Void = { _ in }
    ) async throws -> RenameSummary {
        var request = RenameRequest(
            study: SurveyRequest(photos: [photos]), template: try RenameTemplate(template))
        request.applies = applies
        change(&request)
        return try await Renamer(
            request,
            environment: RunEnvironment(
                ProcessInfo.processInfo.environment,
                now: { Date(timeIntervalSince1970: 1_800_000_000) }, disk: disk)
        ).run(interruption: Interruption()) { _ in }
    }

    @discardableResult
    func undo(_ folder: FilePath? = nil, disk: Disk = Disk()) throws -> UndoSummary {
        try Album(at: folder ?? photos, disk: disk).undo(.last)
    }

    /// Every file outside our state, with its content.
    func contents(of folder: FilePath? = nil) throws -> [String: String] {
        try filesIn(folder ?? photos).filter { !$0.key.hasPrefix(".facesort/") }
            .mapValues { String(decoding: $0, as: UTF8.self) }
    }

    func names(of folder: FilePath? = nil) throws -> [String] {
        try contents(of: folder).keys.sorted()
    }

    func copyFolder(_ name: String, to other: String) {
        _ = runTool([
            "/bin/cp", "-a", folder.appending(name).string, folder.appending(other).string,
        ])
    }
}
