/// A HEIC file built item by item, unlike libheif's files.
public struct HEIFFile: Sendable {
    public struct Item: Sendable {
        public var type: String
        public var content: [UInt8]
        /// The boxes that describe it, such as its size.
        public var properties: [[UInt8]]

        public init(type: String, content: [UInt8], properties: [[UInt8]] = []) {
            self.type = type
            self.content = content
            self.properties = properties
        }

        /// EXIF, with the distance to its header in front.
        public static func exif(_ block: [UInt8]) -> Item {
            Item(type: "Exif", content: [0, 0, 0, 6] + "Exif\0\0".utf8 + block)
        }

        /// Makes a picture an auxiliary one, and of this kind.
        public func auxiliary(_ kind: String) -> Item {
            var item = self
            item.properties.append(HEIFFile.box("auxC", [0, 0, 0, 0] + kind.utf8 + [0]))
            return item
        }
    }

    /// By number.
    public var items: [Int: Item]
    /// The item that the file shows.
    public var primary = 1
    public var references: [(type: String, from: Int, to: [Int])] = []
    /// Whether items lie in the box of small data, in two pieces each, instead of the file.
    public var isInside = false

    public init(items: [Int: Item]) {
        self.items = items
    }

    /// The picture of a file with no more than that picture.
    public static func picture(in heic: [UInt8]) -> Item {
        let top = boxes(of: heic[...])
        let list = boxes(of: content(of: "meta", in: top).dropFirst(4))
        let described = boxes(of: content(of: "iprp", in: list))
        return Item(
            type: "hvc1", content: Array(content(of: "mdat", in: top)),
            properties: boxes(of: content(of: "ipco", in: described)).map { Array($0) })
    }

    public var bytes: [UInt8] {
        let start = Self.box("ftyp", "heic\0\0\0\0mif1heic".utf8 + [])
        let data = items.sorted { $0.key < $1.key }.flatMap(\.value.content)
        // The list says where the data lie, so its length must be known first.
        let list = list(dataStart: 0)
        let body = list.count + start.count + 8
        return start + self.list(dataStart: body) + (isInside ? [] : Self.box("mdat", data))
    }

    public static func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        word(content.count + 8) + type.utf8 + content
    }

    private func list(dataStart: Int) -> [UInt8] {
        let sorted = items.sorted { $0.key < $1.key }
        let entries = sorted.flatMap { number, item in
            Self.box("infe", [2, 0, 0, 0] + Self.half(number) + [0, 0] + item.type.utf8 + [0])
        }
        let properties = sorted.flatMap { $0.value.properties.flatMap { $0 } }
        var associations: [UInt8] = Self.word(items.values.count { !$0.properties.isEmpty })
        var (locations, position, index) = ([UInt8](), isInside ? 0 : dataStart, 1)
        for (number, item) in sorted {
            if !item.properties.isEmpty {
                associations += Self.half(number) + [UInt8(item.properties.count)]
                // Coding and turn are essential properties: readers must understand them.
                associations += item.properties.enumerated().map { offset, property in
                    let type = String(decoding: property[4..<8], as: UTF8.self)
                    return UInt8(index + offset) | (["hvcC", "irot"].contains(type) ? 0x80 : 0)
                }
                index += item.properties.count
            }
            let first = isInside ? item.content.count / 2 : item.content.count
            locations += Self.half(number) + [0, isInside ? 1 : 0, 0, 0, 0, isInside ? 2 : 1]
            locations += Self.word(position) + Self.word(first)
            if isInside {
                locations += Self.word(position + first) + Self.word(item.content.count - first)
            }
            position += item.content.count
        }
        let references = references.flatMap { reference in
            Self.box(
                reference.type,
                Self.half(reference.from) + Self.half(reference.to.count)
                    + reference.to.flatMap(Self.half))
        }
        let handler = Array("\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0".utf8)
        return Self.box(
            "meta",
            [0, 0, 0, 0] + Self.box("hdlr", handler)
                + Self.box("pitm", [0, 0, 0, 0] + Self.half(primary))
                + Self.box("iinf", [0, 0, 0, 0] + Self.half(items.count) + entries)
                + Self.box("iref", [0, 0, 0, 0] + references)
                + Self.box(
                    "iprp",
                    Self.box("ipco", properties) + Self.box("ipma", [0, 0, 0, 0] + associations))
                + Self.box("iloc", [1, 0, 0, 0, 0x44, 0] + Self.half(items.count) + locations)
                + (isInside ? Self.box("idat", sorted.flatMap { $0.value.content }) : []))
    }

    private static func boxes(of bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var (boxes, rest) = ([ArraySlice<UInt8>](), bytes)
        while rest.count >= 8 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            boxes.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return boxes
    }

    private static func content(
        of type: String, in boxes: [ArraySlice<UInt8>]
    ) -> ArraySlice<UInt8> {
        let box = boxes.first { $0.dropFirst(4).prefix(4).elementsEqual(type.utf8) } ?? []
        return box.dropFirst(8)
    }

    private static func half(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }

    private static func word(_ value: Int) -> [UInt8] { half(value >> 16) + half(value & 0xFFFF) }
}
