internal import FaceCore
package import SystemPackage

extension Act {
    /// Writes `bytes`, which facesort made, to `to`: a page, a text beside a photo.
    package static func write(_ bytes: [UInt8], to: FilePath) -> Act {
        Act(WriteFile(bytes, to: to))
    }
}

/// The journal keeps the hash of the bytes only: what a kill left unwritten is made again by the run
/// that carries on.
struct WriteFile: AddingChange {
    static let name = "write"

    let to: FilePath
    let hash: ContentHash
    let byteCount: Int64
    /// `nil` once it was read back from a journal.
    private var bytes: [UInt8]?

    private enum CodingKeys: String, CodingKey {
        case to, hash, byteCount
    }

    init(_ bytes: [UInt8], to: FilePath) {
        self.to = to
        hash = ContentHasher.hash(bytes)
        byteCount = Int64(bytes.count)
        self.bytes = bytes
    }

    // Equal whether or not the bytes are at hand.

    static func == (one: WriteFile, other: WriteFile) -> Bool {
        one.to == other.to && one.hash == other.hash
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(to)
        hasher.combine(hash)
    }

    var isWithinAlbum: Bool { to.isAlbumPath && Act.byteCounts.contains(byteCount) }

    func stage(_ temporary: FilePath, _ writer: AlbumWriter) throws(CopyFailure) -> String? {
        guard let bytes else { preconditionFailure("bytes of a journal are not kept") }
        do throws(FileError) {
            try writer.disk.removeIfPresent(temporary)
            try writer.disk.create(temporary, contents: bytes)
        } catch {
            do throws(FileError) {
                try writer.disk.removeIfPresent(temporary)
            } catch let clearing {
                throw .disk(clearing)
            }
            if error.isNameRefused || error.isTooLarge { throw .failed(.refused(error)) }
            throw .disk(error)
        }
        return nil
    }

    /// What facesort made goes when nobody has changed it; it can be made again.
    func undo(_ entry: Entry, _ undoing: inout Undoing) throws(FileError) -> Undoing.Result {
        if let result = try undoing.reasonNotToRemove(to) { return result }
        switch undoing.files.verdict(to, hash: hash) {
        case .matches: return try undoing.remove(to)
        case .missing: return .reverted(nil)
        case .changed, .danglingLink: return .left(KeptReason.changed)
        case .unreadable(let error): return .left(KeptReason.unreadable(error))
        }
    }
}
