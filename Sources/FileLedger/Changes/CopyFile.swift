package import FaceCore
package import SystemPackage

extension Act {
    /// Puts the content of the user's file at the absolute path `source` at `to`.
    package static func copy(
        source: FilePath, to: FilePath, hash: ContentHash, byteCount: Int64, link: LinkKind
    ) -> Act {
        Act(CopyFile(source: source, to: to, hash: hash, byteCount: byteCount, link: link))
    }
}

struct CopyFile: AddingChange {
    static let name = "copy"

    let source: FilePath
    let to: FilePath
    let hash: ContentHash
    let byteCount: Int64
    let link: LinkKind

    var origin: FilePath? { source }

    var isWithinAlbum: Bool {
        source.isAbsolute && to.isAlbumPath && Act.byteCounts.contains(byteCount)
    }

    func stage(_ temporary: FilePath, _ writer: AlbumWriter) throws(CopyFailure) -> String? {
        try writer.files.make(temporary, from: source, hash: hash, byteCount: byteCount, link: link)
    }

    func isPlaced(_ settlement: JournalSettlement) throws(FileError) -> Bool {
        let place = settlement.files.absolute(to)
        let status = try settlement.disk.statusIfPresent(of: place, followingLinks: false)
        return status?.kind == .symbolicLink
            ? try settlement.disk.linkTarget(of: place) == source
            : try settlement.holds(to, hash)
    }

    /// A copy is removed only when its photo exists elsewhere with equal bytes.
    func undo(_ entry: Entry, _ undoing: inout Undoing) throws(FileError) -> Undoing.Result {
        if let result = try undoing.reasonNotToRemove(to) { return result }
        let files = undoing.files
        let place = files.absolute(to)
        if try undoing.disk.status(of: place, followingLinks: false).kind == .symbolicLink {
            guard try undoing.disk.linkTarget(of: place) == source else {
                return .left(KeptReason.changed)
            }
        } else {
            switch files.verdict(to, hash: hash) {
            case .matches(let own, let leadsTo):
                let reasons = ([source] + undoing.otherOriginals(hash)).map {
                    files.reasonToKeep(own, leadsTo: leadsTo, original: $0, hash: hash)
                }
                // The reason about the path that the run itself copied from says most.
                if let reason = reasons.contains(nil) ? nil : reasons[0] { return .left(reason) }
            case .missing: return .reverted(nil)
            case .changed, .danglingLink: return .left(KeptReason.changed)
            case .unreadable(let error): return .left(KeptReason.unreadable(error))
            }
        }
        return try undoing.remove(to)
    }
}
