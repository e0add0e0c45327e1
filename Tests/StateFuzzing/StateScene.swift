import PhotoIndex
import FileLedger
import AlbumKit
import AlbumCatalogue
import FaceAnalysis
import FaceCore
import Foundation
import GRDB
import PhotoImaging
package import SystemPackage
import TestSupport

/// A home folder with an album, a bin and a folder of renamed photos, each after several runs, made by
/// the program itself; any bytes will do for its photos, since what is in them is in the catalogues.
package final class StateScene: Sendable {
    /// The folders of the home that are workspaces.
    package enum Workspace: String, CaseIterable, Sendable {
        case album, bin, renamed
    }

    private let folder: TemporaryFolder
    package var home: FilePath { folder.appending("home") }
    /// As it is before each trial.
    package let before: FileTree

    package init() async throws {
        folder = try TemporaryFolder(.inMemory)
        let making = Making(home: folder.appending("home"))
        try making.precious()
        try await making.album()
        try await making.bin()
        try await making.renamed()
        try making.foreign()
        before = try FileTree(making.home)
    }

    /// - Parameter isKnown: whether this machine remembers the runs that made the scene; else it is as
    ///   if everything had come from somebody else.
    func disk(isKnown: Bool) -> Disk {
        Disk(marks: isKnown ? Making.marks(in: home) : RunMarks { nil })
    }

    package func path(_ workspace: Workspace) -> FilePath { home.appending(workspace.rawValue) }

    /// Makes everything as it was.
    ///
    /// - Parameter earlier: how it was a while ago.
    /// - Returns: how it is now.
    package func reset(since earlier: FileTree?) throws -> FileTree {
        try before.write(to: home, since: earlier)
    }
}

/// What is said and done to make the scene.
private struct Making {
    let home: FilePath
    let disk: Disk
    let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_800_000_000) }

    init(home: FilePath) {
        self.home = home
        disk = Disk(marks: Self.marks(in: home))
    }

    static func marks(in home: FilePath) -> RunMarks {
        RunMarks { home.appending("marks") }
    }

    func path(_ name: String) -> FilePath { home.appending(name) }

    func write(_ text: String, to name: String, mode: Int = 0o644) throws {
        let path = path(name).string
        try FileManager.default.createDirectory(
            atPath: FilePath(path).removingLastComponent().string,
            withIntermediateDirectories: true)
        try FileTree.replace(path, with: Array(text.utf8))
        try FileManager.default.setAttributes(
            [
                .posixPermissions: mode,
                .modificationDate: Date(timeIntervalSince1970: 1_700_000_000),
            ], ofItemAtPath: path)
    }

    /// What is nobody's business.
    func precious() throws {
        try write("Dear diary\n", to: "precious/diary.txt")
        try write("secret\n", to: "precious/keys/id", mode: 0o600)
        try write("{\"a\": 1}\n{\"b\": 2}\n", to: "precious/notes.jsonl")
        try write("", to: "precious/empty.txt")
        try write("alias ll=ls\n", to: ".profile")
        try FileManager.default.createDirectory(
            atPath: path("precious/empty folder").string, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: path("precious/link").string, withDestinationPath: "diary.txt")
        let queue = try DatabaseQueue(path: path("precious/places.sqlite").string)
        try queue.write {
            try $0.execute(sql: "CREATE TABLE bookmark (address); INSERT INTO bookmark VALUES (1)")
        }
        try queue.close()
    }

    // MARK: Catalogues

    /// A face of one of a few people; faces of one person are alike.
    private func encodings(of person: Int, _ number: Int) -> FaceEncodings {
        var random = SplitMix64(seed: UInt64(person))
        var noise = SplitMix64(seed: UInt64(1000 + 100 * person + number))
        func encoding() -> FaceEncoding {
            FaceEncoding(
                components: (0..<128).map { _ in
                    Float.random(in: -0.1...0.1, using: &random)
                        + Float.random(in: -0.005...0.005, using: &noise)
                })!  // So many, all finite.
        }
        return FaceEncodings(plain: encoding(), mirrorMean: encoding())
    }

    /// Of pictures that are all different; every second one is blurred.
    private func features(_ number: Int) -> PictureFeatures? {
        var random = SplitMix64(seed: UInt64(9000 + number))
        func bytes(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: 0...254, using: &random) }
        }
        let isSharp = !number.isMultiple(of: 2)
        let blur = PictureBlur(radius: isSharp ? 0.8 : 3, cells: bytes(PictureBlur.cellCount))
        return blur.flatMap {
            PictureFeatures(
                greys: bytes(PictureFeatures.side * PictureFeatures.side),
                differenceHash: random.next(), sharpness: isSharp ? 900 : 40, brightness: 0.5,
                darkFraction: 0.1, brightFraction: 0.1,
                thumbnail: bytes(
                    PictureFeatures.thumbnailSide * PictureFeatures.thumbnailSide), blur: $0)
        }
    }

    /// Tells a catalogue what is in photos whose content is their name.
    private func teach(
        _ catalogue: Catalogue, _ source: Source, _ photos: [(content: String, people: [Int])]
    ) throws {
        try catalogue.setEncodingSpace(
            EncodingSpace(
                alignment: "dlib-5-point-150px-0.25", alignerHash: "a", encoderHash: "b"))
        for (number, photo) in photos.enumerated() {
            let hash = ContentHasher.hash(Array(photo.content.utf8))
            let faces = photo.people.enumerated().map { index, person in
                RecordedFace(
                    face: Face(
                        id: FaceID(photo: hash, number: index),
                        box: FaceBox(
                            left: 0.1 + 0.2 * Double(index), top: 0.2, width: 0.15, height: 0.2),
                        confidence: 1, encodings: encodings(of: person, number)),
                    detector: .cnn, heightInPixels: 300, sharpness: 100 + Double(number))
            }
            try catalogue.record(
                PhotoRecord(
                    hash: hash, byteCount: Int64(photo.content.utf8.count), format: .jpeg,
                    condition: .analysed, width: 4000, height: 3000,
                    taken: "2024-05-01T12:\(10 + number % 50):10", recordedFaces: faces),
                version: FaceAnalyser.version,
                picture: PictureAnalysis(
                    version: PictureFeatures.version, features: features(number)),
                // As if it had been there once under another name.
                file: PhotoFile(
                    source: source.id, path: FilePath("before/\(number).jpg"),
                    stamp: FileStamp(byteCount: 1, modified: 0), photo: hash))
        }
    }

    // MARK: Workspaces

    /// Four runs: two that copied, one that moved by what was said, one that pruned.
    func album() async throws {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"]
        let people = [[1], [2], [1, 2, 3], [3], [3], [], [4], [4]]
        for name in names.dropLast(2) { try write("photo \(name)", to: "photos/\(name).jpg") }
        try write("portrait 1", to: "people/Anna.jpg")
        try write("portrait 2", to: "people/Ben.jpg")
        let folder = AlbumFolder(path("album"))
        try folder.prepare()
        let catalogue = try Catalogue(path: folder.catalogue, access: .write)
        for person in 1...2 {
            try catalogue.record(
                PortraitAnalysis(
                    hash: ContentHasher.hash(Array("portrait \(person)".utf8)), width: 600,
                    height: 600, faceCount: 1,
                    chosen: PortraitFace(
                        box: FaceBox(left: 0.2, top: 0.2, width: 0.5, height: 0.5), confidence: 1,
                        encodings: encodings(of: person, 99), heightInPixels: 300, detector: .cnn,
                        sharpness: 200)), version: FaceAnalyser.version)
        }
        try teach(
            catalogue, catalogue.rememberSource(.photos, at: path("photos")),
            zip(names, people).map { ("photo \($0)", $1) })
        try catalogue.close()
        try await sort()
        for name in names.suffix(2) { try write("photo \(name)", to: "photos/\(name).jpg") }
        try await sort()
        let stranger = FaceKey(
            photo: ContentHasher.hash(Array("photo d".utf8)),
            box: FaceBox(left: 0.1, top: 0.2, width: 0.15, height: 0.2))
        var decisions = try DecisionJournal(folder)
        for saying in [
            FaceCore.Statement.isPerson([stranger], name: "Cleo"), .same([stranger]),
            .isNotPerson([stranger], name: "Ben"), .rename("Ben", to: "Benjamin"),
        ] {
            _ = try decisions.append([saying], at: now())
        }
        try await sort()
        FileTree.remove(path("photos/b.jpg"))
        try await sort { $0.prunes = true }
    }

    private func sort(_ change: (inout SortRequest) -> Void = { _ in }) async throws {
        var request = SortRequest(
            photos: [path("photos")], people: path("people"), album: path("album"))
        change(&request)
        _ = try await Sorter(request, environment: RunEnvironment([:], now: now, disk: disk))
            .run(interruption: Interruption()) { _ in }
    }

    /// A bin after one `clean`, with choices and something learnt from them.
    func bin() async throws {
        for name in ["p", "q", "r"] { try write("phone \(name)", to: "phone/\(name).jpg") }
        try write("edits", to: "phone/p.xmp")
        let folder = AlbumFolder(path("bin"))
        try folder.prepare()
        let catalogue = try Catalogue(path: folder.catalogue, access: .write)
        let labelled = (0..<60).map { ("label \($0)", $0.isMultiple(of: 2) ? [] : [5]) }
        try teach(
            catalogue, catalogue.rememberSource(.photos, at: path("phone")),
            [("phone p", []), ("phone q", [5]), ("phone r", [])] + labelled)
        try catalogue.close()
        var request = CleanRequest(
            study: SurveyRequest(photos: [path("phone")]), bin: path("bin"), filters: [.noFaces])
        request.applies = true
        _ = try await Cleaner(request, environment: RunEnvironment([:], now: now, disk: disk))
            .run(interruption: Interruption()) { _ in }
        var choices = try ChoiceJournal(folder)
        try choices.append(
            labelled.enumerated().map { number, photo in
                let hash = ContentHasher.hash(Array(photo.0.utf8))
                return (hash, number.isMultiple(of: 2) ? .discard : .keep)
            }, about: .worth, at: now())
        try choices.append(
            [(ContentHasher.hash(Array("phone q".utf8)), .keep)], about: .noFaces, at: now())
        _ = try await KeepTrainer(
            KeepRequest(study: SurveyRequest(photos: [path("phone")]), bin: path("bin")),
            environment: RunEnvironment([:], now: now, disk: disk)
        ).run(interruption: Interruption()) { _ in }
    }

    /// A folder of photos that were renamed twice.
    func renamed() async throws {
        for name in ["x", "y", "z"] { try write("picture \(name)", to: "renamed/\(name).jpg") }
        try write("edits", to: "renamed/x.xmp")
        // Made the folder of renamed photos by a rehearsal, which needs no models once it knows them.
        let folder = AlbumFolder(path("renamed"))
        try folder.prepare()
        let mark = path("renamed/.facesort/photos").string
        try FileTree.replace(mark, with: [])
        let catalogue = try Catalogue(path: folder.catalogue, access: .write)
        try teach(
            catalogue, catalogue.rememberSource(.photos, at: path("renamed")),
            [("picture x", [6]), ("picture y", []), ("picture z", [6, 7])])
        try catalogue.close()
        for template in ["{date} {kind}", "{date}_{sequence}"] {
            var request = RenameRequest(
                study: SurveyRequest(photos: [path("renamed")]),
                template: try RenameTemplate(template))
            request.applies = true
            _ = try await Renamer(request, environment: RunEnvironment([:], now: now, disk: disk))
                .run(interruption: Interruption()) { _ in }
        }
    }

    /// What somebody put among the files of ours.
    func foreign() throws {
        try write("my own", to: "album/notes.txt")
        try write("my own photo", to: "album/Anna/mine.jpg")
        try write("an edited copy", to: "album/Anna/a.jpg")
        try write("", to: "album/group/empty.txt")
        try write("my own", to: "bin/notes.txt")
        try write("my own", to: "renamed/sub/notes.txt")
        try FileManager.default.createDirectory(
            atPath: path("album/empty folder").string, withIntermediateDirectories: true)
    }
}
