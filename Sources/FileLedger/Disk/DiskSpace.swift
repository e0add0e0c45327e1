internal import FaceCore

/// Whether files fit on a disk.
package enum DiskSpace {
    /// Bytes that stay free besides the files: for the catalogue, the journal and other programs.
    package static let reserve: Int64 = 16_000_000

    /// Why files of so many bytes do not fit; the text follows the name of what is written. `nil`
    /// when they fit, or nothing is written.
    ///
    /// - Parameters:
    ///   - needed: how many bytes the files have.
    ///   - free: how many bytes an ordinary user may still write.
    ///   - reserve: how many bytes must stay free.
    package static func shortage(
        of needed: Int64, free: Int64, reserve: Int64 = reserve
    ) -> String? {
        guard needed > 0, needed > free - reserve else { return nil }
        let spare = reserve > 0 ? " and \(byteSize(reserve)) to spare" : ""
        return "needs \(byteSize(needed))\(spare), and its disk has "
            + "\(byteSize(free)) left: \(byteSize(needed + reserve - free)) too few"
    }
}
