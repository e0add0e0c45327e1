internal import SystemPackage

/// Whether what a command was given can be read as photos or as portraits.
enum SourceChecks {
    /// - Parameter given: folders or single files, as the user wrote them.
    static func photos(_ given: [FilePath], disk: Disk) throws {
        for path in given {
            guard let status = try disk.statusIfPresent(of: path.absolute) else {
                throw AlbumError(
                    .notFound, path.string, "does not exist",
                    remedy: "Nothing was done. Check the name of the photos' folder.")
            }
            guard status.kind == .folder || status.kind == .file else {
                throw AlbumError(
                    .notAFolder, path.string, "is neither a folder nor a photo",
                    remedy: "Nothing was done. Name a folder with photos, or single photos.")
            }
        }
    }

    /// - Parameter given: the folder of portraits, as the user wrote it.
    /// - Returns: what it holds.
    static func people(_ given: FilePath, disk: Disk) throws -> PeopleFolder {
        let people = given.absolute
        guard let status = try disk.statusIfPresent(of: people) else {
            throw AlbumError(
                .notFound, given.string, "does not exist",
                remedy: "Nothing was done. Check the name after --people.")
        }
        guard status.kind == .folder else {
            throw AlbumError(
                .notAFolder, given.string, "is a file, not a folder",
                remedy: "Nothing was done. --people takes a folder with a portrait per person: "
                    + "'Anna.jpg', or 'Anna/1.jpg', 'Anna/2.jpg'.")
        }
        let folder = try PeopleFolder(at: people, disk: disk)
        for (name, _) in folder.portraits {
            do {
                _ = try FolderName.named(name)
            } catch {
                throw AlbumError(
                    .personName, name, "cannot be a person's name: \(error.reason)",
                    remedy: "Nothing was done. Rename the portrait or its folder in "
                        + "'\(given.string)'.", underlying: error)
            }
        }
        return folder
    }
}
