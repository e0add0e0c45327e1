import FaceCore
import Foundation
import GRDB

/// A row that no version of the program can have written.
struct CorruptRow: Error {
    let sentence: String
}

extension CatalogueError {
    /// `error` in the catalogue's terms, whatever threw it.
    init(_ error: any Error) {
        switch error {
        case let error as CatalogueError: self = error
        case let error as CorruptRow: self.init(code: .damaged, reason: error.sentence)
        case let error as DatabaseError: self.init(error)
        case is RowDecodingError:
            self.init(code: .damaged, reason: "The catalogue holds a value that makes no sense.")
        default: self.init(code: .failed, reason: "The catalogue could not be used: \(error).")
        }
    }

    private init(_ error: DatabaseError) {
        let told = error.message ?? "no reason given"
        switch error.resultCode {
        // The statements are right: an error means that a table or column is missing.
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_MISMATCH:
            self.init(code: .damaged, reason: "The catalogue is damaged: \(told).")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(code: .busy, reason: "Another program is writing to the catalogue.")
        case .SQLITE_FULL:
            self.init(code: .diskFull, reason: "The disk is full.")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(code: .readOnly, reason: "The catalogue cannot be written to: \(told).")
        case .SQLITE_CONSTRAINT:
            self.init(code: .conflict, reason: "The catalogue refuses a change: \(told).")
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
            // The index of a write-ahead log takes its room at once: the disk is full.
            self.init(code: .diskFull, reason: "The disk is full.")
        default:
            self.init(
                code: .failed,
                reason:
                    "The catalogue could not be used: \(told) (SQLite \(error.extendedResultCode.rawValue))."
            )
        }
    }

    /// The C library's error when creating a file.
    init(errno: Int32, making name: String) {
        let code: Code =
            switch errno {
            case ENOSPC, EDQUOT: .diskFull
            case EROFS, EACCES, EPERM: .readOnly
            case ENOENT, ENOTDIR: .missing
            default: .failed
            }
        self.init(
            code: code, reason: "'\(name)' cannot be written: \(String(cString: strerror(errno))).")
    }
}
