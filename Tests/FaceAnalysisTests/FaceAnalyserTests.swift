@testable import FaceAnalysis
import FaceCore
import Foundation
import PhotoImaging
import TestSupport
import Testing

@Suite struct FaceAnalyserTests {
    @Test("Each portrait's nearest other portrait shows the same person", .slow)
    func encodingsTellPeopleApart() throws {
        let analyser = try Fixtures.analyser()
        var faces: [(person: String, encodings: FaceEncodings)] = []
        for (person, photos) in try Fixtures.portraits() {
            for photo in photos {
                let found = try analyser.portraitFaces(of: photo).faces
                let main = try #require(FaceAnalyser.portraitFace(among: found))
                faces.append((person, found[main].encodings))
            }
        }
        try #require(faces.count >= 50)
        for (index, face) in faces.enumerated() {
            let others = faces.enumerated().filter { $0.offset != index }.map(\.element)
            for encoding in [\FaceEncodings.plain, \.mirrorMean] {
                let nearest = others.min {
                    face.encodings[keyPath: encoding].distance(to: $0.encodings[keyPath: encoding])
                        < face.encodings[keyPath: encoding].distance(
                            to: $1.encodings[keyPath: encoding])
                }
                #expect(nearest?.person == face.person)
            }
        }
    }

    @Test("Workers on two threads find the same as one", .slow)
    func threadsAgree() async throws {
        let names = ["faces/bald_guys.jpg", "faces/2008_001322.jpg", "faces/2009_004587.jpg"]
        let models = try Fixtures.models.get()
        @Sendable func analyses() throws -> [PhotoAnalysis] {
            let analyser = try FaceAnalyser(models: models)
            return try names.map { try analyser.faces(of: Fixtures.sample($0)) }
        }
        let alone = try analyses()
        async let first = analyses()
        async let second = analyses()
        let (one, other) = try await (first, second)
        #expect(alone == one && alone == other)
        #expect(alone[0].faces.count >= 24)
    }

    @Test("A photo's picture is measured the same with or without finding its faces")
    func picturesAgree() throws {
        for name in ["faces/bald_guys.jpg", "faces/2008_001322.jpg"] {
            let photo = try Fixtures.sample(name)
            let features = try FaceAnalyser.pictureFeatures(of: photo)
            #expect(
                try features != nil
                    && Fixtures.analyser().faces(of: photo).pictureFeatures == features)
        }
    }

    @Test("Faces come in box order, sized by the photo at its full size")
    func facesInOrder() throws {
        let photo = try Fixtures.sample("faces/bald_guys.jpg")
        let analysis = try Fixtures.analyser().faces(of: photo)
        #expect(analysis.faces.map(\.box) == analysis.faces.map(\.box).sorted())
        #expect(analysis.searchedSide == max(photo.uprightWidth, photo.uprightHeight))
        #expect(analysis.decodedFraction == 1 && analysis.damage == nil)
        for face in analysis.faces {
            #expect(face.detector == .cnn)
            #expect((40...600).contains(face.heightInPixels))
            #expect(
                abs(face.box.height * Double(photo.uprightHeight) - face.heightInPixels) < 0.001)
        }
    }

    @Test("A blurred face is less sharp than the same face sharp")
    func sharpness() throws {
        let analyser = try Fixtures.analyser()
        let photo = try Fixtures.sample("faces/Tom_Cruise_avp_2014_4.jpg")
        let sharp = try #require(try analyser.faces(of: photo).faces.first)
        let small = try photo.pixels(maximumSide: 150)
        let blurred = try #require(
            try analyser.faces(of: PhotoSource(bytes: small.jpegData())).faces.first)
        #expect(blurred.sharpness < sharp.sharpness / 2)
    }

    @Test(
        "A photo without a face has none, and so have a single pixel, lines, one colour and noise",
        .slow,
        arguments: SearchDepth.allCases)
    func noFaces(depth: SearchDepth) throws {
        let analyser = try Fixtures.analyser(depth)
        #expect(try analyser.faces(of: Fixtures.sample("faces/dogs.jpg")).faces.isEmpty)
        for (width, height) in [(1, 1), (1, 20_000), (20_000, 1), (400, 300), (3000, 20)] {
            let plain = try PixelBuffer(width: width, height: height, red: 220)
            let noise = try Pictures.noise(width: width, height: height)
            for bytes in [try plain.pngData(), try noise.pngData()] {
                let photo = try PhotoSource(bytes: bytes)
                #expect(try analyser.faces(of: photo).faces.isEmpty)
                #expect(try analyser.portraitFaces(of: photo).faces.isEmpty)
            }
        }
    }

    #if os(Linux)
        @Test(
            "A photo of 192 megapixels is analysed in less memory than its pixels would take",
            .slow)
        func largePhoto() async {
            // In its own process, whose memory is measured.
            await #expect(processExitsWith: .success) {
                let bytes = try PixelBuffer(width: 16_000, height: 12_000, green: 120).jpegData()
                let photo = try PhotoSource(bytes: bytes)
                let analyser = try Fixtures.analyser()
                // From here on the highest use of memory counts again.
                try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
                let before = try mostKilobytes()
                #expect(try analyser.faces(of: photo).faces.isEmpty)
                let used = try mostKilobytes() - before
                print("192 megapixels: \(used / 1000) MB")
                // All of its pixels are 576 MB.
                #expect(used < 300_000)
                // And the next photo finds room.
                #expect(
                    try analyser.faces(of: Fixtures.sample("faces/2008_001322.jpg")).faces.count
                        >= 3)
            }
        }
    #endif

    @Test(
        "A photo's faces lie where they appear, whatever its EXIF orientation", .slow,
        arguments: 1...8)
    func orientation(_ orientation: Int) throws {
        let analyser = try Fixtures.analyser()
        let photo = try Fixtures.sample("faces/2008_001322.jpg")
        let expected = try analyser.faces(of: photo).faces
        let turned = try analyser.faces(
            of: PhotoSource(bytes: storedJPEG(photo, orientation: orientation))
        ).faces
        #expect(expected.count >= 3 && turned.count == expected.count)
        for face in expected {
            #expect(turned.contains { $0.box.overlap(with: face.box) > 0.5 })
        }
    }

    @Test(
        "A photo that ends early has only faces from its existing rows", .slow,
        arguments: [1, 3, 6, 8])
    func endsEarly(orientation: Int) throws {
        let analyser = try Fixtures.analyser()
        let photo = try Fixtures.sample("faces/bald_guys.jpg")
        let whole = try storedJPEG(photo, orientation: orientation)
        let all = try analyser.faces(of: PhotoSource(bytes: whole)).faces
        let analysis = try analyser.faces(
            of: PhotoSource(bytes: Array(whole.prefix(whole.count * 7 / 10))))
        let there = analysis.decodedFraction
        #expect(analysis.damage != nil && there > 0.5 && there < 0.9)
        #expect(analysis.faces.count > 5 && analysis.faces.count < all.count)
        for face in analysis.faces {
            let centre = (face.box.left + face.box.width / 2, face.box.top + face.box.height / 2)
            let distance =
                switch orientation {
                case 1: centre.1
                case 3: 1 - centre.1
                case 6: 1 - centre.0
                default: centre.0
                }
            #expect(distance < there)
        }
    }

    @Test("A photo with less than half of its rows is not searched")
    func mostIsMissing() throws {
        let whole = try storedJPEG(Fixtures.sample("faces/bald_guys.jpg"), orientation: 1)
        let analysis = try Fixtures.analyser().faces(
            of: PhotoSource(bytes: Array(whole.prefix(whole.count / 4))))
        #expect(analysis.decodedFraction < FaceAnalyser.leastDecodedFraction)
        #expect(analysis.faces.isEmpty && analysis.searchedSide == 0 && analysis.damage != nil)
    }

    @Test("The CNN finds a face tilted by 60 degrees, recognisably, in a photo and a portrait")
    func tilted() throws {
        let analyser = try Fixtures.analyser()
        let (person, photos) = try #require(try Fixtures.portraits().first)
        #expect(!person.isEmpty)
        let upright = try #require(try analyser.portraitFaces(of: photos[0]).faces.first)
        let tilted = try PhotoSource(bytes: turned(photos[0].pixels(), degrees: 60).pngData())
        let faces = try analyser.portraitFaces(of: tilted).faces
        #expect(try analyser.faces(of: tilted).faces == faces)
        let main = try #require(FaceAnalyser.portraitFace(among: faces))
        #expect(faces[main].detector == .cnn)
        #expect(faces[main].encodings.plain.distance(to: upright.encodings.plain) < 0.5)
    }

    @Test("A portrait shows its largest and most central face")
    func portraitFace() throws {
        let encoding = try #require(
            FaceEncoding(components: .init(repeating: 0, count: FaceEncoding.dimension)))
        func face(_ left: Double, _ top: Double, _ side: Double) -> AnalysedFace {
            AnalysedFace(
                box: FaceBox(left: left, top: top, width: side, height: side), confidence: 1,
                detector: .hog, encodings: FaceEncodings(plain: encoding, mirrorMean: encoding),
                heightInPixels: 100, sharpness: 50)
        }
        #expect(FaceAnalyser.portraitFace(among: []) == nil)
        #expect(FaceAnalyser.portraitFace(among: [face(0, 0, 0.2), face(0.3, 0.3, 0.4)]) == 1)
        #expect(FaceAnalyser.portraitFace(among: [face(0.4, 0.4, 0.2), face(0, 0, 0.22)]) == 0)
        #expect(FaceAnalyser.portraitFace(among: [face(0.4, 0.4, 0.1), face(0, 0, 0.5)]) == 1)
    }
}

#if os(Linux)
    /// The most memory that this process ever used.
    private func mostKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(
            line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
    }
#endif

/// `photo` as a camera with the given EXIF orientation stores it.
private func storedJPEG(_ photo: PhotoSource, orientation: Int) throws -> [UInt8] {
    var options = JPEGOptions()
    options.exif = ExifBlock(orientation: orientation).bytes
    return try Pictures.stored(photo.pixels(), orientation: orientation).jpegData(options)
}

/// `picture` turned about its centre, in a picture of the same size.
private func turned(_ picture: borrowing PixelBuffer, degrees: Double) throws -> PixelBuffer {
    let side = 2 * max(picture.width, picture.height)
    let (sine, cosine) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
    var result = try PixelBuffer(width: side, height: side, red: 128, green: 128, blue: 128)
    for y in 0..<side {
        for x in 0..<side {
            let (dx, dy) = (Double(x - side / 2), Double(y - side / 2))
            let column = Int((cosine * dx + sine * dy).rounded()) + picture.width / 2
            let row = Int((cosine * dy - sine * dx).rounded()) + picture.height / 2
            if (0..<picture.width).contains(column), (0..<picture.height).contains(row) {
                result[x, y] = picture[column, row]
            }
        }
    }
    return result
}

@Suite struct DrawnFaceTests {
    @Test("A found face's own box, drawn by hand, is encoded nearly as the search encodes it")
    func ownBox() throws {
        let analyser = try Fixtures.analyser()
        for name in ["faces/bald_guys.jpg", "faces/2008_001322.jpg"] {
            let photo = try Fixtures.sample(name)
            let found = try analyser.faces(of: photo).faces
            let drawn = try analyser.faces(of: photo, onlyIn: found.map(\.box))
            #expect(
                drawn.map(\.box) == found.map(\.box) && drawn.allSatisfy { $0.detector == .hand })
            for (one, other) in zip(found, drawn) {
                // Rounding to whole pixels moves an encoding; two people are .76 apart.
                #expect(one.encodings.mirrorMean.distance(to: other.encodings.mirrorMean) < 0.1)
            }
        }
    }

    @Test("A box higher than wide, as people draw it, shows the same person")
    func tallBox() throws {
        let analyser = try Fixtures.analyser()
        for (_, photos) in try Fixtures.portraits().prefix(5) {
            let photo = photos[0]
            let found = try analyser.faces(of: photo).faces
            let main = found[try #require(FaceAnalyser.portraitFace(among: found))]
            // From the forehead to the chin.
            let box = FaceBox(
                left: main.box.left + main.box.width * 0.05,
                top: main.box.top - main.box.height * 0.15, width: main.box.width * 0.9,
                height: main.box.height * 1.2)
            let drawn = try #require(try analyser.faces(of: photo, onlyIn: [box]).first)
            #expect(drawn.encodings.mirrorMean.distance(to: main.encodings.mirrorMean) < 0.4)
        }
    }

    @Test("A search is extended only by drawn faces that it does not find")
    func beside() throws {
        let analyser = try Fixtures.analyser()
        let photo = try Fixtures.sample("faces/2008_001322.jpg")
        let found = try analyser.faces(of: photo).faces
        let corner = FaceBox(left: 0.9, top: 0.9, width: 0.08, height: 0.08)
        let drawn = [found[0].box, corner]
        let both = try analyser.faces(of: photo, drawn: drawn).faces
        #expect(both.filter { $0.detector != .hand } == found)
        #expect(both.filter { $0.detector == .hand }.map(\.box) == [corner])
    }
}
