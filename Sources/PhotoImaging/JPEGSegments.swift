/// The segments of a JPEG from the first to the picture's data, as libjpeg finds them: bytes
/// between two segments are skipped up to the next marker.
struct JPEGSegments: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    /// After the mark of the file's beginning.
    private var position = 2

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next segment's marker and its existing content after the length; `nil` at the picture's
    /// data and at the end.
    mutating func next() -> (marker: UInt8, content: ArraySlice<UInt8>)? {
        while let marker = nextMarker() {
            if marker == 0x01 || (0xD0...0xD8).contains(marker) { continue }  // Without content.
            if marker == 0xDA || marker == 0xD9 || position + 2 > bytes.count { return nil }
            let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
            let start = position + 2
            // A length includes itself; libjpeg ignores one that is too small.
            position = Swift.min(bytes.count, position + Swift.max(2, length))
            return (marker, bytes[start..<position])
        }
        return nil
    }

    /// Skips past the next marker. A zero after a 0xFF makes it an ordinary byte; more 0xFF are
    /// fill.
    private mutating func nextMarker() -> UInt8? {
        while let first = bytes[position...].firstIndex(of: 0xFF),
            let second = bytes[first...].firstIndex(where: { $0 != 0xFF })
        {
            position = second + 1
            if bytes[second] != 0 { return bytes[second] }
        }
        position = bytes.count
        return nil
    }
}
