@testable import PhotoIndex
@testable import FileLedger
import AlbumCatalogue
import FaceAnalysis
import FaceCore
import Foundation
import LabelTestSupport
import PhotoImaging
import PhotoLearning
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// Some pictures that are good photos in the catalogue, and the models' folder.
private struct LabelEvent {
    let folder: TemporaryFolder
    let catalogue: Catalogue
    let photos: [ContentHash]
    let paths: [ContentHash: [FilePath]]
    /// With links to the face models, and the label network when it is asked for.
    let models: FilePath

    init(photoCount: Int = 4, hasNetwork: Bool = true) throws {
        folder = try TemporaryFolder(.inMemory)
        models = folder.appending("models")
        try Self.fill(models, hasNetwork: hasNetwork)
        catalogue = try Catalogue(path: folder.appending("catalogue.sqlite"), access: .write)
        let source = try catalogue.rememberSource(.photos, at: folder.path)
        var paths: [ContentHash: [FilePath]] = [:]
        for number in 0..<photoCount {
            let name = "photo \(number).jpg"
            let path = folder.appending(name)
            let bytes = try Pictures.patches(width: 64 + 16 * number, height: 48)
                .jpegData(quality: 90)
            try Disk().create(path, mode: 0o644, contents: bytes)
            let hash = ContentHasher.hash(bytes)
            // Somebody has moved the first of its files away.
            paths[hash] = [folder.appending("gone.jpg"), path]
            try catalogue.record(
                PhotoRecord(
                    hash: hash, byteCount: Int64(bytes.count), format: .jpeg,
                    condition: .analysed, width: 64 + 16 * number, height: 48),
                version: FaceAnalyser.version,
                file: PhotoFile(
                    source: source.id, path: FilePath(name),
                    stamp: FileStamp(byteCount: Int64(bytes.count), modified: 1), photo: hash))
        }
        photos = paths.keys.sorted()
        self.paths = paths
    }

    static func fill(_ models: FilePath, hasNetwork: Bool) throws {
        try Disk().makeFolders(models)
        let real = ModelFiles.locate(
            explicit: nil, environment: ProcessInfo.processInfo.environment)
        for state in ModelFiles.states(in: real) {
            try FileManager.default.createSymbolicLink(
                atPath: models.appending(state.name).string,
                withDestinationPath: real.appending(state.name).string)
        }
        guard hasNetwork else { return }
        try FileManager.default.createSymbolicLink(
            atPath: LabelNetworkFile(folder: models).path.string,
            withDestinationPath: SeededNetwork.file().path.string)
    }

    func indexer(jobs: Int = 2) throws -> LabelIndexer? {
        let files = try ModelFiles(folder: models)
        return try LabelIndexer(
            models: models, catalogue: catalogue,
            pool: WorkerPool(
                count: jobs, models: LazyModels(.success(files), engine: .auto), search: .balanced),
            disk: Disk())
    }

    /// - Parameter most: how many photos are begun.
    func labels(
        jobs: Int = 2, most: Int = .max, onlyAt: ContentHash? = nil
    ) async throws -> (labels: [ContentHash: PhotoLabel], looked: Int) {
        let indexer = try #require(try indexer(jobs: jobs))
        var begun = 0
        var looked = 0
        let labels = try await indexer.labels(of: photos) { photo in
            onlyAt == nil || onlyAt == photo ? paths[photo] ?? [] : []
        } mayContinue: {
            begun += 1
            return begun <= most
        } progress: { done, total in
            looked = done
            #expect(done <= total)
        }
        return (labels, looked)
    }
}

@Suite struct LabelIndexerTests {
    @Test("Labels are kept, and the second time there is nothing to look at", .slow)
    func kept() async throws {
        let event = try LabelEvent()
        let first = try await event.labels()
        #expect(first.looked == 4 && Set(first.labels.keys) == Set(event.photos))
        #expect(first.labels.values.allSatisfy { $0.name.hasPrefix("thing ") })
        let again = try await event.labels(jobs: 1)
        #expect(again.looked == 0 && again.labels == first.labels)
    }

    @Test("Any number of workers gives the same labels, and they are the network's own", .slow)
    func workers() async throws {
        let one = try await LabelEvent().labels(jobs: 1).labels
        let event = try LabelEvent()
        #expect(try await event.labels(jobs: 3).labels == one)
        let network = try LabelNetwork(model: SeededNetwork.model.get())
        for photo in event.photos {
            let path = try #require(event.paths[photo]?.last)
            #expect(try network.label(of: PhotoSource(path: path)) == one[photo])
        }
    }

    @Test("An interrupted run keeps what it has, and the next one carries on")
    func interrupted() async throws {
        let event = try LabelEvent()
        let first = try await event.labels(jobs: 1, most: 2)
        #expect(first.looked == 2 && first.labels.count == 2)
        let rest = try await event.labels()
        #expect(rest.looked == 2 && rest.labels.count == 4)
    }

    @Test("A photo out of reach has no label, and gets one when it is back")
    func unreachable() async throws {
        let event = try LabelEvent()
        let first = try await event.labels(onlyAt: event.photos[1])
        #expect(Array(first.labels.keys) == [event.photos[1]])
        #expect(try await event.labels().labels.count == 4)
    }

    @Test(
        "Without the network's file there is no indexer; a damaged one ends the run with its name")
    func files() async throws {
        let event = try LabelEvent(hasNetwork: false)
        #expect(try event.indexer() == nil)
        let file = LabelNetworkFile(folder: event.models).path
        try Disk().create(file, mode: 0o644, contents: Array("no network".utf8))
        await #expect(throws: LabelNetworkError.self) { _ = try await event.labels() }
        do {
            _ = try await event.labels()
        } catch {
            let error = AlbumError(error, album: "album")
            #expect(error.code == .modelDamaged && error.subject == file.string)
        }
        #expect(
            try event.catalogue.labels(
                version: LabelNetwork.version, network: Disk().hash(of: file).hash
            ).isEmpty)
    }

    @Test("The models' report names the file, whether it is there and where to get it")
    func report() throws {
        let with = try LabelEvent(photoCount: 0)
        let report = Album.models(folder: with.models, environment: [:])
        #expect(report.isUsable && report.optional.count == 1)
        #expect(report.optional.first?.name == LabelNetworkFile.name)
        #expect(report.optional.first?.isThere == true && report.optional.first?.reason == nil)
        let without = try LabelEvent(photoCount: 0, hasNetwork: false)
        let missing = Album.models(folder: without.models, environment: [:])
        #expect(missing.isUsable && missing.optional.first?.isThere == false)
        #expect(missing.optional.first?.address == LabelNetworkFile.address)
        try Disk().create(
            LabelNetworkFile(folder: without.models).path, mode: 0o644, contents: [0x42, 0x5A])
        let damaged = Album.models(folder: without.models, environment: [:]).optional.first
        #expect(damaged?.isThere == true && damaged?.reason != nil)
    }

    @Test("rename puts the label into the name; without the file it is left out with one hint")
    func rename() async throws {
        let event = try LabelEvent(photoCount: 3)
        let photos = event.folder.appending("photos")
        try Disk().makeFolders(photos)
        for (number, photo) in event.photos.enumerated() {
            let from = try #require(event.paths[photo]?.last)
            try Disk().rename(from, to: photos.appending("\(number).jpg"), method: .noReplace)
        }
        func renamed(_ models: FilePath) async throws -> RenameSummary {
            var study = SurveyRequest(photos: [photos])
            study.models = models
            var request = RenameRequest(
                study: study, template: try RenameTemplate("{label} {kind}"))
            request.destination = .folder(event.folder.appending("copies"))
            return try await Renamer(request, environment: RunEnvironment([:])).run(
                interruption: Interruption()
            ) { _ in }
        }
        let named = try await renamed(event.models)
        #expect(named.renames.count == 3 && named.hints.isEmpty && named.missing.isEmpty)
        #expect(named.renames.allSatisfy { $0.to.hasPrefix("thing ") })
        let models = event.folder.appending("fewer models")
        try LabelEvent.fill(models, hasNetwork: false)
        let unnamed = try await renamed(models)
        #expect(unnamed.renames.allSatisfy { $0.to.hasPrefix("scene") })
        #expect(unnamed.hints.count == 1 && unnamed.missing == [.label: 3])
        #expect(unnamed.hints.first?.contains(LabelNetworkFile.name) == true)
    }
}
