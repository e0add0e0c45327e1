// Sorts PHOTOS into ALBUM by the portraits in PEOPLE, and prints who is in how many photos.
import AlbumKit
import FaceCore
import Foundation
import PhotoIndex
import SystemPackage

let folders = CommandLine.arguments.dropFirst().map { FilePath($0) }
guard folders.count == 3 else {
    print("usage: sort-event PHOTOS PEOPLE ALBUM")
    exit(64)
}
let request = SortRequest(photos: [folders[0]], people: folders[1], album: folders[2])
let summary = try await Sorter(
    request, environment: RunEnvironment(ProcessInfo.processInfo.environment)
)
.run(interruption: Interruption()) { _ in }
for person in summary.people {
    print("\(person.name): \(person.photoCount)")
}
print("group: \(summary.groupCount)")
