/// Finds the EXIF block in a file, by walking over its parts.
enum Container {
    /// The TIFF block of the first EXIF segment before the picture's data.
    static func exifOfJPEG(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
        let name: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]
        var position = 2
        while position + 4 <= bytes.count {
            guard bytes[position] == 0xFF else { return nil }
            let marker = bytes[position + 1]
            if marker == 0xFF {  // A filling byte.
                position += 1
                continue
            }
            if marker == 0x01 || (0xD0...0xD8).contains(marker) {  // These have no content.
                position += 2
                continue
            }
            if marker == 0xDA || marker == 0xD9 { return nil }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            guard length >= 2 else { return nil }
            let content = bytes[
                min(bytes.count, position + 4)..<min(bytes.count, position + 2 + length)]
            if marker == 0xE1, content.starts(with: name) { return content.dropFirst(name.count) }
            position += 2 + length
        }
        return nil
    }

    /// The content of the first `eXIf` chunk.
    static func exifOfPNG(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
        var position = 8
        while position + 8 <= bytes.count {
            let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let type = bytes[position + 4..<position + 8]
            let start = position + 8
            if type.elementsEqual("eXIf".utf8) {
                return bytes[start..<min(bytes.count, start + length)]
            }
            position = start + length + 4
        }
        return nil
    }
}
