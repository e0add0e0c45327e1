import AlbumKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The one table of what facesort's exit status means.
enum ExitStatus: Int32, CaseIterable, Error {
    case done = 0
    case failed = 1
    case somePhotosFailed = 3
    case inUse = 11
    case models = 12
    case usage = 64
    case interrupted = 130

    /// In a few words, as help lists it.
    var meaning: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        case .somePhotosFailed: "done, but some photos failed"
        case .inUse: "album in use by another run"
        case .models: "models missing or not the album's"
        case .usage: "wrong usage"
        case .interrupted: "interrupted"
        }
    }

    init(_ error: AlbumError) {
        switch error.code {
        case .inUse: self = .inUse
        case .modelMissing, .modelDamaged, .otherSpace: self = .models
        case .setting: self = .usage
        case .interrupted: self = .interrupted
        default: self = .failed
        }
    }

    /// Ends the program with this status.
    ///
    /// It skips what libraries do at the end: OpenBLAS waits there for its threads, and one of them
    /// waits for ever when memory is refused. All that matters is written by now.
    func exit() -> Never {
        fflush(nil)
        _exit(rawValue)
    }
}
