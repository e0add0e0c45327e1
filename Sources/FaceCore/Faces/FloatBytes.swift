extension [Float] {
    /// The numbers that ``littleEndianBytes`` was made of; fewer than four bytes at the end are
    /// ignored.
    package init(littleEndianBytes bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                let word = bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)
                return Float(bitPattern: UInt32(littleEndian: word))
            }
        }
    }

    /// The numbers as little-endian IEEE 754 single precision, four bytes each.
    package var littleEndianBytes: [UInt8] {
        map(\.bitPattern.littleEndian).withUnsafeBytes { Array<UInt8>($0) }
    }
}
