import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// Issue 15: the files that Google Takeout writes beside photos.
@Suite("Files of Google Takeout beside photos") struct TakeoutTests {
    /// Which of `files` go along with `going`, photo by photo.
    private func beside(
        _ going: [String], staying: [String] = [], files: [String]
    ) throws -> (names: [String: [String]], keptCount: Int) {
        let folder: FilePath = "/photos"
        let sidecars = Sidecars(
            of: going.map { folder.appending($0) }, staying: staying.map { folder.appending($0) }
        ) { _ in files.compactMap { FilePath.Component($0) } }
        let names = sidecars.ofPhoto.map { photo, names in
            (photo.lastComponent?.string ?? "", names.map(\.string).sorted())
        }
        return (Dictionary(uniqueKeysWithValues: names), sidecars.keptCount)
    }

    @Test(
        "A number follows the title in the photo's name, but the whole name in its file's",
        arguments: [
            ("IMG_4(1).jpg", "IMG_4.jpg.supplemental-metadata(1).json"),
            ("IMG_3(12).jpg", "IMG_3.jpg(12).json"),
            ("IMG_4(1).jpg", "IMG_4.jpg.suppl(1).json"),
            ("IMG_4(1).HEIC", "IMG_4.HEIC.supplemental-metada(1).json"),
            ("IMG_4(1).jpg", "IMG_4(1).jpg.json"),
            ("IMG_4.jpg", "IMG_4.jpg.json"),
            ("IMG_4.jpg", "IMG_4.jpg.supplemental-metadata.json"),
            ("IMG_4.jpg", "IMG_4.jpg.s.json"),
        ])
    func numbered(photo: String, file: String) throws {
        let stem = photo.prefix { $0 != "." && $0 != "(" }
        let suffix = photo.split(separator: ".").last ?? ""
        let others = [
            "\(stem).\(suffix)", "\(stem)(1).\(suffix)", "\(stem)(12).\(suffix)", "a.jpg",
        ]
        .filter { $0 != photo }
        #expect(try beside([photo], staying: others, files: [file]).names == [photo: [file]])
        for other in others {
            let found = try beside([other], staying: [photo], files: [file])
            #expect(found.names.isEmpty && found.keptCount == 0, "\(other)")
            #expect(try beside([photo, other], files: [file]).names == [photo: [file]])
            // Even if the photo itself is not there.
            #expect(try beside([other], files: [file]).names.isEmpty, "\(other)")
        }
    }

    @Test(
        "A long name is cut to 46 letters before .json",
        arguments: [
            (
                "PXL_20230830_175959473.PORTRAIT.ORIGINAL.jpg",
                "PXL_20230830_175959473.PORTRAIT.ORIGINAL.jpg.s.json"
            ),
            (
                "a picture with a name that is long indeed and more.jpg",
                "a picture with a name that is long indeed and .json"
            ),
            (
                "a picture with a name that is long indeed and more(2).jpg",
                "a picture with a name that is long indeed and (2).json"
            ),
            (
                "äpfel und birnen auf einem tisch vor dem haus xy.jpg",
                "äpfel und birnen auf einem tisch vor dem haus .json"
            ),
        ])
    func cut(photo: String, file: String) throws {
        #expect(try beside([photo], staying: ["a.jpg"], files: [file]).names == [photo: [file]])
        #expect(try beside(["a picture.jpg", "PXL.jpg"], files: [file]).names.isEmpty)
    }

    @Test("An edited photo shares its original's file, which goes with the original or stays")
    func edited() throws {
        for (original, edited, file) in [
            ("IMG_4.jpg", "IMG_4-edited.jpg", "IMG_4.jpg.supplemental-metadata.json"),
            ("IMG_4.jpg", "IMG_4-bearbeitet.jpg", "IMG_4.jpg.json"),
            ("IMG_4(1).jpg", "IMG_4-edited(1).jpg", "IMG_4.jpg.supplemental-metadata(1).json"),
            ("IMG_4(1).jpg", "IMG_4(1)-edited.jpg", "IMG_4.jpg(1).json"),
        ] {
            #expect(try beside([edited, original], files: [file]).names == [original: [file]])
            #expect(try beside([edited], files: [file]).names == [edited: [file]])
            for (one, other) in [(original, edited), (edited, original)] {
                let found = try beside([one], staying: [other], files: [file])
                #expect(found.names.isEmpty && found.keptCount == 1, "\(one)")
            }
            #expect(
                try beside(["IMG_4-other.jpg", "IMG_5-edited.jpg"], files: [file]).names.isEmpty)
        }
        let second = ["IMG_4-edited.jpg", "IMG_4-edited(1).jpg"]
        #expect(
            try beside(second, files: ["IMG_4.jpg.json"]).names
                == ["IMG_4-edited.jpg": ["IMG_4.jpg.json"]])
    }

    @Test(
        "The file gets the photo's new name",
        arguments: [
            (
                "IMG_4.jpg.supplemental-metadata(1).json", "IMG_4(1).jpg",
                "Anna.jpg.supplemental-metadata.json"
            ),
            ("IMG_3.jpg(1).json", "IMG_3(1).jpg", "Anna.jpg.json"),
            ("IMG_4.jpg.suppl.json", "IMG_4.jpg", "Anna.jpg.suppl.json"),
            ("IMG_4.jpg.json", "IMG_4-edited.jpg", "Anna.jpg.json"),
            (
                "a picture with a name that is long indeed and .json",
                "a picture with a name that is long indeed and more.jpg", "Anna.jpg.json"
            ),
        ])
    func renamed(file: String, photo: String, expected: String) throws {
        func name(now photo: FilePath.Component, _ old: FilePath.Component) throws -> String {
            Sidecars.name(try #require(FilePath.Component(file)), of: old, now: photo).string
        }
        let old = try #require(FilePath.Component(photo))
        #expect(try name(now: "Anna.jpg", old) == expected)
        #expect(try name(now: old, old) == file)
        // It still belongs to the photo.
        #expect(try beside(["Anna.jpg"], files: [expected]).names == ["Anna.jpg": [expected]])
    }

    @Test("rename gives each photo its own file, and undo gives the old names back")
    func renaming() async throws {
        let event = try RenamingEvent(
            [
                .init(name: "IMG_4.jpg", taken: "2024-05-01T12:00:01"),
                .init(name: "IMG_4(1).jpg", taken: "2024-05-01T12:00:02"),
                .init(name: "IMG_4-edited.jpg", taken: "2024-05-01T12:00:03"),
            ],
            others: [
                "IMG_4.jpg.supplemental-metadata.json", "IMG_4.jpg.supplemental-metadata(1).json",
            ])
        let before = try event.contents()
        try await event.rename("n {sequence}")
        let contents = try event.contents()
        #expect(
            contents["n 001.jpg.supplemental-metadata.json"]
                == "other IMG_4.jpg.supplemental-metadata.json")
        #expect(
            contents["n 002.jpg.supplemental-metadata.json"]
                == "other IMG_4.jpg.supplemental-metadata(1).json")
        #expect(contents.count == 5)
        #expect(try await event.rename("n {sequence}").renames.isEmpty)
        try event.undo()
        #expect(try event.contents() == before)
    }
}
