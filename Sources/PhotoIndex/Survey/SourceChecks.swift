package import FileLedger
package import SystemPackage

/// Whether what a command was given can be read as photos or as portraits.
package enum SourceChecks {
    /// - Parameter given: folders or single files, as the user wrote them.
    package static func photos(_ given: [FilePath], disk: Disk) throws {
        for path in given {
            guard let status = try disk.statusIfPresent(of: path.absolute) else {
                throw SourceError.photosMissing(path)
            }
            guard status.kind == .folder || status.kind == .file else {
                throw SourceError.photosUnfit(path)
            }
        }
    }

    /// - Parameter given: an album, or a folder of renamed photos; as the user wrote it.
    package static func album(_ given: FilePath, disk: Disk) throws {
        let condition = try AlbumFolder(given.absolute).condition(disk: disk)
        switch condition {
        case .album, .photos: return
        case .missing, .notAFolder, .empty, .foreign: throw SourceError.album(given, condition)
        }
    }

    /// - Parameter given: the folder of portraits, as the user wrote it.
    /// - Returns: what it holds.
    package static func people(_ given: FilePath, disk: Disk) throws -> PeopleFolder {
        let people = given.absolute
        guard let status = try disk.statusIfPresent(of: people) else {
            throw SourceError.peopleMissing(given)
        }
        guard status.kind == .folder else {
            throw SourceError.peopleNotAFolder(given)
        }
        let folder = try PeopleFolder(at: people, disk: disk)
        for (name, _) in folder.portraits {
            do {
                _ = try FolderName.named(name)
            } catch {
                throw SourceError.personName(error, folder: given)
            }
        }
        return folder
    }
}
