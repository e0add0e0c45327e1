import Foundation

/// A grey picture with nothing in it.
enum FlatPicture {
    /// A PNG of 8-bit grey, written without compression.
    static func png(side: Int, grey: UInt8 = 128) -> Data {
        var header = bigEndian(UInt32(side)) + bigEndian(UInt32(side))
        header += [8, 0, 0, 0, 0]
        let row = [UInt8](repeating: 0, count: 1) + [UInt8](repeating: grey, count: side)
        let rows = (0..<side).flatMap { _ in row }
        let count = UInt16(rows.count)
        // zlib: header, one stored block with its length twice, checksum.
        var body: [UInt8] = [0x78, 0x01, 0x01]
        for number in [count, ~count] { body += [UInt8(number & 0xFF), UInt8(number >> 8)] }
        body += rows + bigEndian(adler32(rows))
        return Data(
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
                + chunk("IDAT", body) + chunk("IEND", []))
    }

    private static func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + bytes
        return bigEndian(UInt32(bytes.count)) + named + bigEndian(crc32(named))
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return high << 16 | low
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
                sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0)
            }
        }
    }
}
