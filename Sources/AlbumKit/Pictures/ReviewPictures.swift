internal import FileLedger
internal import FaceCore
internal import Foundation
internal import PhotoImaging
internal import SystemPackage

/// The pictures of the pages: made once, kept in the album's `cache`.
///
/// A picture is made only of bytes that are still the photo's, by content: whatever else lies at
/// the original's path now is not shown.
final class ReviewPictures: Sendable {
    /// Pictures are made in these sizes only, so that nobody can fill the disk with others.
    static let faceSides = [160, 320]
    private static let photoSides = [320, 1280, 2560]
    /// A face is shown with its hair and chin: the box of the detector reaches from the brows to
    /// below the mouth.
    private static let surroundings = 1.7
    /// Thumbnails of 20,000 faces take 300 MB.
    private static let mostBytes: Int64 = 600_000_000
    static let quality = 85

    private let folder: FilePath
    let disk: Disk
    /// A 12-megapixel photo takes 36 MB while it is cut.
    private let places: DispatchSemaphore

    init(_ album: AlbumFolder, disk: Disk) {
        folder = album.cache
        self.disk = disk
        places = DispatchSemaphore(value: max(2, ProcessInfo.processInfo.activeProcessorCount))
        evict()
    }

    /// - Parameter paths: where its bytes may be; absolute.
    func photo(
        _ id: ReviewToken, _ photo: ContentHash, at paths: [FilePath], side: Int
    ) -> [UInt8]? {
        let side = Self.nearest(side, Self.photoSides)
        return cached("photo-\(id.rawValue)-\(side)") {
            disk.photo(photo, atOneOf: paths) {
                try $0.pixels(maximumSide: side).jpegData(quality: Self.quality)
            }
        }
    }

    static func nearest(_ side: Int, _ sides: [Int]) -> Int {
        sides.first { $0 >= side } ?? sides[sides.count - 1]
    }

    /// A square around a face, decoded no larger than it has to be.
    static func cut(
        _ box: FaceBox, from source: PhotoSource, side: Int
    ) throws -> [UInt8] {
        let (width, height) = (Double(source.uprightWidth), Double(source.uprightHeight))
        let face = max(box.width * width, box.height * height)
        let wanted = min(max(8, face * surroundings), width, height)
        let scale = min(1, Double(side) / wanted)
        let longest = Int((max(width, height) * scale).rounded(.up))
        let picture = try source.pixels(maximumSide: max(1, longest))
        let (ownWidth, ownHeight) = (Double(picture.width), Double(picture.height))
        let length = max(1, min(wanted * ownWidth / width, ownWidth, ownHeight)).rounded(.down)
        func start(_ middle: Double, _ own: Double) -> Int {
            Int(max(0, min(own - length, middle * own - length / 2)))
        }
        return try picture.cropped(
            left: start(box.left + box.width / 2, ownWidth),
            top: start(box.top + box.height / 2, ownHeight), width: Int(length),
            height: Int(length)
        ).jpegData(quality: quality)
    }

    // MARK: The cache

    func cached(_ name: String, _ make: () -> [UInt8]?) -> [UInt8]? {
        let path = folder.appending(name + ".jpg")
        if let known = try? disk.contents(of: path, limit: 10_000_000) { return known }
        places.wait()
        defer { places.signal() }
        guard let picture = make() else { return nil }
        // A full or read-only disk costs only time.
        keep(picture, at: path)
        return picture
    }

    private func keep(_ picture: [UInt8], at path: FilePath) {
        let temporary = folder.appending(AlbumFolder.temporaryPrefix + UUID().uuidString)
        do {
            try disk.makeFolders(folder)
            try disk.create(temporary, contents: picture)
            guard rename(temporary.string, path.string) == 0 else {
                _ = try disk.removeIfPresent(temporary)
                return
            }
        } catch {
            _ = try? disk.removeIfPresent(temporary)
        }
    }

    /// Removes the oldest pictures when there are too many.
    private func evict() {
        guard let entries = try? disk.entries(of: folder) else { return }
        var files = entries.compactMap { entry -> (path: FilePath, status: FileStatus)? in
            let path = folder.appending(entry.name)
            return (try? disk.status(of: path)).map { (path, $0) }
        }.filter { $0.status.kind == .file }
        var sum = files.reduce(0) { $0 + $1.status.byteCount }
        files.sort { $0.status.modified < $1.status.modified }
        for file in files where sum > Self.mostBytes || file.path.isTemporary {
            _ = try? disk.removeIfPresent(file.path)
            sum -= file.status.byteCount
        }
    }
}

extension FilePath {
    fileprivate var isTemporary: Bool {
        lastComponent?.string.hasPrefix(AlbumFolder.temporaryPrefix) == true
    }
}
