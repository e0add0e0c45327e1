import Foundation

/// Photos of 12 megapixels whose faces' boxes are known, to measure with.
struct BenchmarkPhotos {
    static let width = 4000
    static let height = 3000

    /// The number of faces of a mixed photo; every number is equally likely.
    static let faceCounts = 1...20

    /// The height of a face of a mixed photo in pixels, uniform in the logarithm.
    static let faceHeights = 60.0...600.0

    /// One photo in so many is a team shot.
    static let teamInterval = 6

    /// What is in a photo.
    enum Kind: String {
        /// Faces of all sizes anywhere.
        case mixed
        /// Many small faces in rows: see ``TeamRows``.
        case team

        init(photoIndex: Int) {
            self = (photoIndex + 1) % teamInterval == 0 ? .team : .mixed
        }
    }

    private let faces: [(portrait: Portraits.Portrait, raster: Raster)]
    private let folder: String

    init(portraits: Portraits, folder: String) throws {
        faces = try portraits.people.flatMap(\.portraits).map { ($0, try decode($0.path)) }
        self.folder = folder
    }

    /// Writes `count` photos to `photos/`, and `boxes.csv`.
    ///
    /// A photo depends on `seed` and its own number only, so more photos never change the first.
    /// `boxes.csv` has a row for each face with the columns photo, left, top, right, bottom
    /// (pixels), person and kind (the photo's: `mixed` or `team`).
    func write(count: Int, seed: UInt64) throws {
        try makeFolder(folder + "/photos")
        var boxes = "photo,left,top,right,bottom,person,kind\n"
        for index in 0..<count {
            var random = SplitMix64(seed: seed &* 1_000_003 &+ UInt64(index))
            let name = "photo_\(String(10_001 + index).dropFirst()).jpg"
            let kind = Kind(photoIndex: index)
            let backgrounds = Background.allCases
            let background = backgrounds[random.number(in: 0...(backgrounds.count - 1))]
            var photo = background.drawn(width: Self.width, height: Self.height, using: &random)
            let people =
                switch kind {
                case .mixed: addMixedFaces(to: &photo, using: &random)
                case .team: addTeam(to: &photo, using: &random)
                }
            for (place, person) in people {
                let numbers = place.box.map(String.init).joined(separator: ",")
                boxes += "\(name),\(numbers),\(person),\(kind.rawValue)\n"
            }
            try writeFile(jpeg(photo, quality: 90), to: "\(folder)/photos/\(name)")
        }
        try writeFile(Array(boxes.utf8), to: folder + "/boxes.csv")
    }

    private func addMixedFaces(
        to photo: inout Raster, using random: inout SplitMix64
    ) -> [(FacePlace, person: String)] {
        let places = FacePlace.scattered(
            random.number(in: Self.faceCounts), heights: Self.faceHeights, width: Self.width,
            height: Self.height, using: &random)
        return places.map { place in
            let face = faces[random.number(in: 0...(faces.count - 1))]
            let patch = face.raster.scaled(width: place.side, height: place.side)
            let gain = random.number(in: 0.85...1.1)
            photo.lay(patch, left: place.left, top: place.top, softEdge: 0.08, gain: gain)
            return (place, face.portrait.person)
        }
    }

    private func addTeam(
        to photo: inout Raster, using random: inout SplitMix64
    ) -> [(FacePlace, person: String)] {
        let team = TeamRows(width: Self.width, height: Self.height, using: &random)
        let shuffled = random.choice(faces.count, of: faces)
        // Nobody twice, as long as there are portraits enough.
        let chosen = team.places.indices.map { shuffled[$0 % shuffled.count] }
        team.draw(chosen.map(\.raster), into: &photo, using: &random)
        return zip(team.places, chosen).map { ($0, $1.portrait.person) }
    }
}
