internal import PhotoIndex
internal import AlbumCatalogue
internal import FaceCore

/// What the fields of a template have for the photos of one run.
struct RenameValues {
    private let nameOf: [PersonID: String]
    private let judgement: RecognitionResult?
    private let matches: [ContentHash: [Match]]
    private let burst: [ContentHash: Int]
    private let labels: [ContentHash: PhotoLabel]
    private let digitCount: Int

    /// Sequence numbers have as many digits, so that a few photos more do not change them all.
    private static let leastDigitCount = 3

    /// - Parameters:
    ///   - people: everybody's name.
    ///   - judgement: who is in the photos; `nil` when no person is known.
    ///   - burst: which one of its burst a photo is.
    ///   - labels: what photos show.
    ///   - photoCount: how many get a number.
    init(
        people: [PersonID: String], judgement: RecognitionResult?, burst: [ContentHash: Int],
        labels: [ContentHash: PhotoLabel], photoCount: Int
    ) {
        nameOf = people
        self.judgement = judgement
        self.burst = burst
        self.labels = labels
        matches = Dictionary(
            grouping: judgement?.recognition.matches ?? [], by: \.face.photo)
        digitCount = max(Self.leastDigitCount, String(photoCount).utf8.count)
    }

    /// - Parameters:
    ///   - number: in the sequence, from 1.
    ///   - original: the name without its extension.
    func values(
        of photo: PhotoRecord, number: Int, original: [UInt8]
    ) -> [RenameField: [UInt8]] {
        var texts: [RenameField: String] = [:]
        texts[.date] = photo.taken?.date
        texts[.time] = photo.taken.map { String($0.clock.map { $0 == ":" ? "." : $0 }) }
        let digits = String(number)
        texts[.sequence] =
            String(repeating: "0", count: max(0, digitCount - digits.utf8.count)) + digits
        texts[.people] = people(in: photo).joined(separator: ", ")
        let faces = shownFaces(of: photo)
        let count = judgement?.people.faceCount(of: photo) ?? faces.count
        if count > 0 { texts[.count] = String(count) }
        texts[.burst] = burst[photo.hash].map(String.init)
        texts[.camera] = photo.camera
        texts[.label] = labels[photo.hash]?.name
        texts[.kind] = kind(of: photo).rawValue
        var values = texts.mapValues { Array($0.utf8) }
        values[.original] = original
        return values
    }

    func label(of photo: ContentHash) -> PhotoLabel? { labels[photo] }

    func kind(of photo: PhotoRecord) -> PhotoKind {
        PhotoKind(
            faces: shownFaces(of: photo), width: photo.width ?? 1, height: photo.height ?? 1)
    }

    /// Those whose faces were found from left to right, then the others by name.
    func people(in photo: PhotoRecord) -> [String] {
        guard let judgement else { return [] }
        let boxes = Dictionary(uniqueKeysWithValues: photo.faces.map { ($0.id, $0.box) })
        let seen = (matches[photo.hash] ?? []).compactMap { match -> (Double, PersonID)? in
            guard let person = match.named?.person, let box = boxes[match.face] else { return nil }
            return (box.left + box.width / 2, person)
        }.sorted { $0 < $1 }.map(\.1)
        let others = judgement.people[photo.hash].subtracting(seen).compactMap { nameOf[$0] }
        let names = seen.compactMap { nameOf[$0] } + others.sorted()
        return names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Without posters and passers-by, of whom a person said so.
    private func shownFaces(of photo: PhotoRecord) -> [FaceBox] {
        let ignored = Set(
            (matches[photo.hash] ?? []).filter { $0.reason == .ignored }.map(\.face))
        return photo.faces.filter { !ignored.contains($0.id) }.map(\.box)
    }

    /// Which one of its burst each photo is, from 1, in order of time; those that are alone are
    /// left out.
    ///
    /// - Parameter order: of the photos, by time.
    static func bursts(
        of groups: [DuplicateGroup], in order: [ContentHash]
    ) -> [ContentHash: Int] {
        let position = Dictionary(
            order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var places: [ContentHash: Int] = [:]
        for group in groups {
            let burst = group.members.filter { $0.isBest || $0.relation == .burst }
            guard burst.count > 1 else { continue }
            let photos = burst.map(\.photo).sorted {
                (position[$0] ?? .max, $0) < (position[$1] ?? .max, $1)
            }
            for (index, photo) in photos.enumerated() { places[photo] = index + 1 }
        }
        return places
    }
}

/// A photo's file name: what is before its extension, and the extension that fits its content.
struct PhotoFileName {
    /// Without extension.
    let stem: [UInt8]
    /// With its dot; empty for a photo of an unknown format without one.
    let suffix: [UInt8]

    /// Longer ends, and those without a letter, are part of the name: `2024.05.01 party`.
    private static let longestExtension = 10

    /// - Parameters:
    ///   - name: as it is.
    ///   - format: of the content, as ``/AlbumCatalogue/PhotoRecord/format`` has it.
    init(_ name: [UInt8], format: PhotoFormat?) {
        var stem = name
        var end: [UInt8] = []
        if let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 {
            let letters = String(decoding: name[(dot + 1)...], as: UTF8.self)
            if letters.count <= Self.longestExtension, letters.contains(where: \.isLetter),
                letters.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
            {
                stem = Array(name[..<dot])
                end = Array(name[dot...])
            }
        }
        self.stem = stem
        let fitting = format?.fileExtensions ?? []
        let given = String(decoding: end.dropFirst(), as: UTF8.self).lowercased()
        if let best = fitting.first, !fitting.contains(given) {
            suffix = Array(".\(best)".utf8)
        } else {
            suffix = end
        }
    }
}
