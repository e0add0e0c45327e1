/// The outline of a HEIC file: its items, where their bytes lie, what refers to what.
///
/// It comes from a stranger's file: everything in it is checked against the file's length, and what
/// is kept is bounded.
struct HEIFContainer {
    /// Where the bytes of an item lie.
    private struct Location {
        /// In the box of small data instead of the file.
        let isInside: Bool
        let extents: [(start: Int, length: Int)]
    }

    /// A reference from one item to others, as of a thumbnail to its picture.
    private struct Reference {
        let type: String
        /// Where the four letters of `type` lie.
        let position: Int
        let from: Int
        let to: [Int]
    }

    private var primary: Int?
    private var types: [Int: String] = [:]
    private var locations: [Int: Location] = [:]
    private var references: [Reference] = []
    /// The content of the box of small data.
    private var inside = 0..<0
    /// Where the box that lists the items ends; 0 without one.
    private var listEnd = 0
    /// The ends of the whole boxes at the file's top level.
    private var ends: [Int] = []
    /// The existing part of a box of items' data that ends beyond the file.
    private var openData = 0..<0

    init(_ bytes: [UInt8]) {
        /// Cameras write five.
        let maximumBoxCount = 1000
        var boxes = HEIFBoxes(bytes, in: bytes.indices)
        while ends.count < maximumBoxCount, let box = boxes.next() {
            ends.append(box.content.upperBound)
            if box.type == "meta", listEnd == 0 { readList(bytes, box.content) }
        }
        let last = bytes[boxes.rest].dropFirst(4).prefix(4)
        if ends.count < maximumBoxCount, last.elementsEqual("mdat".utf8) { openData = boxes.rest }
    }

    /// Whether every item is complete, although the box with the last ones is longer than the file.
    var endsBehindItems: Bool {
        guard let needed = neededEnd, !openData.isEmpty else { return false }
        return needed > openData.lowerBound && needed <= openData.upperBound
    }

    /// The items of type Exif, in order; those of the main picture come first.
    var exifItems: [Int] {
        let items = types.keys.filter { types[$0] == "Exif" }.sorted()
        let first = Set(
            references.filter { reference in
                reference.type == "cdsc" && reference.to.contains { $0 == primary }
            }.map(\.from))
        return items.filter(first.contains) + items.filter { !first.contains($0) }
    }

    /// The first bytes of an item; empty when they are missing.
    func content(of item: Int, in bytes: [UInt8], maximumByteCount: Int) -> [UInt8] {
        guard let location = locations[item] else { return [] }
        let all = location.isInside ? inside : bytes.indices
        var content: [UInt8] = []
        for extent in location.extents {
            let start = all.lowerBound + min(extent.start, all.count)
            let rest = min(all.upperBound - start, maximumByteCount - content.count)
            // A length of 0 means up to the end.
            content += bytes[start..<start + (extent.length == 0 ? rest : min(extent.length, rest))]
        }
        return content
    }

    /// `bytes` as versions of libheif before 1.19 can read them.
    ///
    /// Everything after the boxes that hold the items is left out: phones put the video of a moving
    /// photo there, and programs what they like. References that libheif does not understand, for
    /// which it refuses the whole file, are renamed to one that it ignores: those of a thumbnail, a
    /// depth map or EXIF to more than one item, or to one that is no picture for it, such as the
    /// tone map of iOS 18 (ISO 21496-1). A last box that claims to be longer than the file gets its
    /// true length.
    func readable(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let pictures: Set = ["hvc1", "av01", "grid", "iden", "iovl"]
        let needed = neededEnd ?? bytes.count
        var readable = bytes[..<(ends.first { $0 >= needed } ?? bytes.count)]
        for reference in references where ["cdsc", "auxl", "thmb"].contains(reference.type) {
            if reference.to.count == 1, pictures.contains(types[reference.to[0]] ?? "") { continue }
            let letters = reference.position..<reference.position + 4
            readable.replaceSubrange(letters, with: "free".utf8)
        }
        if endsBehindItems {
            // A length of 0: up to the end.
            readable.replaceSubrange(
                openData.lowerBound..<openData.lowerBound + 4, with: [0, 0, 0, 0])
        }
        return readable
    }

    /// The end of the needed part; `nil` when everything is needed.
    private var neededEnd: Int? {
        let extents = locations.values.lazy.filter { !$0.isInside }.flatMap(\.extents)
        guard !locations.isEmpty, !extents.contains(where: { $0.length == 0 }) else { return nil }
        return max(listEnd, extents.map { $0.start + $0.length }.max() ?? 0)
    }

    private mutating func readList(_ bytes: [UInt8], _ range: Range<Int>) {
        /// Enough for a hundred thousand items; a phone's largest panorama has a thousand.
        let maximumByteCount = 4_000_000
        listEnd = range.upperBound
        var reader = HEIFReader(bytes, range)
        guard reader.version() != nil else { return }
        for box in HEIFBoxes(bytes, in: reader.range) {
            if box.type == "idat" { inside = box.content }
            reader.range = box.content
            guard box.content.count <= maximumByteCount, let version = reader.version() else {
                continue
            }
            switch box.type {
            case "pitm": primary = reader.number(version == 0 ? 2 : 4)
            case "iinf": readTypes(bytes, &reader, version)
            case "iref": readReferences(bytes, reader, version)
            case "iloc": readLocations(&reader, version)
            default: break
            }
        }
    }

    private mutating func readTypes(_ bytes: [UInt8], _ reader: inout HEIFReader, _ version: Int) {
        guard reader.number(version == 0 ? 2 : 4) != nil else { return }
        for box in HEIFBoxes(bytes, in: reader.range) where box.type == "infe" {
            reader.range = box.content
            // Before version 2 items had no types.
            guard let version = reader.version(), version >= 2,
                let item = reader.number(version == 2 ? 2 : 4), reader.number(2) != nil
            else { continue }
            types[item] = reader.letters()
        }
    }

    private mutating func readReferences(_ bytes: [UInt8], _ reader: HEIFReader, _ version: Int) {
        let size = version == 0 ? 2 : 4
        for box in HEIFBoxes(bytes, in: reader.range) {
            var reader = HEIFReader(bytes, box.content)
            guard let from = reader.number(size), let count = reader.number(2) else { continue }
            var to: [Int] = []
            while to.count < count, let item = reader.number(size) { to.append(item) }
            references.append(
                Reference(
                    type: box.type, position: box.content.lowerBound - 4, from: from, to: to))
        }
    }

    private mutating func readLocations(_ reader: inout HEIFReader, _ version: Int) {
        guard let sizes = reader.number(2), let count = reader.number(version < 2 ? 2 : 4) else {
            return
        }
        let (startSize, lengthSize, baseSize) = (sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15)
        let indexSize = version == 0 ? 0 : sizes & 15
        for _ in 0..<count {
            guard let item = reader.number(version < 2 ? 2 : 4),
                let method = version == 0 ? 0 : reader.number(2), reader.number(2) != nil,
                let base = reader.number(baseSize), let extentCount = reader.number(2)
            else { return }
            var extents: [(start: Int, length: Int)] = []
            // Any number of extents that take no room could follow.
            let isBounded = startSize + lengthSize + indexSize > 0
            for _ in 0..<(isBounded ? extentCount : min(1, extentCount)) {
                guard reader.number(indexSize) != nil, let start = reader.number(startSize),
                    let length = reader.number(lengthSize)
                else { return }
                extents.append((base + start, length))
            }
            locations[item] = Location(isInside: method & 15 == 1, extents: extents)
        }
    }
}
