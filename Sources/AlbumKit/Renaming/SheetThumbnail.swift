internal import FileLedger

extension RenameSummary.Picture {
    private static let quality = 80

    /// The photo as a small JPEG, upright.
    ///
    /// - Parameter side: its longer side, in pixels.
    /// - Returns: `nil` when the file is no longer the photo, or cannot be read.
    public func thumbnail(side: Int) -> [UInt8]? {
        Disk().photo(content, atOneOf: [path]) {
            try $0.pixels(maximumSide: side).jpegData(quality: Self.quality)
        }
    }
}
