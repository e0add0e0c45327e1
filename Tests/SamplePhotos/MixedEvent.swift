import Dispatch
import Foundation
import Synchronization

/// A large event: people, and thousands of photos of mixed sizes, formats and orientations.
///
/// Each scene is composed once, larger than any photo, and photographed many times: every photo is
/// another part of it in another light, so that all differ and few have to be composed.
struct MixedEvent: Sendable {
    /// The pixels of a scene; the largest photo fits with some room to move.
    static let sceneWidth = 6000
    static let sceneHeight = 4500

    static let photosPerScene = 60

    /// The number of faces scattered over a scene; every number is equally likely.
    static let faceCounts = 10...40

    /// The height of a face in pixels of the scene, uniform in the logarithm.
    static let faceHeights = 60.0...600.0

    /// One scene in so many has a team in it.
    static let teamInterval = 6

    /// One photo in so many of the smallest is HEIC, which takes long to write.
    static let heicInterval = 8

    /// Enough for the grain of a scene to look like a sensor's; 0.2 bytes a pixel.
    static let quality = 86

    /// Each holds a scene and a photo in memory, about 300 MB.
    static let laneCount = min(4, ProcessInfo.processInfo.activeProcessorCount)

    private let portraits: Portraits
    private let faces: [Raster]
    private let folder: String

    init(portraits: Portraits, folder: String) throws {
        self.portraits = portraits
        self.folder = folder
        faces = try portraits.people.flatMap(\.portraits).map { try decode($0.path) }
    }

    /// Writes `people/`, `photos/` and `photos.csv`.
    ///
    /// A photo depends on `seed` and its own number only, so more photos never change the first.
    /// `photos.csv` has the columns photo, width, height (pixels, as stored) and orientation
    /// (EXIF's, 1...8).
    func write(count: Int, seed: UInt64) throws {
        try makeFolder(folder + "/photos")
        try makeFolder(folder + "/people")
        for person in portraits.people {
            let bytes = try readFile(person.portraits[0].path)
            try writeFile(bytes, to: "\(folder)/people/\(person.name).jpg")
        }
        let sceneCount = (count + Self.photosPerScene - 1) / Self.photosPerScene
        let outcomes = Mutex<[Int: Result<String, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: Self.laneCount) { lane in
            for scene in stride(from: lane, to: sceneCount, by: Self.laneCount) {
                let first = scene * Self.photosPerScene
                let numbers = first..<min(count, first + Self.photosPerScene)
                let outcome = Result { try writeScene(scene, photos: numbers, seed: seed) }
                outcomes.withLock { $0[scene] = outcome }
                if case .failure = outcome { return }
            }
        }
        let rows = try outcomes.withLock { outcomes in
            try outcomes.sorted { $0.key < $1.key }.map { try $0.value.get() }
        }
        let table = "photo,width,height,orientation\n" + rows.joined()
        try writeFile(Array(table.utf8), to: folder + "/photos.csv")
    }

    /// Writes the photos with these numbers, all of one scene; gives their rows of the table.
    private func writeScene(_ scene: Int, photos: Range<Int>, seed: UInt64) throws -> String {
        let picture = composedScene(scene, seed: seed)
        var rows = ""
        for number in photos {
            // Apart from the seeds of the scenes.
            var random = SplitMix64(seed: seed &* 2_000_003 &+ (1 << 32) &+ UInt64(number))
            let shot = Shot(number: number, using: &random)
            let upright = shot.format == .heic
            let photo = shot.taken(of: picture, isTurned: !upright, using: &random)
            let orientation = upright ? 1 : shot.orientation
            let exif = Exif(
                taken: time(of: number), offset: "+02:00", orientation: orientation)
            var bytes: [UInt8]?
            if shot.format == .heic { bytes = try heic(photo, exif: exif) }
            let isHEIC = bytes != nil
            let stored = try bytes ?? exif.inserted(into: jpeg(photo, quality: Self.quality))
            let name = "IMG_\(String(100_001 + number).dropFirst()).\(isHEIC ? "HEIC" : "jpg")"
            try writeFile(stored, to: "\(folder)/photos/\(name)")
            rows += "\(name),\(photo.width),\(photo.height),\(orientation)\n"
        }
        return rows
    }

    private func composedScene(_ scene: Int, seed: UInt64) -> Raster {
        var random = SplitMix64(seed: seed &* 1_000_003 &+ UInt64(scene))
        let backgrounds = Background.allCases
        var picture = backgrounds[random.number(in: 0...(backgrounds.count - 1))].drawn(
            width: Self.sceneWidth, height: Self.sceneHeight, using: &random)
        var taken: [FacePlace] = []
        if (scene + 1) % Self.teamInterval == 0 {
            let team = TeamRows(
                width: Self.sceneWidth, height: Self.sceneHeight, using: &random)
            let members = team.places.map { _ in
                faces[random.number(in: 0...(faces.count - 1))]
            }
            team.draw(members, into: &picture, using: &random)
            taken = team.places
        }
        let places = FacePlace.scattered(
            random.number(in: Self.faceCounts), heights: Self.faceHeights,
            width: Self.sceneWidth, height: Self.sceneHeight, besides: taken, using: &random)
        for place in places {
            let patch = faces[random.number(in: 0...(faces.count - 1))]
                .scaled(width: place.side, height: place.side)
            picture.lay(patch, left: place.left, top: place.top, softEdge: 0.08, gain: 1)
        }
        return picture
    }

    /// A photo every ten seconds, from two in the afternoon on.
    private func time(of number: Int) -> String {
        let seconds = 14 * 3600 + number * 10
        let day = 1 + seconds / 86_400 % 28
        let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60]
        return "2024:06:\(twoDigits(day)) " + clock.map(twoDigits).joined(separator: ":")
    }

    private func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}

/// How one photo of a scene is taken: size, which way up, format and light.
private struct Shot {
    enum Format { case jpeg, heic }

    /// Pixels of the upright photo held level, and how many of the scene's go into one.
    struct Size {
        let longSide: Int
        let shortSide: Int
        let step: Int
    }

    static let megapixels12 = Size(longSide: 4000, shortSide: 3000, step: 1)
    static let megapixels8 = Size(longSide: 3264, shortSide: 2448, step: 1)
    static let megapixels2 = Size(longSide: 1632, shortSide: 1224, step: 2)
    static let megapixels24 = Size(longSide: 6000, shortSide: 4000, step: 1)

    let size: Size
    /// 1, 3, 6 or 8, as EXIF has it.
    let orientation: Int
    let format: Format

    init(number: Int, using random: inout SplitMix64) {
        size =
            switch random.number(in: 0...19) {
            case 0: Self.megapixels24
            case 1...4: Self.megapixels2
            case 5...9: Self.megapixels8
            default: Self.megapixels12
            }
        // The largest does not fit into a scene when it stands.
        let mayStand = size.longSide * size.step <= MixedEvent.sceneHeight
        orientation =
            switch random.number(in: 0...19) {
            case 0: 3
            case 1...4: mayStand ? 6 : 1
            case 5...6: mayStand ? 8 : 1
            default: 1
            }
        let isRare = random.number(in: 1...MixedEvent.heicInterval) == 1
        format = size.step > 1 && isRare ? .heic : .jpeg
    }

    /// The part of `scene` that the photo shows.
    ///
    /// - Parameter isTurned: whether it is stored as `orientation` says; else upright.
    func taken(of scene: Raster, isTurned: Bool, using random: inout SplitMix64) -> Raster {
        let stands = orientation > 4
        let width = stands ? size.shortSide : size.longSide
        let height = stands ? size.longSide : size.shortSide
        let left = random.number(in: 0...(scene.width - width * size.step))
        let top = random.number(in: 0...(scene.height - height * size.step))
        let light = random.number(in: 0.75...1.15)
        let tables = (0..<3).map { _ in
            let gain = light * random.number(in: 0.94...1.06)
            return (0..<256).map { UInt8(min(255, Double($0) * gain)) }
        }
        return scene.part(
            left: left, top: top, width: width, height: height, step: size.step,
            orientation: isTurned ? orientation : 1, tables: tables)
    }
}

extension Raster {
    /// A part of the picture, made smaller by averaging `step` x `step` pixels, as a camera that
    /// was turned as `orientation` says (1, 3, 6 or 8) stores it.
    ///
    /// - Parameters:
    ///   - width: of the part when it is upright, in its own pixels; `height` likewise.
    ///   - tables: what becomes of each value of red, green and blue.
    fileprivate func part(
        left: Int, top: Int, width: Int, height: Int, step: Int, orientation: Int,
        tables: [[UInt8]]
    ) -> Raster {
        // Where the first pixel is stored and how far in this picture its neighbours are.
        let right = 3 * step
        let down = 3 * step * self.width
        let farX = (width - 1) * right
        let farY = (height - 1) * down
        let (first, next, nextRow) =
            switch orientation {
            case 3: (farX + farY, -right, -down)
            case 6: (farX, down, -right)
            case 8: (farY, -down, right)
            default: (0, right, down)
            }
        let isOnItsSide = orientation > 4
        var part = Raster(
            width: isOnItsSide ? height : width, height: isOnItsSide ? width : height)
        let start = (top * self.width + left) * 3 + first
        let (partWidth, partHeight) = (part.width, part.height)
        let rowLength = 3 * self.width
        samples.withUnsafeBufferPointer { samples in
            part.samples.withUnsafeMutableBufferPointer { part in
                // In strips as wide as the cache remembers rows: those of the part are columns of
                // the picture when it is stored on its side.
                for strip in stride(from: 0, to: partWidth, by: Self.stripWidth) {
                    let count = min(Self.stripWidth, partWidth - strip)
                    for y in 0..<partHeight {
                        let source = start + y * nextRow + strip * next
                        let target = (y * partWidth + strip) * 3
                        for channel in 0..<3 {
                            tables[channel].withUnsafeBufferPointer { table in
                                Self.copyLine(
                                    samples, source + channel, next: next, step: step,
                                    rowLength: rowLength, to: part, target + channel,
                                    count: count, table: table)
                            }
                        }
                    }
                }
            }
        }
        return part
    }

    /// Copies one channel of `count` pixels; the innermost loop, so it does nothing else.
    private static func copyLine(
        _ samples: UnsafeBufferPointer<UInt8>, _ first: Int, next: Int, step: Int,
        rowLength: Int, to part: UnsafeMutableBufferPointer<UInt8>, _ target: Int, count: Int,
        table: UnsafeBufferPointer<UInt8>
    ) {
        var source = first
        if step == 1 {
            for pixel in 0..<count {
                part[target &+ 3 &* pixel] = table[Int(samples[source])]
                source &+= next
            }
            return
        }
        for pixel in 0..<count {
            let value = average(samples, source, step, rowLength: rowLength)
            part[target &+ 3 &* pixel] = table[value]
            source &+= next
        }
    }

    private static let stripWidth = 64

    private static func average(
        _ samples: UnsafeBufferPointer<UInt8>, _ source: Int, _ step: Int, rowLength: Int
    ) -> Int {
        var sum = 0
        for row in 0..<step {
            for column in 0..<step {
                sum += Int(samples[source + row * rowLength + column * 3])
            }
        }
        return sum / (step * step)
    }
}
