package import AlbumCatalogue
package import FaceCore
package import SystemPackage

/// Which folder of the album stands for which place.
package struct PlaceFolders {
    private let folderOfPerson: [PersonID: String]
    private let personOfFolder: [String: PersonID]

    package init(people: [Person]) {
        folderOfPerson = Dictionary(uniqueKeysWithValues: people.map { ($0.id, $0.folder) })
        personOfFolder = Dictionary(
            people.map { ($0.folder, $0.id) }, uniquingKeysWith: { first, _ in first })
    }

    /// The folder's path in the album; a place of a person must be one of the people's.
    package func path(of place: Place) -> FilePath? {
        switch place {
        case .person(let id): folderOfPerson[id].map { FilePath($0) }
        case .group: FilePath(Place.groupFolder)
        case .unknown: FilePath(Place.unknownFolder)
        case .cluster(let number): FilePath(Place.unknownFolder).appending(number.name)
        case .unreadable: FilePath(Place.unreadableFolder)
        case .copies: FilePath(Place.copiesFolder)
        }
    }

    package func place(of path: FilePath) -> Place? {
        switch path.components.first?.string {
        case nil: nil
        case Place.groupFolder: .group
        case Place.unknownFolder: Self.placeOfStrangers(path)
        case Place.unreadableFolder: .unreadable
        case Place.copiesFolder: .copies
        case let folder?: personOfFolder[folder].map(Place.person)
        }
    }

    /// `unknown`, or the cluster in whose folder a file lies; `nil` for a file elsewhere.
    package static func placeOfStrangers(_ path: FilePath) -> Place? {
        let components = Array(path.components.map(\.string))
        guard components.first == Place.unknownFolder else { return nil }
        guard components.count > 2, let number = ClusterNumber(name: components[1]) else {
            return .unknown
        }
        return .cluster(number)
    }
}
