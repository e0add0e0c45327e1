/// The arguments as raw bytes.
///
/// ArgumentParser works with `String`, which loses bytes that are not UTF-8. So such a byte passes
/// through it as a private-use scalar and becomes a byte again in ``PathArgument``.
enum RawArguments {
    /// The program's arguments, without its own name, every byte kept.
    static func escaped() -> [String] {
        // The pointers come from the system and are valid as long as the program runs.
        (1..<Int(max(1, CommandLine.argc))).compactMap { index in
            CommandLine.unsafeArgv[index].map { escaped(bytes(of: $0)) }
        }
    }

    /// The arguments without `--dry-run`, quoted for a shell, as the command to type next.
    static var again: String {
        shown(
            escaped().filter { $0 != "--dry-run" }.map(shellArgument).joined(separator: " "))
    }

    /// `bytes` as text in which each byte that is not UTF-8 is one scalar.
    static func escaped(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self),
            !text.unicodeScalars.contains(where: isStandIn)
        {
            return text
        }
        var text = String.UnicodeScalarView()
        var index = 0
        while index < bytes.count {
            if let scalar = scalar(at: index, of: bytes), !isStandIn(scalar) {
                text.append(scalar)
                index += UTF8.width(scalar)
            } else {
                text.append(standIn(for: bytes[index]))
                index += 1
            }
        }
        return String(text)
    }

    /// The bytes that ``escaped(_:)`` was given.
    static func bytes(of argument: String) -> [UInt8] {
        argument.unicodeScalars.flatMap { scalar in
            isStandIn(scalar)
                ? [UInt8(scalar.value - firstStandIn)] : Array(String(scalar).utf8)
        }
    }

    /// `text` for a message, with replacement signs for the stand-ins.
    static func shown(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { isStandIn($0) ? "\u{FFFD}" : $0 }))
    }

    /// Near the end of the last private-use plane, which no font and no name uses.
    private static let firstStandIn: UInt32 = 0x10_FE00

    private static func standIn(for byte: UInt8) -> Unicode.Scalar {
        Unicode.Scalar(firstStandIn + UInt32(byte))!  // 0x10FE00...0x10FEFF are all scalars.
    }

    private static func isStandIn(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= firstStandIn && scalar.value <= firstStandIn + 0xFF
    }

    private static func scalar(at index: Int, of bytes: [UInt8]) -> Unicode.Scalar? {
        for length in 1...4 where index + length <= bytes.count {
            let part = bytes[index..<index + length]
            if let text = String(validating: part, as: UTF8.self) {
                return text.unicodeScalars.first
            }
        }
        return nil
    }

    private static func bytes(of argument: UnsafeMutablePointer<CChar>) -> [UInt8] {
        var bytes: [UInt8] = []
        var next = argument
        while next.pointee != 0 {
            bytes.append(UInt8(bitPattern: next.pointee))
            next += 1
        }
        return bytes
    }
}
