import FileLedger
import AlbumCatalogue
import AlbumKit
import FaceAnalysis
import FaceCore
import Foundation
import SystemPackage
import TestSupport

/// Makes `FOLDER/photos`, 20,000 files, and `FOLDER/bin`, in whose catalogue they are synthetic
/// photos of three faces each: a third of them in pairs of a picture and its darker copy, a third
/// in bursts of ten, the others alone. So `clean` plans without an analysis.
func composeAnalysedEvent(in folder: FilePath) throws {
    let disk = Disk()
    let photos = folder.appending("photos")
    let bin = AlbumFolder(folder.appending("bin"))
    try disk.makeFolders(photos)
    try bin.prepare(disk: disk)
    let catalogue = try Catalogue(path: bin.catalogue, access: .write)
    let source = try catalogue.rememberSource(.photos, at: photos)
    for (number, photo) in SyntheticPictures(seed: 1).photos(count: 20_000).enumerated() {
        let name = FilePath("IMG_\(number).jpg")
        let path = photos.pushing(name)
        try Data("photo \(number)".utf8).write(to: URL(fileURLWithPath: path.string))
        let (hash, status) = (try disk.hash(of: path).hash, try disk.status(of: path))
        try catalogue.record(
            PhotoRecord(photo, hash: hash), version: FaceAnalyser.version,
            picture: PictureAnalysis(version: PictureFeatures.version, features: photo.features),
            file: PhotoFile(
                source: source.id, path: name,
                stamp: FileStamp(byteCount: status.byteCount, modified: status.modified),
                photo: hash))
    }
    try catalogue.close()
}

extension PhotoRecord {
    fileprivate init(_ photo: CleanablePhoto, hash: ContentHash) {
        self.init(
            hash: hash, byteCount: photo.byteCount, format: .jpeg, condition: .analysed,
            failure: nil, width: photo.width, height: photo.height, taken: photo.taken, camera: nil,
            recordedFaces: photo.faces.enumerated().compactMap { number, face in
                guard let encodings = face.encodings else { return nil }
                return RecordedFace(
                    face: Face(
                        id: FaceID(photo: hash, number: number), box: face.box, confidence: 1,
                        encodings: encodings),
                    detector: .cnn, heightInPixels: face.heightInPixels ?? 0,
                    sharpness: face.sharpness ?? 0)
            })
    }
}

private struct SyntheticPictures {
    private var random: SplitMix64
    /// Of the three faces in the next photos.
    private var encodings: [FaceEncodings] = []

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    func photos(count: Int) -> [CleanablePhoto] {
        var maker = self
        var photos: [CleanablePhoto] = []
        for kind in 0... {
            guard photos.count < count else { break }
            let scene = maker.scene()
            maker.meetPeople()
            let time = photos.count * 60
            switch kind % 12 {
            case 0...4:
                photos.append(maker.photo(scene, number: photos.count, seconds: time))
                photos.append(
                    maker.photo(
                        scene.map { $0 * 0.8 + 12 }, number: photos.count, seconds: time + 9000))
            case 5:
                for second in 0..<10 {
                    let moved = maker.changed(scene)
                    photos.append(
                        maker.photo(moved, number: photos.count, seconds: time + second))
                }
            default:
                photos.append(maker.photo(scene, number: photos.count, seconds: time))
            }
        }
        return Array(photos.prefix(count))
    }

    private mutating func meetPeople() {
        encodings = (0..<3).map { _ in
            // No nil: there are 128 components.
            let encoding = FaceEncoding(
                components: (0..<128).map { _ in Float.random(in: -0.1...0.1, using: &random) })!
            return FaceEncodings(plain: encoding, mirrorMean: encoding)
        }
    }

    /// 64 x 64 greys: light above, dark below as outdoors, and thirty patches.
    private mutating func scene() -> [Float] {
        let (top, bottom) = (
            Float.random(in: 90...220, using: &random), Float.random(in: 40...160, using: &random)
        )
        var greys = (0..<4096).map { index -> Float in top + (bottom - top) * Float(index / 64) / 64
        }
        for _ in 0..<30 { patch(&greys) }
        return greys
    }

    private mutating func changed(_ scene: [Float]) -> [Float] {
        var scene = scene
        patch(&scene, largest: 8)
        return scene
    }

    private mutating func patch(_ greys: inout [Float], largest: Int = 28) {
        let (width, height) = (
            Int.random(in: 3...largest, using: &random), Int.random(in: 3...largest, using: &random)
        )
        let (left, top) = (
            Int.random(in: 0..<64 - width, using: &random),
            Int.random(in: 0..<64 - height, using: &random)
        )
        let grey = Float.random(in: 10...245, using: &random)
        for y in top..<top + height { for x in left..<left + width { greys[y * 64 + x] = grey } }
    }

    private mutating func photo(_ scene: [Float], number: Int, seconds: Int) -> CleanablePhoto {
        let thumbnail = scene.map { grey in
            UInt8(min(255, max(0, grey + Float.random(in: -3...3, using: &random))))
        }
        let greys: [UInt8] = (0..<576).map { index in
            let start = index / 24 * 64 / 24 * 64 + index % 24 * 64 / 24
            let sum = [0, 1, 64, 65].reduce(0) { $0 + Int(thumbnail[start + $1]) }
            return UInt8(sum / 4)
        }
        let cells = (0..<2048).map { _ in UInt8.random(in: 30...80, using: &random) }
        let features = PictureFeatures(
            greys: greys, differenceHash: 0, sharpness: 100, brightness: 0.5, darkFraction: 0,
            brightFraction: 0, thumbnail: thumbnail,
            blur: PictureBlur(radius: 1, cells: cells)!)!  // No nil: the number of cells fits.
        let faces = encodings.enumerated().map { face, encodings in
            CleanableFace(
                box: FaceBox(left: 0.1 + 0.3 * Double(face), top: 0.4, width: 0.1, height: 0.15),
                encodings: encodings,
                sharpness: 50, heightInPixels: 200)
        }
        let bytes = withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        let taken = String(
            format: "2024-%02d-%02dT%02d:%02d:%02d", 1 + hours / 24 / 28, 1 + hours / 24 % 28,
            hours % 24, minutes, seconds % 60)
        return CleanablePhoto(
            photo: ContentHash(bytes: bytes + [UInt8](repeating: 7, count: 24))!,
            width: 4000, height: 3000, byteCount: Int64(3_000_000 + number),
            taken: TimeTaken(taken),
            features: features, faces: faces)
    }
}
