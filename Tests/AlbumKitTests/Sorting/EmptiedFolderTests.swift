import FaceCore
@testable import PhotoIndex
@testable import FileLedger
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// A run that takes the last file out of a folder removes the folder; if it is killed in between,
/// the next run does.
@Suite struct EmptiedFolderTests {
    private func folders(_ party: Party) throws -> [String] {
        try Disk().entries(of: party.album).filter { $0.kind == .folder }.map(\.name.string)
            .filter { $0 != ".facesort" }
    }

    /// Renaming Anna moves her folder's files, and Ben goes.
    private func prepared() async throws -> Party {
        let party = try await Party.small()
        try await party.sort()
        try party.rename("people/Anna.jpg", to: "people/Zoe.jpg")
        try party.remove("people/Ben.jpg")
        return party
    }

    private static let sorted = ["Zoe", "group", "unknown"]

    @Test("After a kill before the folders go, the next run removes them; the user's stay")
    func killed() async throws {
        let party = try await prepared()
        try Disk().makeFolder(party.album.appending("mine"))
        try Disk().makeFolder(party.album.appending("Ben").appending("inner"))
        let dead = Locked(false)
        let dying = Disk { operation, path throws(FileError) in
            let isDead = dead.with { dead in
                dead = dead || operation == .removeFolder && path.string.hasSuffix("/Anna")
                return dead
            }
            if isDead { throw FileError(operation: operation, path: path, errno: 5) }
        }
        await #expect(throws: AlbumError.self) { try await party.sort(disk: dying) }
        #expect(try folders(party) == ["Anna", "Ben", "Zoe", "group", "mine", "unknown"])
        try await party.sortAgain()
        // It contains a file of the user.
        #expect(try folders(party) == ["Ben", "Zoe", "group", "mine", "unknown"])
        #expect(try party.has("album/Ben/inner"))
    }

    @Test("The next command that opens the album removes them, and undo makes them again")
    func undone() async throws {
        let party = try await prepared()
        let dead = Locked(false)
        let dying = Disk { operation, path throws(FileError) in
            let isDead = dead.with { dead in
                dead = dead || operation == .removeFolder && !path.string.contains("/probe")
                return dead
            }
            if isDead { throw FileError(operation: operation, path: path, errno: 5) }
        }
        await #expect(throws: AlbumError.self) { try await party.sort(disk: dying) }
        try party.undo()
        #expect(try folders(party) == ["Anna", "Ben", "group", "unknown"])
        #expect(try party.listing() == Party.smallAlbum)
    }

    @Test("A run that is stopped after its last file removes them itself")
    func interrupted() async throws {
        let party = try await prepared()
        let interruption = Interruption()
        await #expect(throws: AlbumError.self) {
            try await party.run(party.request, interruption: interruption) { event in
                if case .writing(let done, let total) = event, done == total {
                    interruption.request()
                }
            }
        }
        #expect(try folders(party) == Self.sorted)
    }
}
