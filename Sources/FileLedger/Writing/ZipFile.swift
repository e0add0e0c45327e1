internal import CLibZip
internal import Foundation
package import SystemPackage

/// A new ZIP file. It is made under a hidden name beside its place and moved there when complete;
/// nothing is overwritten.
package final class ZipFile {
    private let path: FilePath
    private let partial: FilePath
    private let disk: Disk
    private var archive: OpaquePointer?

    /// - Parameter path: absolute; its folder must exist, and nothing may lie at the path itself.
    package init(at path: FilePath, disk: Disk) throws {
        self.path = path
        self.disk = disk
        let start = "\(AlbumFolder.temporaryPrefix)zip-\(path.lastComponent?.string ?? "")"
        partial = path.folder.appending(start)
        // Files left by a killed run: libzip adds letters to the name while it writes.
        for entry in try disk.entries(of: path.folder) where entry.name.string.hasPrefix(start) {
            _ = try disk.removeIfPresent(path.folder.appending(entry.name))
        }
        var code: Int32 = 0
        archive = partial.withPlatformString { zip_open($0, ZIP_CREATE | ZIP_EXCL, &code) }
        guard archive != nil else {
            var error = zip_error_t()
            zip_error_init_with_code(&error, code)
            defer { zip_error_fini(&error) }
            throw failure(&error)
        }
    }

    deinit {
        if let archive { zip_discard(archive) }
    }

    /// Adds a file, which is read when the ZIP file is written.
    ///
    /// Photos are compressed already: they are stored as they are.
    ///
    /// - Parameters:
    ///   - name: relative, not yet used.
    ///   - modified: in nanoseconds since 1970.
    package func add(_ file: FilePath, as name: FilePath, modified: Int64) throws {
        guard let archive else { preconditionFailure("the ZIP file is finished") }
        // A length of 0 means all of it.
        guard let source = file.withPlatformString({ zip_source_file(archive, $0, 0, 0) })
        else { throw failure(zip_get_error(archive)) }
        let isText = String(validating: name.bytes, as: UTF8.self) != nil
        let index = name.withPlatformString {
            zip_file_add(archive, $0, source, isText ? UInt32(ZIP_FL_ENC_UTF_8) : 0)
        }
        guard index >= 0 else {
            zip_source_free(source)
            throw failure(zip_get_error(archive))
        }
        let entry = UInt64(index)
        guard zip_set_file_compression(archive, entry, ZIP_CM_STORE, 0) == 0,
            zip_file_set_mtime(archive, entry, Self.time(modified), 0) == 0
        else { throw failure(zip_get_error(archive)) }
    }

    /// The nearest time that a ZIP file can store: 1980 to 2107, in local time.
    private static func time(_ modified: Int64) -> time_t {
        func start(ofYear year: Int32) -> time_t {
            var clock = tm()
            (clock.tm_year, clock.tm_mday, clock.tm_isdst) = (year - 1900, 1, -1)
            return mktime(&clock)
        }
        return max(
            start(ofYear: 1980), min(start(ofYear: 2108) - 2, time_t(modified / 1_000_000_000)))
    }

    /// Writes all files and moves the ZIP file to its place, durable when this returns.
    ///
    /// - Parameters:
    ///   - progress: how much is written, 0...1.
    ///   - isCancelled: called now and then; after a cancellation nothing of the ZIP file is left.
    /// - Returns: `false` when it was cancelled.
    package func finish(
        progress: @escaping (Double) -> Void, isCancelled: @escaping () -> Bool
    ) throws -> Bool {
        guard let open = archive else { preconditionFailure("the ZIP file is finished") }
        let watch = Watch(progress: progress, isCancelled: isCancelled)
        let state = Unmanaged.passUnretained(watch).toOpaque()
        zip_register_progress_callback_with_state(
            open, Self.precision, { _, done, state in Watch.of(state)?.progress(done) }, nil, state)
        zip_register_cancel_callback_with_state(
            open, { _, state in Watch.of(state)?.isCancelled() == true ? 1 : 0 }, nil, state)
        let isClosed = withExtendedLifetime(watch) { zip_close(open) == 0 }
        guard isClosed else {
            let error = failure(zip_get_error(open))
            let isCancelled = zip_error_code_zip(zip_get_error(open)) == ZIP_ER_CANCELLED
            archive = nil
            zip_discard(open)
            if isCancelled { return false }
            throw error
        }
        archive = nil
        do {
            try disk.synchronise(partial)
            try moveIntoPlace()
            try disk.synchroniseFolder(path.folder)
        } catch {
            _ = try? disk.removeIfPresent(partial)
            throw error
        }
        return true
    }

    private func moveIntoPlace() throws(FileError) {
        do throws(FileError) {
            try disk.rename(partial, to: path, method: .noReplace)
        } catch  where [EINVAL, ENOSYS, ENOTSUP].contains(error.errno) {
            // FAT and some networks cannot refuse to overwrite by themselves.
            try disk.rename(partial, to: path, method: .placeholder)
        }
    }

    /// How much more must be written before the next progress report.
    private static let precision = 0.002

    /// The values that libzip's callbacks use.
    private final class Watch {
        let progress: (Double) -> Void
        let isCancelled: () -> Bool

        init(progress: @escaping (Double) -> Void, isCancelled: @escaping () -> Bool) {
            self.progress = progress
            self.isCancelled = isCancelled
        }

        static func of(_ state: UnsafeMutableRawPointer?) -> Watch? {
            state.map { Unmanaged<Watch>.fromOpaque($0).takeUnretainedValue() }
        }
    }

    private func failure(_ error: UnsafeMutablePointer<zip_error_t>) -> any Error {
        let system = zip_error_code_system(error)
        if zip_error_system_type(error) == ZIP_ET_SYS, system != 0 {
            return FileError(operation: .write, path: path, errno: system)
        }
        return ZipError(path: path, reason: String(cString: zip_error_strerror(error)))
    }
}

/// A ZIP file that could not be made for a reason other than the system's.
package struct ZipError: Error, Sendable {
    package let path: FilePath
    /// In libzip's words: "Zip archive inconsistent".
    package let reason: String
}
