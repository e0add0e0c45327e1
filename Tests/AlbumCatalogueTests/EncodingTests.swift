@testable import AlbumCatalogue
import FaceCore
import Foundation
import SystemPackage
import Testing

/// A change of the encoder, as the catalogue sees it.
@Suite struct EncodingTests {
    let folder: TestFolder
    let catalogue: Catalogue
    private let other = EncodingSpace(
        alignment: Sample.space.alignment, alignerHash: "aa", encoderHash: "cc")

    init() throws {
        folder = try TestFolder()
        catalogue = try folder.open()
        try catalogue.setEncodingSpace(Sample.space)
        _ = try catalogue.fill(photos: 0..<3)
        try catalogue.record(Sample.portrait(50), version: 1)
    }

    /// Collects for all that lack encodings but the photos in `missing`.
    private func collect(except missing: Set<ContentHash> = []) throws {
        for (photo, faces) in try catalogue.facesToEncode() where !missing.contains(photo) {
            try catalogue.collect(faces.mapValues { _ in Sample.encodings(7) })
        }
        for portrait in try catalogue.portraitsToEncode().keys {
            try catalogue.collect(Sample.encodings(8), ofPortrait: portrait)
        }
    }

    @Test("Until all are replaced at once, the old encodings count; boxes and numbers stay")
    func replaced() throws {
        let before = try catalogue.photos()
        try catalogue.beginEncoding(in: other, encoder: "/encoder")
        #expect(try catalogue.facesToEncode().values.reduce(0) { $0 + $1.count } == 6)
        #expect(try Array(catalogue.portraitsToEncode().keys) == [Sample.hash(50)])
        try collect()
        #expect(try catalogue.facesToEncode().isEmpty && catalogue.portraitsToEncode().isEmpty)
        #expect(try catalogue.photos() == before)
        #expect(try catalogue.encodingSpace() == Sample.space)
        let change = try catalogue.replaceEncodings()
        #expect(change.faceCount == 6 && change.portraitCount == 1)
        #expect(change.photosSetAside.isEmpty && change.portraitsSetAside.isEmpty)
        #expect(try catalogue.encodingSpace() == other)
        #expect(try catalogue.encoderPath() == "/encoder")
        let after = try catalogue.photos().flatMap(\.faces)
        #expect(after.map(\.id) == before.flatMap(\.faces).map(\.id))
        #expect(after.map(\.box) == before.flatMap(\.faces).map(\.box))
        #expect(after.allSatisfy { $0.encodings == Sample.encodings(7) })
        #expect(
            try catalogue.portraitAnalysis(of: Sample.hash(50), version: 1)?.chosen?.encodings
                == Sample.encodings(8))
        #expect(try catalogue.checkIntegrity() == [])
    }

    @Test("What was collected is kept for the same encoder, and forgotten for another")
    func carriedOn() throws {
        try catalogue.beginEncoding(in: other, encoder: nil)
        try collect(except: [Sample.hash(1)])
        try catalogue.close()
        let again = try folder.open()
        try again.beginEncoding(in: other, encoder: nil)
        #expect(try Array(again.facesToEncode().keys) == [Sample.hash(1)])
        let third = EncodingSpace(
            alignment: Sample.space.alignment, alignerHash: "aa", encoderHash: "dd")
        try again.beginEncoding(in: third, encoder: nil)
        #expect(try again.facesToEncode().count == 3)
        #expect(try again.portraitsToEncode().count == 1)
    }

    @Test("A photo or portrait with a face that cannot be encoded is analysed again")
    func setAside() throws {
        try catalogue.beginEncoding(in: other, encoder: nil)
        try collect(except: [Sample.hash(1)])
        let photo = Sample.hash(1)
        try catalogue.collect([
            FaceID(photo: photo, number: 0): Sample.encodings(7),
            FaceID(photo: photo, number: 1): nil,
        ])
        try catalogue.collect(nil, ofPortrait: Sample.hash(50))
        let change = try catalogue.replaceEncodings()
        #expect(change.photosSetAside == [photo])
        #expect(change.portraitsSetAside == [Sample.hash(50)])
        #expect(change.faceCount == 4)
        #expect(
            try catalogue.analysedPhotos(version: 1) == [Sample.hash(0), Sample.hash(2)])
        #expect(try catalogue.photo(photo)?.faces.isEmpty == true)
        #expect(try catalogue.portraitAnalysis(of: Sample.hash(50), version: 1) == nil)
        #expect(try catalogue.checkIntegrity() == [])
    }

    @Test("Without collected encodings nothing is replaced")
    func nothingCollected() throws {
        #expect(error { _ = try catalogue.replaceEncodings() }?.code == .conflict)
        #expect(try catalogue.encodingSpace() == Sample.space)
    }

    @Test("The path of the encoder may change while its content stays")
    func path() throws {
        try catalogue.setEncodingSpace(Sample.space, encoder: "/a")
        #expect(try catalogue.encoderPath() == "/a")
        try catalogue.setEncodingSpace(Sample.space, encoder: "/b")
        #expect(try catalogue.encoderPath() == "/b")
        #expect(error { try catalogue.setEncodingSpace(other, encoder: "/c") }?.code == .otherSpace)
        #expect(try catalogue.encoderPath() == "/b")
    }
}
