@testable import AlbumCatalogue
import FaceCore
import Foundation
import SystemPackage
import Testing

@Suite struct SourceTests {
    let folder: TestFolder
    let catalogue: Catalogue

    init() throws {
        folder = try TestFolder()
        catalogue = try folder.open()
    }

    @Test("The encoding space is set once, may be set again, and no other is accepted")
    func encodingSpace() throws {
        #expect(try catalogue.encodingSpace() == nil)
        try catalogue.setEncodingSpace(Sample.space)
        try catalogue.setEncodingSpace(Sample.space)
        let other = EncodingSpace(
            alignment: Sample.space.alignment, alignerHash: "aa", encoderHash: "cc")
        #expect(error { try catalogue.setEncodingSpace(other) }?.code == .otherSpace)
        #expect(try catalogue.encodingSpace() == Sample.space)
    }

    @Test(
        "Encodings of f32 and bf16 may be mixed; those of another encoder or aligner may not",
        arguments: EncodingSpace.Arithmetic.allCases)
    func arithmetic(first: EncodingSpace.Arithmetic) throws {
        func space(
            alignment: String = "cut", aligner: String = "aa", encoder: String = "bb",
            _ arithmetic: EncodingSpace.Arithmetic
        ) -> EncodingSpace {
            EncodingSpace(
                alignment: alignment, alignerHash: aligner, encoderHash: encoder,
                arithmetic: arithmetic)
        }
        try catalogue.setEncodingSpace(space(first))
        for next in EncodingSpace.Arithmetic.allCases {
            try catalogue.setEncodingSpace(space(next))
            let others = [
                space(alignment: "other", next), space(aligner: "cc", next),
                space(encoder: "cc", next),
            ]
            for other in others {
                #expect(error { try catalogue.setEncodingSpace(other) }?.code == .otherSpace)
            }
        }
        // The first one stays, even after opening again.
        try catalogue.close()
        #expect(try folder.open(.read).encodingSpace() == space(first))
    }

    @Test("A source is remembered once for each kind, in the order given")
    func rememberedOnce() throws {
        let photos = try catalogue.rememberSource(.photos, at: "/b")
        let people = try catalogue.rememberSource(.people, at: "/b")
        let odd = try catalogue.rememberSource(.photos, at: Sample.path([0x2F, 0xFF]))
        #expect(try catalogue.rememberSource(.photos, at: "/b") == photos)
        #expect(try catalogue.sources() == [photos, people, odd])
        #expect(people.kind == .people && photos.kind == .photos)
    }

    @Test("Every byte of a file's path survives, and paths come back in the order of their bytes")
    func oddPaths() throws {
        let source = try catalogue.fill(photos: 0..<1)
        try catalogue.forget(files: [Sample.file(0, in: source).path], in: source.id)
        let files = Sample.oddPaths.map { Sample.file(0, in: source, at: $0) }
        try catalogue.record(files: files)
        let back = try catalogue.photoFiles(in: source.id)
        #expect(Set(back) == Set(files))
        let bytes = back.map {
            $0.path.withPlatformString { [UInt8](Data(bytes: $0, count: strlen($0))) }
        }
        #expect(bytes == bytes.sorted { $0.lexicographicallyPrecedes($1) })
        for file in files {
            #expect(try catalogue.photoFile(at: file.path, in: source.id) == file)
        }
        #expect(try catalogue.files(of: Sample.hash(0)) == back)
    }

    @Test("A file is found by its name in any folder, not by one that only ends alike")
    func named() throws {
        let source = try catalogue.fill(photos: 0..<1)
        let paths: [FilePath] = ["1.jpg", "a/1.jpg", "a/b/1.jpg", "a/11.jpg", "1.jpg/x", "x1.jpg"]
        try catalogue.record(files: paths.map { Sample.file(0, in: source, at: $0) })
        #expect(
            try catalogue.photoFiles(named: "1.jpg").map(\.path) == [
                "1.jpg", "a/1.jpg", "a/b/1.jpg",
            ])
        #expect(try catalogue.photoFiles(named: "2.jpg").isEmpty)
        let odd = Sample.path([0xFF, 0x2E])
        try catalogue.record(files: [
            Sample.file(0, in: source, at: FilePath("q").appending(odd.components))
        ])
        #expect(try catalogue.photoFiles(named: odd.lastComponent!).count == 1)
    }

    @Test("A file recorded again is replaced; a forgotten one leaves its photo known")
    func replacedAndForgotten() throws {
        let source = try catalogue.fill(photos: 0..<2)
        let path = Sample.file(0, in: source).path
        let changed = PhotoFile(
            source: source.id, path: path, stamp: FileStamp(byteCount: 0, modified: -5),
            photo: Sample.hash(1))
        try catalogue.record(files: [changed])
        #expect(try catalogue.photoFile(at: path, in: source.id) == changed)
        #expect(try catalogue.files(of: Sample.hash(1)).count == 2)
        try catalogue.forget(files: [path, "never/there"], in: source.id)
        #expect(try catalogue.photoFiles(in: source.id) == [Sample.file(1, in: source)])
        #expect(try catalogue.photo(Sample.hash(0)) == Sample.photo(0))
    }

    @Test("Files of an unknown photo or source are refused, all of them together")
    func unknownRefused() throws {
        let source = try catalogue.fill(photos: 0..<1)
        let good = Sample.file(0, in: source, at: "good")
        let photo = Sample.file(7, in: source)
        #expect(error { try catalogue.record(files: [good, photo]) }?.code == .conflict)
        let nowhere = PhotoFile(
            source: SourceID(rawValue: 9), path: "x", stamp: Sample.stamp, photo: Sample.hash(0))
        #expect(error { try catalogue.record(files: [good, nowhere]) }?.code == .conflict)
        #expect(try catalogue.photoFile(at: "good", in: source.id) == nil)
    }

    @Test("Skipped files are replaced source by source")
    func skipped() throws {
        let one = try catalogue.rememberSource(.photos, at: "/1")
        let two = try catalogue.rememberSource(.photos, at: "/2")
        let films = [
            SkippedFile(source: one.id, path: "a.mov", kind: "video"),
            SkippedFile(source: one.id, path: Sample.oddPaths[0], kind: "RAW"),
        ]
        let other = SkippedFile(source: two.id, path: "a.mov", kind: "video")
        try catalogue.replaceSkipped(in: one.id, with: films)
        try catalogue.replaceSkipped(in: two.id, with: [other])
        #expect(try catalogue.skippedFiles() == films + [other])
        try catalogue.replaceSkipped(in: one.id, with: [])
        #expect(try catalogue.skippedFiles() == [other])
    }

    @Test("Failures are replaced by failures of the same kind, in the sources that were tried")
    func failed() throws {
        let one = try catalogue.rememberSource(.photos, at: "/1")
        let two = try catalogue.rememberSource(.photos, at: "/2")
        func file(_ source: Source?, _ path: FilePath, _ code: FailureCode) -> FailedFile {
            FailedFile(
                source: source?.id, path: path, code: code, reason: "could not be read: why",
                remedy: "Mend it.")
        }
        let unread = [
            file(one, "a.jpg", .notReadable), file(one, Sample.oddPaths[0], .notReadable),
            file(two, "a.jpg", .notReadable),
        ]
        let unwritten = [file(nil, "Anna/a.jpg", .notWritten), file(one, "a.jpg", .notWritten)]
        try catalogue.replaceFailed(.notReadable, in: [one.id, two.id], with: unread)
        try catalogue.replaceFailed(.notWritten, in: nil, with: unwritten)
        #expect(Set(try catalogue.failedFiles()) == Set(unread + unwritten))
        try catalogue.replaceFailed(.notReadable, in: [one.id], with: [])
        #expect(Set(try catalogue.failedFiles()) == Set([unread[2]] + unwritten))
        try catalogue.replaceFailed(.notWritten, in: nil, with: [])
        #expect(try catalogue.failedFiles() == [unread[2]])
    }
}
