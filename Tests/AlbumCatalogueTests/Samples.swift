import AlbumCatalogue
import FaceCore
import Foundation
import SystemPackage
import TestSupport

/// A folder of its own for one test, removed with everything in it.
final class TestFolder: Sendable {
    let path: FilePath

    init() throws {
        path = FilePath(NSTemporaryDirectory()).appending("catalogue-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            atPath: path.string, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    var catalogue: FilePath { path.appending("catalogue.sqlite") }

    func open(
        _ access: Catalogue.Access = .write, journalMode: Catalogue.JournalMode = .writeAheadLog
    ) throws -> Catalogue {
        try Catalogue(
            path: catalogue, access: access, journalMode: journalMode, busyTimeout: .zero)
    }

    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path.string).sorted()
    }

    func bytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: catalogue.string)) }

    func write(_ bytes: Data) throws {
        try bytes.write(to: URL(fileURLWithPath: catalogue.string))
    }
}

/// Made-up facts; the same number always makes the same.
enum Sample {
    static let space = EncodingSpace(
        alignment: "dlib-5-point-150px-0.25", alignerHash: "aa", encoderHash: "bb")
    static let stamp = FileStamp(byteCount: 4_800_000, modified: 1_714_566_790_250_000_001)

    static func hash(_ number: Int) -> ContentHash {
        var random = SplitMix64(seed: UInt64(number))
        return ContentHash(bytes: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })!
    }

    static func encodings(_ number: Int) -> FaceEncodings {
        var random = SplitMix64(seed: UInt64(bitPattern: Int64(-1 - number)))
        func encoding() -> FaceEncoding {
            FaceEncoding(
                components: (0..<128).map { _ in Float.random(in: -0.4...0.4, using: &random) })!
        }
        return FaceEncodings(plain: encoding(), mirrorMean: encoding())
    }

    static func face(_ number: Int, of photo: Int) -> RecordedFace {
        RecordedFace(
            face: Face(
                id: FaceID(photo: hash(photo), number: number),
                box: FaceBox(
                    left: -0.01 + Double(number) / 7, top: 0.1, width: 0.123, height: 1.0 / 3),
                confidence: 0.37, encodings: encodings(100 * photo + number)),
            detector: number == 0 ? .cnn : .hog, heightInPixels: number == 0 ? nil : 61.5,
            sharpness: number == 0 ? nil : 0)
    }

    static func photo(_ number: Int, faces: Int = 2) -> PhotoRecord {
        PhotoRecord(
            hash: hash(number), byteCount: 4_800_000, format: .jpeg, condition: .analysed,
            failure: Failure(code: .damaged, reason: "The picture ends early."), width: 4000,
            height: 3000, taken: TimeTaken("2024-05-01T12:33:10.25", offsetFromUTC: -12_600),
            camera: "Canon EOS R6", recordedFaces: (0..<faces).map { face($0, of: number) })
    }

    static func file(_ number: Int, in source: Source, at path: FilePath? = nil) -> PhotoFile {
        PhotoFile(
            source: source.id, path: path ?? FilePath("day 1/IMG_\(number).jpg"), stamp: stamp,
            photo: hash(number))
    }

    static func portrait(_ number: Int) -> PortraitAnalysis {
        PortraitAnalysis(
            hash: hash(number), width: 640, height: 480, faceCount: 2,
            chosen: PortraitFace(
                box: FaceBox(left: 0.25, top: 0.2, width: 0.5, height: 0.6), confidence: 1.25,
                encodings: encodings(number), heightInPixels: 288, detector: .hog))
    }

    static func portraitFile(_ number: Int, in source: Source, at path: FilePath) -> PortraitFile {
        PortraitFile(source: source.id, path: path, stamp: stamp, hash: hash(number))
    }

    static func run(_ id: String) -> RunRecord {
        RunRecord(
            id: id, command: "sort", started: "2024-05-02T08:00:00Z",
            settings: #"{"tolerance":0.5}"#)
    }

    static func placed(_ path: FilePath, _ place: Place, photo: Int) -> PlacedFile {
        PlacedFile(path: path, place: place, photo: hash(photo), stamp: stamp, run: "r1")
    }

    /// Names that file systems take and that are not all UTF-8.
    static let oddPaths: [FilePath] = [
        path([0x66, 0xFF, 0xFE, 0x2E, 0x6A]), path([0x80]), "-rf", "a b/ü/é.jpg", "日本/😀.heic",
        "new\nline.png", FilePath(String(repeating: "x", count: 255)), "quote'\".jpg", "100%_?.jpg",
    ]

    static func path(_ bytes: [UInt8]) -> FilePath {
        (bytes + [0]).map { CChar(bitPattern: $0) }.withUnsafeBufferPointer {
            FilePath(platformString: $0.baseAddress!)
        }
    }
}

extension Catalogue {
    /// One source with `photos` in it.
    func fill(photos: Range<Int>, faces: Int = 2) throws -> Source {
        let source = try rememberSource(.photos, at: "/media/card 1")
        for number in photos {
            try record(
                Sample.photo(number, faces: faces), version: 1,
                file: Sample.file(number, in: source))
        }
        return source
    }
}

/// The error of `body`, if it is the catalogue's.
func error(_ body: () throws -> Void) -> CatalogueError? {
    do {
        try body()
        return nil
    } catch {
        return error as? CatalogueError
    }
}
