@testable import FileLedger
import AlbumCatalogue
import FaceCore
import PhotoImaging
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct EvidenceSortTests {
    /// The picture so blurred that no face is found in it.
    private func faceless(_ picture: borrowing PixelBuffer) throws -> PixelBuffer {
        try blurred(blurred(picture))
    }

    private func blurred(_ picture: borrowing PixelBuffer) throws -> PixelBuffer {
        var copy = try PixelBuffer(width: picture.width, height: picture.height)
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                // Means of 25 x 25 pixels: the picture is nearly the same, its face gone.
                let (left, top) = (max(0, x - 12), max(0, y - 12))
                let (right, bottom) = (min(picture.width, x + 13), min(picture.height, y + 13))
                var sum = (0, 0, 0)
                for v in top..<bottom {
                    for u in left..<right {
                        let pixel = picture[u, v]
                        sum.0 += Int(pixel.red)
                        sum.1 += Int(pixel.green)
                        sum.2 += Int(pixel.blue)
                    }
                }
                let count = (right - left) * (bottom - top)
                copy[x, y] = (
                    UInt8(sum.0 / count), UInt8(sum.1 / count), UInt8(sum.2 / count)
                )
            }
        }
        return copy
    }

    /// Anna before a wall that the light falls on from one side: blurred it has no face and is
    /// nearly the same picture.
    private func shot() throws -> PixelBuffer {
        var picture = try PixelBuffer(width: 450, height: 300)
        for y in 0..<300 {
            for x in 0..<450 {
                let grey = UInt8(x / 2 + 20)
                picture[x, y] = (grey, grey, grey)
            }
        }
        let portrait = try Party.shot(of: [.salley])
        for y in 0..<150 { for x in 0..<150 { picture[x + 150, y + 75] = portrait[x, y] } }
        return picture
    }

    @Test("A blurred copy goes where the sharp photo goes, although no face is found in it", .slow)
    func blurredCopy() async throws {
        let party = try Party()
        try party.add(.salley, as: "people/Anna.jpg")
        let picture = try shot()
        try party.write(try picture.jpegData(quality: 92), to: "photos/sharp.jpg")
        try party.write(try faceless(picture).jpegData(quality: 80), to: "photos/soft.jpg")
        let summary = try await party.sort()
        #expect(try party.listing() == ["Anna/sharp.jpg", "Anna/soft.jpg"])
        #expect(summary.people.map(\.photoCount) == [2] && summary.unknownCount == 0)
        let why = try party.opened().explain("soft.jpg", person: nil)
        #expect(why.sentences.contains { $0.hasPrefix("Anna is in it as well: 'sharp.jpg' is") })
        #expect(try party.opened().groups(with: ["Anna"], only: false, minimumFaces: 0).count == 2)
        #expect(try party.opened().status().people.map(\.photoCount) == [2])
        #expect(try await party.sortAgain().run == nil)
        try await party.sortAgain { $0.rule = .nearest }
        #expect(try party.listing() == ["Anna/sharp.jpg", "unknown/soft.jpg"])
        // The face that was missed counts.
        try await party.sortAgain {
            $0.rule = .evidence
            $0.groupSize = 1
        }
        #expect(
            try party.listing() == [
                "Anna/sharp.jpg", "Anna/soft.jpg", "group/sharp.jpg", "group/soft.jpg",
            ])
        #expect(try party.opened().groups(with: ["Anna"], only: true, minimumFaces: nil).count == 2)
    }

    @Test("An event of one photo with nobody known, and a group photo as the only portrait")
    func oneStranger() async throws {
        let party = try Party()
        try party.add([.salley, .savage], as: "people/Couple.jpg")
        try party.add(.simm, as: "photos/a.jpg")
        let summary = try await party.sort()
        #expect(try party.listing() == ["unknown/a.jpg"])
        #expect(summary.portraitTroubles.map(\.kind) == [.severalFaces])
        #expect(summary.questionCount == 0)
        #expect(try await party.sortAgain().run == nil)
    }

    @Test("The rule and --sure-only are remembered, and can be taken back")
    func remembered() async throws {
        let party = try await Party.small()
        let first = try await party.sort {
            $0.rule = .nearest
            $0.filesOnlySure = true
        }
        #expect(first.settings.match.rule == .nearest && first.settings.match.filesOnlySure)
        let again = try await party.sortAgain()
        #expect(again.settings == first.settings && again.run == nil)
        let last = try await party.sortAgain {
            $0.rule = .evidence
            $0.filesOnlySure = false
        }
        #expect(last.settings.match == MatchSettings())
    }

    @Test("Likely matches are filed, or wait as questions when only sure ones are wanted")
    func onlySure() async throws {
        let party = try await Party.small()
        try party.add(.salley, 1, as: "photos/near.jpg")
        try await party.sort()
        // The distance is the mean of three photos of Anna; two of them show her portrait itself.
        let distance = try #require(
            try party.opened().explain("near.jpg", person: nil).faces[0].distance)
        // By the tolerance the match is above the sure limit and below the other.
        let tolerance = distance - 0.05
        let likely = try await party.sortAgain { $0.tolerance = tolerance }
        #expect(try party.has("album/Anna/near.jpg") && likely.bands[.likely] == 3)
        let strict = try await party.sortAgain { $0.filesOnlySure = true }
        // Simm, who is in two photos, was there first.
        #expect(
            try !party.has("album/Anna/near.jpg") && party.has("album/unknown/person-02/near.jpg"))
        #expect(strict.questionCount == 1 && strict.bands[.ask] == 3)
        let answer = try party.opened().explain("near.jpg", person: nil).faces[0]
        #expect(answer.sentence.hasPrefix("Probably Anna"))
        let loose = try await party.sortAgain { $0.filesOnlySure = false }
        #expect(try party.has("album/Anna/near.jpg") && loose.questionCount == 0)
    }

    @Test("Twins, two names with one portrait: nobody is filed under either, with one remark")
    func twins() async throws {
        let party = try await Party.small()
        try party.add(.salley, as: "people/Twin.jpg")
        let summary = try await party.sort()
        #expect(try !party.has("album/Anna") && !party.has("album/Twin"))
        #expect(try party.has("album/unknown/a.jpg"))
        let troubles = summary.portraitTroubles.filter { $0.kind == .lookAlike }
        #expect(troubles.count == 1)
        #expect(
            troubles[0].sentence.hasPrefix("Anna and Twin have the same portrait")
                && troubles[0].sentence.hasSuffix("; 2 photos are waiting for you."))
        let why = try party.opened().explain("a.jpg", person: nil).faces[0]
        #expect(why.band == .ask && why.sentence.contains("could be either"))
    }

    @Test("Pictures are measured once; an album without measures gets them, and keeps its faces")
    func measuredOnce() async throws {
        let party = try await Party.small()
        try await party.sort()
        let before = try party.contents()
        func measured() throws -> Int {
            try catalogue(party).measuredPhotos(version: PictureFeatures.version).count
        }
        #expect(try measured() == 4)
        let writable = try Catalogue(
            path: AlbumFolder(party.album).catalogue, access: .write)
        let source = try #require(try writable.sources().first { $0.kind == .photos })
        for file in try writable.photoFiles(in: source.id) {
            try writable.record(PictureAnalysis(version: 0, features: nil), file: file)
        }
        try writable.close()
        #expect(try measured() == 0)
        let summary = try await party.sortAgain()
        #expect(summary.analysedCount == 0)
        #expect(try measured() == 4 && party.contents() == before)
        #expect(try await party.sortAgain().run == nil)
    }

    private func catalogue(_ party: Party) throws -> Catalogue {
        try Catalogue(
            path: AlbumFolder(party.album).catalogue, access: .read, journalMode: .rollback)
    }
}
