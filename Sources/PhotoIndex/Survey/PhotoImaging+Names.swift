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
