/// A number of bytes as people read it: `4.8 MB`.
package enum ByteText {
    package static func rounded(_ byteCount: Int64) -> String {
        let units: [(Double, String)] = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
        for (size, unit) in units where Double(byteCount) >= size {
            let tenths = Int((Double(byteCount) / size * 10).rounded())
            return tenths >= 100
                ? "\((tenths + 5) / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
        }
        return "\(byteCount) bytes"
    }
}
