internal import FileLedger
internal import PhotoImaging

extension PhotoImaging.FileKind {
    /// What a file is called that is not sorted; `nil` for a photo.
    var skippedName: String? {
        switch self {
        case .photo: nil
        case .video: "video"
        case .raw: "RAW"
        case .otherPicture(let name): name
        case .unrecognised: "other file"
        }
    }
}

extension TimeTaken {
    /// As the camera's clock showed it: `2024-05-01T12:33:10.25`.
    package var text: String { subseconds.isEmpty ? wallClock : "\(wallClock).\(subseconds)" }
}
