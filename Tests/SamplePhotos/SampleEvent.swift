import Foundation

/// A small event: five people, one portrait of each, and the photos they and others are in.
struct SampleEvent {
    /// The pixels of a composed photo, as small as its faces allow: they come from 150 pixels.
    static let composedWidth = 1600
    static let composedHeight = 1200

    /// The height of a face in a composed photo, in pixels: one to three times the sample's own.
    static let faceHeights = 120.0...300.0

    static let composedCount = 10

    private let portraits: Portraits
    private let folder: String
    private var random = SplitMix64(seed: 2024)

    init(portraits: Portraits, folder: String) {
        self.portraits = portraits
        self.folder = folder
    }

    /// One photo to be, and the truth about it.
    private struct Item {
        enum Content {
            /// A picture of the samples as it is.
            case copy(path: String)
            /// A scene with one portrait of each of these people.
            case composed([Portraits.Portrait], Storage)
        }

        /// How a composed photo is stored.
        enum Storage {
            case upright
            /// Lying on its side, as a phone held upright stores it; EXIF says so (6).
            case onItsSide
            /// Upside down; EXIF says so (3).
            case upsideDown
            case heic
        }

        let content: Content
        let kind: String
        /// The names known to be in it; nil where nobody has said who it shows.
        let people: [String]?
    }

    /// Writes `people/`, `photos/` and `truth.csv`; equal samples give equal files.
    ///
    /// `truth.csv` has the columns photo (its path in `photos/`), people (`;` between names), faces
    /// (their number; empty for the group photos, whose small faces are a matter of opinion) and
    /// kind (`portrait`, `composed` or `group`).
    mutating func write() throws {
        try makeFolder(folder + "/people")
        try makeFolder(folder + "/photos")
        var others: [(name: String, portraits: [Portraits.Portrait])] = []
        for person in portraits.people {
            // The first portrait teaches the face; with it dlib knows all of the person's others.
            let bytes = try readFile(person.portraits[0].path)
            try writeFile(bytes, to: "\(folder)/people/\(person.name).jpg")
            others.append((person.name, Array(person.portraits.dropFirst())))
        }
        let items = shuffled(
            portraitItems(others) + composedItems(others)
                + portraits.groupPhotos.map {
                    Item(content: .copy(path: $0), kind: "group", people: nil)
                })
        var truth = "photo,people,faces,kind\n"
        for (index, item) in items.enumerated() {
            let photo = try photo(of: item, exif: exif(of: item, index: index))
            let name = "IMG_\(1001 + index).\(photo.fileExtension)"
            try writeFile(photo.bytes, to: "\(folder)/photos/\(name)")
            let people = item.people.map { $0.joined(separator: ";") } ?? ""
            let faces = item.people.map { String($0.count) } ?? ""
            truth += "\(name),\(people),\(faces),\(item.kind)\n"
        }
        try writeFile(Array(truth.utf8), to: folder + "/truth.csv")
    }

    private func portraitItems(_ people: [(name: String, portraits: [Portraits.Portrait])])
        -> [Item]
    {
        people.flatMap { person in
            person.portraits.map {
                Item(content: .copy(path: $0.path), kind: "portrait", people: [person.name])
            }
        }
    }

    private mutating func composedItems(
        _ people: [(name: String, portraits: [Portraits.Portrait])]
    ) -> [Item] {
        (0..<Self.composedCount).map { index in
            let present = random.choice(2 + index % 3, of: Array(people.indices)).sorted()
            let faces = present.map { random.choice(1, of: people[$0].portraits)[0] }
            let storage: Item.Storage =
                switch index {
                case 3: .onItsSide
                case 5: .heic
                case 7: .upsideDown
                default: .upright
                }
            return Item(
                content: .composed(faces, storage), kind: "composed",
                people: present.map { people[$0].name })
        }
    }

    private mutating func shuffled(_ items: [Item]) -> [Item] {
        random.choice(items.count, of: items)
    }

    /// One photo every three minutes, from six in the evening on.
    private func exif(of item: Item, index: Int) -> Exif {
        let minutes = 18 * 60 + index * 3
        let clock = [minutes / 60, minutes % 60, index * 7 % 60].map(twoDigits)
        let orientation =
            switch item.content {
            case .composed(_, .onItsSide): 6
            case .composed(_, .upsideDown): 3
            default: 1
            }
        return Exif(
            taken: "2024:06:15 " + clock.joined(separator: ":"), offset: "+02:00",
            orientation: orientation)
    }

    private mutating func photo(
        of item: Item, exif: Exif
    ) throws -> (bytes: [UInt8], fileExtension: String) {
        let stored: [UInt8]
        switch item.content {
        case .copy(let path):
            stored = try readFile(path)
        case .composed(let faces, let storage):
            let upright = try compose(faces)
            switch storage {
            case .upright: stored = try jpeg(upright, quality: 90)
            case .onItsSide: stored = try jpeg(upright.turnedLeft(), quality: 90)
            case .upsideDown: stored = try jpeg(upright.turnedOver(), quality: 90)
            case .heic:
                if let bytes = try heic(upright, exif: exif) { return (bytes, "HEIC") }
                stored = try jpeg(upright, quality: 90)
            }
        }
        return (exif.inserted(into: stored), "jpg")
    }

    /// The people side by side, each in a column of the scene.
    private mutating func compose(_ faces: [Portraits.Portrait]) throws -> Raster {
        let backgrounds = [Background.plain, .gradient, .clouds]
        let background = backgrounds[random.number(in: 0...(backgrounds.count - 1))]
        var scene = background.drawn(
            width: Self.composedWidth, height: Self.composedHeight, using: &random)
        let column = Self.composedWidth / faces.count
        for (place, portrait) in faces.enumerated() {
            let height = random.number(in: Self.faceHeights)
            let side = min(column, Int(height / (Portraits.faceEnd - Portraits.faceStart)))
            let patch = try decode(portrait.path).scaled(width: side, height: side)
            let left = place * column + random.number(in: 0...(column - side))
            let top = random.number(in: 0...(Self.composedHeight - side))
            scene.lay(patch, left: left, top: top, softEdge: 0.08, gain: 1)
        }
        return scene
    }

    private func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}
