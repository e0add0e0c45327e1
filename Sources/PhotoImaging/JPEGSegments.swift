/// The segments of a JPEG from its first to the beginning of the picture's data, as libjpeg finds
/// them: whatever lies between two of them is skipped up to the next marker.
struct JPEGSegments: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    /// Behind the mark of the file's beginning.
    private var position = 2

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next segment's marker and what lies behind its length, as far as it is there; `nil` at
    /// the picture's data and at the end.
    mutating func next() -> (marker: UInt8, content: ArraySlice<UInt8>)? {
        while let marker = nextMarker() {
            if marker == 0x01 || (0xD0...0xD8).contains(marker) { continue }  // Without content.
            if marker == 0xDA || marker == 0xD9 || position + 2 > bytes.count { return nil }
            let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
            let start = position + 2
            // A length counts itself; libjpeg takes one that is too small for none.
            position = Swift.min(bytes.count, position + Swift.max(2, length))
            return (marker, bytes[start..<position])
        }
        return nil
    }

    /// Skips to behind the next marker. A zero after a 0xFF makes it an ordinary byte, more of
    /// them fill.
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
