// Short names for the C library's functions, because methods of the same names hide them inside
// `Disk` and similar types. A path is looked up at its spot, so that none leads through a link in
// our state.

internal import CFileSystem

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The cause of the last failure on this thread.
var systemErrno: Int32 { errno }
func systemClose(_ descriptor: Int32) { _ = close(descriptor) }
func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
}
package func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
func systemTruncate(_ descriptor: Int32, _ length: Int64) -> Int32 {
    ftruncate(descriptor, off_t(length))
}
func systemSeekToStart(_ descriptor: Int32) -> Int { Int(lseek(descriptor, 0, SEEK_SET)) }
func systemSeekToEnd(_ descriptor: Int32, _ distance: Int64) -> Int {
    Int(lseek(descriptor, off_t(-distance), SEEK_END))
}
func systemRename(_ from: cfile_spot_t, _ to: cfile_spot_t) -> Int32 {
    renameat(from.folder, from.name, to.folder, to.name)
}
func systemUnlink(_ spot: cfile_spot_t) -> Int32 { unlinkat(spot.folder, spot.name, 0) }
func systemLink(_ from: cfile_spot_t, _ to: cfile_spot_t, followingLinks: Bool) -> Int32 {
    linkat(
        from.folder, from.name, to.folder, to.name, followingLinks ? Int32(AT_SYMLINK_FOLLOW) : 0)
}
func systemSymbolicLink(_ target: UnsafePointer<CChar>, _ spot: cfile_spot_t) -> Int32 {
    symlinkat(target, spot.folder, spot.name)
}
func systemMakeFolder(_ spot: cfile_spot_t, _ mode: UInt16) -> Int32 {
    mkdirat(spot.folder, spot.name, mode_t(mode))
}
func systemRemoveFolder(_ spot: cfile_spot_t) -> Int32 {
    unlinkat(spot.folder, spot.name, Int32(AT_REMOVEDIR))
}
func systemSetMode(_ descriptor: Int32, _ mode: UInt16) -> Int32 {
    fchmod(descriptor, mode_t(mode))
}
func systemLock(_ descriptor: Int32) -> Int32 { flock(descriptor, LOCK_EX | LOCK_NB) }
func systemUnlock(_ descriptor: Int32) -> Int32 { flock(descriptor, LOCK_UN) }
func systemProcessID() -> Int32 { getpid() }
func systemUser() -> UInt32 { geteuid() }
func systemLinkTarget(
    _ spot: cfile_spot_t, _ buffer: UnsafeMutableBufferPointer<CChar>
) -> Int {
    readlinkat(spot.folder, spot.name, buffer.baseAddress!, buffer.count)  // Never empty: PATH_MAX.
}
