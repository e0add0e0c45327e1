/// Whether files fit on a disk.
enum DiskSpace {
    /// Bytes that stay free beside them: for the catalogue, the journal and what other programs
    /// write meanwhile.
    static let reserve: Int64 = 16_000_000

    /// Why files of so many bytes do not fit, to be read after the name of what is written; `nil`
    /// when they do, or nothing is written.
    ///
    /// - Parameters:
    ///   - free: what an ordinary user may still write, in bytes.
    ///   - reserve: what has to stay free.
    static func shortage(
        of needed: Int64, free: Int64, reserve: Int64 = reserve
    ) -> String? {
        guard needed > 0, needed > free - reserve else { return nil }
        let spare = reserve > 0 ? " and \(ByteText.rounded(reserve)) to spare" : ""
        return "needs \(ByteText.rounded(needed))\(spare), and its disk has "
            + "\(ByteText.rounded(free)) left: \(ByteText.rounded(needed + reserve - free)) too few"
    }
}
