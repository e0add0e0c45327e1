import PhotoIndex
import FileLedger
import AlbumCatalogue
import AlbumKit
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumWeb

@Suite("A large album", .slow)
struct LargeAlbumTests {
    /// The time that a page may take while the host waits for it.
    static let patience = Duration.milliseconds(300)

    @Test("A page of 200 faces is made in under 300 ms with 20,000 faces in the catalogue")
    func largeGroup() throws {
        let folder = try TemporaryFolder(.inMemory)
        let album = try Self.album(in: folder)
        let review = try Review(of: album, environment: RunEnvironment([:]))
        let desk = ReviewSite(review: review, sorting: AlbumSorting(album, environment: [:]))
        let clock = ContinuousClock()
        var times: [(what: String, time: Duration)] = []
        for (route, faceCount) in [
            (Route.group(ClusterNumber(rawValue: 1)), 200), (.start, 0), (.groups, 0),
            (.people, 0), (.missed, 0),
        ] {
            // The first page reads the catalogue; a visit mostly loads the later ones.
            _ = desk.page(route, Form())
            let time = (0..<5).map { _ in clock.measure { _ = desk.page(route, Form()) } }.min()!
            let text = String(decoding: desk.page(route, Form()).bytes, as: UTF8.self)
            #expect(text.components(separatedBy: "class=\"face\"").count - 1 == faceCount)
            times.append((route.path, time))
        }
        for (what, time) in times {
            print("\(what): \(time.formatted(.units(allowed: [.milliseconds])))")
        }
        // Swift without its optimiser is slower by more than an order of magnitude.
        #if DEBUG
            let slower = 20
        #else
            let slower = 1
        #endif
        #expect(times.allSatisfy { $0.time < Self.patience * slower })
    }

    /// 5,000 photos with four faces each; 200 of them are one cluster.
    private static func album(in folder: TemporaryFolder) throws -> Album {
        let path = folder.appending("album")
        let state = AlbumFolder(path)
        try state.prepare()
        let catalogue = try Catalogue(path: state.catalogue, access: .write)
        try catalogue.setEncodingSpace(
            EncodingSpace(alignment: "test", alignerHash: "aa", encoderHash: "bb"))
        let source = try catalogue.rememberSource(.photos, at: folder.appending("photos"))
        var random = SplitMix64(seed: 20_000)
        let person = encoding(near: nil, &random)
        var clustered: [ClusteredFace] = []
        for number in 0..<5000 {
            let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
            let hash = try #require(ContentHash(bytes: bytes))
            let faces = (0..<4).map { index -> RecordedFace in
                let isInCluster = index == 0 && number < 200
                let own = encoding(near: isInCluster ? person : nil, &random)
                let box = FaceBox(
                    left: 0.05 + 0.24 * Double(index), top: 0.2, width: 0.2, height: 0.3)
                if isInCluster {
                    clustered.append(
                        ClusteredFace(
                            photo: hash, box: box, cluster: ClusterNumber(rawValue: 1),
                            state: .found, version: clusteringVersion))
                }
                return RecordedFace(
                    face: Face(
                        id: FaceID(photo: hash, number: index), box: box, confidence: 1,
                        encodings: FaceEncodings(plain: own, mirrorMean: own)),
                    detector: .cnn, heightInPixels: 200, sharpness: 100)
            }
            let photo = PhotoRecord(
                hash: hash, byteCount: 5_000_000, format: .jpeg, condition: .analysed,
                failure: nil, width: 4000, height: 3000, taken: "2024-05-01T12:33:10",
                camera: nil, recordedFaces: faces)
            try catalogue.record(
                photo, version: 2,
                file: PhotoFile(
                    source: source.id, path: FilePath("IMG_\(number).jpg"),
                    stamp: FileStamp(byteCount: 5_000_000, modified: 0), photo: hash))
        }
        try catalogue.replaceClusteredFaces(clustered, last: 1)
        try catalogue.close()
        return try Album(at: path)
    }

    private static func encoding(
        near other: FaceEncoding?, _ random: inout SplitMix64
    ) -> FaceEncoding {
        let range: ClosedRange<Float> = other == nil ? -0.09...0.09 : -0.02...0.02
        let components = (0..<FaceEncoding.dimension).map { index in
            (other?.components[index] ?? 0) + Float.random(in: range, using: &random)
        }
        return FaceEncoding(components: components)!  // As many as there have to be, all finite.
    }
}
